"""What the casebook keeps: one turn of a talk, and a case in short."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timezone
from typing import Any, Protocol

LONGEST = {"case_id": 64, "sender": 255, "asked": 128, "disposition": 32, "knowledge_version": 128}
"""The most characters a short text may have (the columns' widths)."""

HIGHEST_NUMBER = 2**31 - 1
"""The last turn number that every database's integer holds."""


class CasebookError(Exception):
    """The casebook could not do what was asked; the message says what, and why. It holds no patient's words."""


class RecordRefusedError(CasebookError):
    """This record can never be written (malformed, or another one stands in its place): trying again won't help."""


@dataclass(frozen=True)
class TurnRecord:
    """One turn as it happened: what came in, what went out, and the case after it.

    `sender` is channel-prefixed. `number` counts the turns of a case from 0. `at` is aware, kept in UTC. `heard`,
    `replies` and `state` may be given as dataclasses, mappings, lists and tuples: they are kept as plain JSON lists and
    objects (a copy), so what is read back equals what was written. `asked` is the id of the question left open.
    `disposition` and `final` are what the person was told, if anything. `knowledge_version` is the fingerprint it was
    concluded with.

    Raises RecordRefusedError where a part could not be written anywhere (naive time, text too long, not JSON).
    """

    case_id: str
    sender: str
    number: int
    at: datetime
    said: str
    heard: Any
    asked: str | None
    replies: Any
    disposition: str | None
    final: bool
    state: Any
    knowledge_version: str

    def __post_init__(self) -> None:
        def keep(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        for name in ("case_id", "sender", "knowledge_version"):
            keep(name, _short_text(name, getattr(self, name)))
        for name in ("asked", "disposition"):
            if getattr(self, name) is not None:
                keep(name, _short_text(name, getattr(self, name)))
        if type(self.number) is not int or not 0 <= self.number <= HIGHEST_NUMBER:
            raise RecordRefusedError(f"a turn's number must be a whole number from 0 to {HIGHEST_NUMBER}")
        if type(self.final) is not bool:
            raise RecordRefusedError("a turn's final must be True or False")
        if not isinstance(self.said, str):
            raise RecordRefusedError("what was said must be text")
        keep("at", in_utc(self.at))
        keep("said", _plain_json("said", self.said))
        for name in ("heard", "replies", "state"):
            keep(name, _plain_json(name, getattr(self, name)))
            if not isinstance(getattr(self, name), (list, dict)):  # SQLite would keep a bare 1.0 as 1
                raise RecordRefusedError(f"a turn's {name} must be a JSON list or object")


@dataclass(frozen=True)
class CaseSummary:
    """A case in short, as a later talk or a check-in needs it.

    `began` and `latest` are the times (UTC) of its first and last turn, `turns` their count. `disposition`, `final` and
    `knowledge_version` are those of the last turn that told the person a disposition, else of the last turn.
    """

    case_id: str
    sender: str
    began: datetime
    latest: datetime
    turns: int
    disposition: str | None
    final: bool
    knowledge_version: str


class Outline(Protocol):
    """The part of a turn that a summary is made from."""

    @property
    def number(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def disposition(self) -> str | None: ...
    @property
    def final(self) -> bool: ...
    @property
    def knowledge_version(self) -> str: ...


def summarise(case_id: str, sender: str, turns: Sequence[Outline]) -> CaseSummary:
    """The case in short, from its turns (at least one, in any order)."""
    ordered = sorted(turns, key=lambda turn: turn.number)
    told = [turn for turn in ordered if turn.disposition is not None]
    last = told[-1] if told else ordered[-1]
    times = [in_utc(turn.at, naive_is_utc=True) for turn in ordered]
    return CaseSummary(
        case_id, sender, min(times), max(times), len(ordered), last.disposition, last.final, last.knowledge_version
    )


def newest_first(summaries: Sequence[CaseSummary]) -> tuple[CaseSummary, ...]:
    """The cases by their last turn, the latest first; case id settles a tie."""
    return tuple(sorted(summaries, key=lambda case: (case.latest, case.case_id), reverse=True))


def in_utc(at: datetime, *, naive_is_utc: bool = False) -> datetime:
    """The same instant in UTC. Raises RecordRefusedError for a time without a zone, unless that means UTC."""
    if not isinstance(at, datetime):
        raise RecordRefusedError("a time in the casebook must be a datetime")
    if at.utcoffset() is None:
        if not naive_is_utc:
            raise RecordRefusedError("a time in the casebook must carry its zone (datetime.now(timezone.utc))")
        at = at.replace(tzinfo=timezone.utc)
    try:
        return at.astimezone(timezone.utc).replace(fold=0)
    except OverflowError:
        raise RecordRefusedError("a time in the casebook must lie in the years 1 to 9999, in UTC") from None


def is_storable_text(text: str) -> bool:
    """Whether every database can hold these characters in a text column."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _short_text(name: str, value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST[name]:
        raise RecordRefusedError(f"a turn's {name} must be text of 1 to {LONGEST[name]} characters")
    if not is_storable_text(value):
        raise RecordRefusedError(f"a turn's {name} must not hold NUL or half characters (surrogates)")
    return str.__str__(value)


def _plain_json(name: str, value: object) -> Any:
    try:
        return json.loads(json.dumps(value, allow_nan=False, default=_opened))
    except (TypeError, ValueError, RecursionError) as error:
        raise RecordRefusedError(f"a turn's {name} must be plain JSON ({type(error).__name__})") from None


def _opened(value: object) -> object:
    """What JSON can't write by itself: a dataclass as its fields, a mapping proxy as its items."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)
