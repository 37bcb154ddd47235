"""Where a talk stands: the case, the stage, the open question, and the way back. Immutable and plain JSON."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sciatriage.triage.case import Case

VERSION = 1


@dataclass(frozen=True)
class OpenQuestion:
    """The question the person sees now: the contract's object as it was sent, and how often it went unanswered."""

    number: int
    sent: Mapping[str, Any]
    text: str
    again: bool = False
    tries: int = 0

    @property
    def id(self) -> str:
        """The question's id."""
        return str(self.sent["id"])

    @property
    def kind(self) -> str:
        """yes_no, checklist, choice, number, duration or text."""
        return str(self.sent["kind"])

    @property
    def purpose(self) -> str:
        """clinical, consent, read_back, ..."""
        return str(self.sent["purpose"])

    @property
    def findings(self) -> tuple[str, ...]:
        """The findings asked about."""
        return tuple(self.sent["findings"])

    @property
    def value(self) -> str | None:
        """The value asked for."""
        return self.sent["value"]  # type: ignore[no-any-return]  # it is our own JSON

    @property
    def options(self) -> tuple[Mapping[str, Any], ...]:
        """The options as sent."""
        return tuple(self.sent["options"])


@dataclass(frozen=True)
class Step:
    """One answered clinical question: what it settled, so that it can be taken back."""

    question: str
    findings: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class TalkState:
    """All that a talk remembers.

    `stage` is new, consent, interview, read_back, result, emergency or stopped. `number` counts every question sent.
    `told`: the opening said something of the trouble. `elsewhere`: it was plainly about something else than back,
    buttock or leg. `about` is self, other or None. Times are ISO 8601 with offset. `region` is a code of
    knowledge/regions, None where not set.
    """

    case: Case
    case_id: str
    stage: str
    started: str
    last_at: str
    region: str | None = None
    about: str | None = None
    open: OpenQuestion | None = None
    number: int = 0
    turn: int = 0
    steps: tuple[Step, ...] = ()
    unheard: tuple[str, ...] = ()
    told: bool = False
    elsewhere: bool = False
    floor_told: bool = False

    @classmethod
    def new(cls, region: str | None, started: datetime, case_id: str | None = None) -> TalkState:
        """A talk in which nothing was said yet."""
        at = started.isoformat()
        return cls(Case(), case_id or uuid.uuid4().hex, "new", at, at, region)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, for Rasa's slot `case` and the casebook."""
        return {
            "version": VERSION,
            "case": self.case.to_json(),
            "case_id": self.case_id,
            "stage": self.stage,
            "started": self.started,
            "last_at": self.last_at,
            "region": self.region,
            "about": self.about,
            "open": None
            if self.open is None
            else {
                "number": self.open.number,
                "sent": dict(self.open.sent),
                "text": self.open.text,
                "again": self.open.again,
                "tries": self.open.tries,
            },
            "number": self.number,
            "turn": self.turn,
            "steps": [[step.question, list(step.findings), list(step.values)] for step in self.steps],
            "unheard": list(self.unheard),
            "told": self.told,
            "elsewhere": self.elsewhere,
            "floor_told": self.floor_told,
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> TalkState:
        """The state that `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        if written["version"] != VERSION:
            raise ValueError(f"a talk written by version {written['version']!r} can't be read by version {VERSION}")
        question = written["open"]
        return cls(
            case=Case.from_json(written["case"]),
            case_id=str(written["case_id"]),
            stage=str(written["stage"]),
            started=str(written["started"]),
            last_at=str(written["last_at"]),
            region=written["region"],
            about=written["about"],
            open=None
            if question is None
            else OpenQuestion(
                int(question["number"]), question["sent"], str(question["text"]), question["again"], question["tries"]
            ),
            number=int(written["number"]),
            turn=int(written["turn"]),
            steps=tuple(Step(id_, tuple(findings), tuple(values)) for id_, findings, values in written["steps"]),
            unheard=tuple(written["unheard"]),
            told=bool(written["told"]),
            elsewhere=bool(written["elsewhere"]),
            floor_told=bool(written["floor_told"]),
        )

    def but(self, **changed: Any) -> TalkState:
        """The state with these fields changed."""
        return replace(self, **changed)


@dataclass(frozen=True)
class Answered:
    """What a message says to the open question.

    `facts` and `values` settle what was asked; `choice` is the value of the option taken where the purpose isn't
    clinical. `taken`: the message answers the question. `clarify` is the phrase to say where it doesn't quite.
    `within` are the stretches of the text (start, end) that were option labels and so say nothing else.
    """

    taken: bool
    facts: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, float | str | None] = field(default_factory=dict)
    choice: str | None = None
    clarify: str | None = None
    stale: bool = False
    within: tuple[tuple[int, int], ...] = ()
