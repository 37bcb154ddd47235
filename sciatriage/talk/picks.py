"""Which options a message picks: by payload, by label ("I'm not sure about this one: ..." too), or by place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sciatriage.talk.state import OpenQuestion

_PAYLOAD = re.compile(r"~(\d+)\.(\d+)")
_SEGMENT = re.compile(r"[^;\n]+")
_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_RANGE = re.compile(r"\b(\d{1,2})\s*(?:-|–|to)\s*(\d{1,2})\b")
_TH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b")
_UNSURE = {"not sure", "unsure", "maybe", "perhaps", "don't know", "dont know", "possibly", "might"}
_NUMBERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8}
_ALL = {"all", "all of them", "all of these", "all of those", "every one of them", "everything"}
_FILLER = frozenset(
    "the number option and also yes to just only thats that one ones i pick choose please it's its is , &".split()
)
_AGREEING = frozenset(
    "yes yeah yep i have do got also and this one i'm im about am sure not unsure maybe perhaps possibly".split()
)


@dataclass(frozen=True)
class Pick:
    """An option taken: its index (from 0), whether with doubt, and where in the text."""

    index: int
    unsure: bool
    start: int
    end: int


@dataclass(frozen=True)
class Picks:
    """All options taken; `stale`: only buttons of an earlier question were pressed."""

    taken: tuple[Pick, ...]
    stale: bool = False


def find_picks(question: OpenQuestion, text: str) -> Picks:
    """The options of the open question that this text takes."""
    pressed = list(_PAYLOAD.finditer(text))
    if pressed:
        ours = [
            Pick(int(press[2]) - 1, False, press.start(), press.end())
            for press in pressed
            if int(press[1]) == question.number and 0 < int(press[2]) <= len(question.options)
        ]
        return Picks(tuple(ours), stale=not ours)
    taken = [pick for segment in _SEGMENT.finditer(text) for pick in _by_label(question, segment)]
    return Picks(tuple(taken) or tuple(_by_place(question, text)))


def _by_label(question: OpenQuestion, segment: re.Match[str]) -> Iterator[Pick]:
    said = _normal(segment[0])
    # Longest first, so that a label inside a longer one isn't taken for it.
    order = sorted(range(len(question.options)), key=lambda index: -len(question.options[index]["label"]))
    for index in order:
        label = _normal(str(question.options[index]["label"]))
        place = f" {said} ".find(f" {label} ")
        if place < 0:
            continue
        rest = f" {said} ".replace(f" {label} ", " ", 1).strip()
        if rest and question.kind == "yes_no":
            continue  # "yes and no" is not a No
        unsure = any(f" {word} " in f" {rest} " for word in _UNSURE)
        # Anything else beside the label ("I don't have ...") is a sentence, which the hearing understands better.
        if not rest or set(rest.split()) <= _AGREEING or (unsure and "one" in rest.split()):
            yield Pick(index, unsure, segment.start(), segment.end())
            return


def _by_place(question: OpenQuestion, text: str) -> Iterator[Pick]:
    """ "the second one", "1 and 3": only where the options are a list and the text is nothing else."""
    if question.kind not in ("checklist", "choice"):
        return
    if question.kind == "checklist" and _normal(text) in _ALL:
        for index, option in enumerate(question.options):
            if option["finding"]:
                yield Pick(index, False, 0, len(text))
        return
    named = sum(option["finding"] is not None or question.kind == "choice" for option in question.options)
    ranged = _RANGE.sub(lambda found: " ".join(map(str, range(int(found[1]), int(found[2]) + 1))), text[:200])
    words = [word for word in re.findall(r"[a-z]+|\d+|[,&]", _TH.sub(r"\1", ranged.casefold())) if word not in _FILLER]
    places = [_NUMBERS.get(word) or (int(word) if word.isdigit() else named if word == "last" else 0) for word in words]
    if places and all(0 < place <= len(question.options) for place in places):
        for place in dict.fromkeys(places):
            yield Pick(place - 1, False, 0, len(text))


def _normal(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold().replace("\u2019", "'")))
