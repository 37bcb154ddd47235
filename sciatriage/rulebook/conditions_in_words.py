"""Conditions in English: what a rule's `when` says, as one line or as nested lists of "any of" and "all of".

A line is used only where it can't be misread. A name that holds an "or", an "and" or a comma, and anything deeper than
one choice inside one "and", becomes a list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sciatriage.rulebook.anchors import anchor
from sciatriage.triage.expression import (
    All,
    AnyOf,
    Condition,
    HasValue,
    IsDefinition,
    IsFinding,
    Lifted,
    Not,
    Told,
    Truth,
)
from sciatriage.triage.knowledge import Knowledge

LONGEST_LINE = 120
MOST_ON_A_LINE = 3
_VALUES = {
    "age": "age",
    "duration_days": "duration",
    "newest_days": "duration of the newest sign",
    "pain_score": "pain score",
    "side": "side",
}
_UNITS = {"age": "years", "duration_days": "days", "newest_days": "days", "pain_score": "out of 10"}
_FLIPPED = {Truth.NO: Truth.YES, Truth.UNSURE: Truth.UNSURE, Truth.YES: Truth.NO}


@dataclass(frozen=True)
class Piece:
    """Some words of a line; `anchor` leads to the entry they name."""

    text: str
    anchor: str | None = None


@dataclass(frozen=True)
class Line:
    """A condition that reads as one line."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Parts:
    """A condition that reads as a list: `heading` is "any of", "all of" or one of these with a remark."""

    heading: str
    parts: tuple[Words, ...]


Words = Line | Parts


def in_words(condition: Condition, knowledge: Knowledge) -> Words:
    """A condition as a clinician reads it: plain names with links, never an id where there is a name."""
    if isinstance(condition, IsFinding):
        return Line((Piece(knowledge.findings[condition.id].name, anchor("finding", condition.id)),))
    if isinstance(condition, IsDefinition):
        return Line((Piece(knowledge.definitions[condition.id].name, anchor("definition", condition.id)),))
    if isinstance(condition, HasValue):
        return _value(condition, knowledge)
    if isinstance(condition, Lifted):
        note = "also if unsure" if condition.unsure_as is Truth.YES else "only if certain"
        return _noted(_whole(condition.part, knowledge), note)
    if isinstance(condition, Told):
        words = _whole(condition.part, knowledge)
        if isinstance(condition.part, HasValue) and isinstance(words, Line):
            words = Line(words.pieces[:1])  # without its own remark: this one says as much
        return _noted(words, "only if told; not asked for this")
    if isinstance(condition, Not):
        return _denied(condition.part, knowledge)
    if isinstance(condition, (All, AnyOf)):
        whole = _listed(condition, knowledge)
        if isinstance(condition, AnyOf):
            return _either(whole.parts) or whole
        return _together(condition.parts, whole.parts) or whole
    raise TypeError(f"{type(condition).__name__} has no words yet; add them to {__name__}")


def name_of_value(value: str) -> str:
    """A value in plain words: `duration_days` is "duration"."""
    return _VALUES.get(value, value.replace("_", " "))  # such as "side of calf swelling"


def as_text(words: Words) -> str:
    """The same without links, lists in brackets."""
    if isinstance(words, Line):
        return "".join(piece.text for piece in words.pieces)
    return f"{words.heading} [{'; '.join(as_text(part) for part in words.parts)}]"


# Leaves and remarks


def _listed(condition: All | AnyOf, knowledge: Knowledge) -> Parts:
    heading = "any of" if isinstance(condition, AnyOf) else "all of"
    return Parts(heading, tuple(in_words(part, knowledge) for part in condition.parts))


def _whole(part: Condition, knowledge: Knowledge) -> Words:
    """A part that gets a remark: a list where there are several, so that the remark is seen to be of all of them."""
    if isinstance(part, (All, AnyOf)):
        return _listed(part, knowledge)
    return in_words(part, knowledge)


def _value(condition: HasValue, knowledge: Knowledge) -> Line:
    noun, unit = name_of_value(condition.value), _UNITS.get(condition.value, "")
    operator = condition.operator.replace("_", " ")
    if isinstance(condition.limit, tuple):
        limit = " or ".join(condition.limit)
    else:
        limit = f"{condition.limit:g}"
        unit = "day" if unit == "days" and condition.limit == 1 else unit
    asked = next((one.id for one in knowledge.questions.values() if one.value == condition.value), None)
    words = " ".join(filter(None, (noun, operator, limit, unit)))
    return Line((Piece(words, anchor("question", asked) if asked else None), Piece(f" ({_not_known(condition)})")))


def _not_known(condition: HasValue) -> str:
    counts, before = condition.unknown is Truth.YES, condition.not_asked is Truth.YES
    if counts and before:
        return "counts if not known"
    if counts:
        return "counts if the person can't tell, not before it was asked"
    return "counts until it was asked" if before else "doesn't count if not known"


def _noted(words: Words, note: str) -> Words:
    if isinstance(words, Parts):
        return replace(words, heading=f"{words.heading} ({note})")
    return Line((*words.pieces, Piece(f" ({note})")))


def _denied(part: Condition, knowledge: Knowledge) -> Words:
    if isinstance(part, Lifted):
        # No where it is certain, so yes where it is unsure; and the other way round.
        before = "not certain" if part.unsure_as is Truth.NO else "plainly not"
        words = _whole(part.part, knowledge)
    elif isinstance(part, AnyOf):
        return Parts("none of", tuple(in_words(one, knowledge) for one in part.parts))
    elif isinstance(part, HasValue):
        # What its remark says is of the whole: where a no counts, the "not" makes it a yes.
        before = "not"
        words = _value(replace(part, unknown=_FLIPPED[part.unknown], not_asked=_FLIPPED[part.not_asked]), knowledge)
    else:
        before, words = "not", _whole(part, knowledge)
    if isinstance(words, Parts):
        return replace(words, heading=f"{before}: {words.heading}")
    return Line((Piece(f"{before}: "), *words.pieces))


# On one line, where it can't be misread


def _either(parts: Sequence[Words]) -> Line | None:
    lines = [part for part in parts if isinstance(part, Line) and _plain(part)]
    if len(lines) < len(parts) or len(lines) > MOST_ON_A_LINE:
        return None
    return _short_enough(_joined(lines, last=" or "))


def _together(conditions: Sequence[Condition], parts: Sequence[Words]) -> Line | None:
    lines = [part for part in parts if isinstance(part, Line)]
    choices = [line for condition, line in zip(conditions, parts, strict=True) if isinstance(condition, AnyOf)]
    rest = [line for line in lines if line not in choices]
    if len(lines) < len(parts) or len(choices) > 1 or len(rest) > MOST_ON_A_LINE or not all(map(_plain, rest)):
        return None
    joined = _joined(rest, last=" and ")
    if choices and isinstance(choices[0], Line):
        if not rest:
            return None
        joined = Line((*joined.pieces, Piece(", and: "), *choices[0].pieces))
    return _short_enough(joined)


def _joined(lines: Sequence[Line], last: str) -> Line:
    pieces: list[Piece] = []
    for index, line in enumerate(lines):
        if index:
            pieces.append(Piece(last if index == len(lines) - 1 else ", "))
        pieces.extend(line.pieces)
    return Line(tuple(pieces))


def _plain(line: Line) -> bool:
    return not re.search(r",|:|\bor\b|\band\b|\bthat\b", as_text(line))


def _short_enough(line: Line) -> Line | None:
    return line if len(as_text(line)) <= LONGEST_LINE else None
