"""A question's options as buttons under a message, and back. Pure.

One option a row. A checklist's options carry a box that a press ticks; "Done" sends what is ticked. All of it can be
read back from the message the buttons hang on, so a restart in the middle of a checklist loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rasa_project.channels.telegram.words import Words

BOX, TICKED_BOX = "☐ ", "☑ "
LONGEST_LABEL = 36  # characters that a phone shows on a full-width button
LONGEST_DATA = 64  # bytes that Telegram allows a button to send
DONE = "#done"
_NUMBERED = re.compile(r"^(\d+)\. ")


@dataclass(frozen=True)
class Choice:
    """One button: `box` where pressing it ticks, `data` what Telegram sends back."""

    label: str
    payload: str
    data: str
    box: bool = False


@dataclass(frozen=True)
class Board:
    """The buttons of one question. `numbered`: the labels are too long for buttons and stand in the text."""

    choices: tuple[Choice, ...]
    numbered: bool = False
    ticked: frozenset[int] = frozenset()

    @property
    def is_checklist(self) -> bool:
        """Whether there is anything to tick."""
        return any(choice.box for choice in self.choices)

    def find(self, data: str) -> int | None:
        """The choice that sends this data."""
        return next((number for number, choice in enumerate(self.choices) if choice.data == data), None)

    def toggled(self, number: int) -> Board:
        """The same board with one tick set or taken away."""
        return replace(self, ticked=self.ticked ^ {number})

    def ticked_labels(self) -> list[str]:
        """The labels ticked, in the order shown."""
        return [self.choices[number].label for number in sorted(self.ticked)]

    def ticked_payloads(self) -> list[str]:
        """The payloads ticked, in the order shown."""
        return [self.choices[number].payload for number in sorted(self.ticked)]

    def keeping_ticks_of(self, earlier: Board | None) -> Board:
        """The same checklist asked again keeps the ticks that were not sent yet."""
        same = earlier is not None and [c.label for c in earlier.choices] == [c.label for c in self.choices]
        return replace(self, ticked=earlier.ticked) if earlier is not None and same and self.is_checklist else self


def board_of(item: Mapping[str, Any], words: Words) -> Board | None:
    """The board for an item the assistant says (text, buttons, custom), or None where it has no options."""
    custom = item.get("custom") or {}
    options = _options(custom.get("options")) or _options(item.get("buttons") or item.get("quick_replies"))
    if not options:
        return None
    checklist = custom.get("kind") == "checklist"
    entries = [(label, payload, checklist and bool(finding)) for label, payload, finding in options]
    if checklist and all(box for _, _, box in entries):
        entries.append((words.none_of_these, words.none_of_these, False))
    choices = tuple(
        Choice(label, payload, payload if _fits(payload) else f"#{number}", box)
        for number, (label, payload, box) in enumerate(entries)
    )
    return Board(choices, numbered=any(len(label) > LONGEST_LABEL for label, _, _ in entries))


def listed(board: Board) -> str:
    """The options in full, a line each, for the message's text."""
    return "\n".join(f"{number}. {choice.label}" for number, choice in enumerate(board.choices, 1))


def rows(board: Board, words: Words) -> list[list[dict[str, str]]]:
    """Telegram's `inline_keyboard`."""
    buttons = [
        {"text": _face(board, number), "callback_data": choice.data} for number, choice in enumerate(board.choices)
    ]
    if board.is_checklist:
        buttons.append({"text": words.done, "callback_data": DONE})
    return [[button] for button in buttons]


def read_board(message: Mapping[str, Any]) -> Board | None:
    """The board as it hangs on a message that Telegram showed us; None where it can't be read in full."""
    full = {line.split(". ", 1)[0]: line.split(". ", 1)[1] for line in _lines(message) if _NUMBERED.match(line)}
    keyboard = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    choices: list[Choice] = []
    ticked, numbered = set(), False
    for button in (button for row in keyboard for button in row if button.get("callback_data") != DONE):
        text, data = str(button["text"]), str(button.get("callback_data", ""))
        box = text.startswith((BOX, TICKED_BOX))
        if text.startswith(TICKED_BOX):
            ticked.add(len(choices))
        label = text[len(BOX) :] if box else text
        if number := _NUMBERED.match(label):
            numbered = True
            if number.group(1) not in full:
                return None
            label = full[number.group(1)]
        choices.append(Choice(label, label if data.startswith("#") else data, data, box))
    return Board(tuple(choices), numbered, frozenset(ticked)) if choices else None


def has_boxes(message: Mapping[str, Any]) -> bool:
    """Whether a checklist hangs on the message."""
    keyboard = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    return any(str(button.get("text")).startswith((BOX, TICKED_BOX)) for row in keyboard for button in row)


def _options(given: Any) -> list[tuple[str, str, str | None]]:
    """(label, payload, finding) of the contract's options or of Rasa's buttons."""
    found = []
    for option in given if isinstance(given, Sequence) and not isinstance(given, str) else ():
        label = str(option.get("label") or option.get("title") or option.get("payload") or "").strip()
        if label:
            found.append((label, str(option.get("payload") or label), option.get("finding")))
    return found


def _fits(payload: str) -> bool:
    return len(payload.encode()) <= LONGEST_DATA and not payload.startswith("#")


def _face(board: Board, number: int) -> str:
    choice = board.choices[number]
    box = (TICKED_BOX if number in board.ticked else BOX) if choice.box else ""
    if not board.numbered:
        return box + choice.label
    short = choice.label
    if len(short) > LONGEST_LABEL:
        short = short[: LONGEST_LABEL - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    return f"{box}{number + 1}. {short}"


def _lines(message: Mapping[str, Any]) -> list[str]:
    return str(message.get("text") or "").splitlines()
