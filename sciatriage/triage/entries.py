"""The entries of the knowledge base as the program holds them: one frozen class a kind, as knowledge/README.md says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sciatriage.triage.expression import Condition
from sciatriage.triage.vocabulary import Disposition


@dataclass(frozen=True)
class Finding:
    """Something a person can tell us.

    `ask_in` is the checklist it is asked in, None where it is only heard. `narrower_than` names a wider finding: who
    doesn't have that can't have this.
    """

    id: str
    name: str
    label: str
    simpler: str
    why: str
    sources: tuple[str, ...]
    ask_in: str | None = None
    danger: bool = False
    narrower_than: str | None = None
    heard_as: tuple[str, ...] = ()
    reviewed: str = ""


@dataclass(frozen=True)
class Rule:
    """A danger sign or a reason to be seen: what level it gives where it is true, and where it stays unsure."""

    id: str
    when: Condition
    present: Disposition
    uncertain: Disposition
    because: str
    sources: tuple[str, ...]
    red_flag: bool
    reviewed: str = ""

    @cached_property
    def levels(self) -> tuple[Disposition, Disposition, Disposition]:
        """What it gives by its truth: no, unsure, yes."""
        return Disposition.OUT_OF_SCOPE, self.uncertain, self.present


@dataclass(frozen=True)
class Definition:
    """A named combination of findings and values."""

    id: str
    name: str
    when: Condition
    because: str
    sources: tuple[str, ...]
    reviewed: str = ""


@dataclass(frozen=True)
class QuestionEntry:
    """A question as the knowledge holds it: kind is checklist, number, duration or choice.

    `burden` is how hard it is to answer beside an ordinary question; `typical` are a value's answers as they come in.
    """

    id: str
    kind: str
    order: int
    text: str
    why: str
    sources: tuple[str, ...]
    simpler: str = ""
    value: str | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    burden: float = 1.0
    typical: tuple[float | str, ...] = ()


@dataclass(frozen=True)
class Weight:
    """Points (natural log odds) that a finding gives a condition."""

    key: str
    points: float
    because: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ConditionEntry:
    """A possible explanation, with what speaks for it, against it, and what a plain no to a finding does."""

    id: str
    name: str
    prior: float
    speaks_for: Mapping[str, Weight]
    speaks_against: Mapping[str, Weight]
    absent: Mapping[str, Weight]
    because: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class LikelihoodWord:
    """A word for how well a cause fits, from a share of one on.

    `first` and `beside` are the sentences that name the first cause and one after it, with the blank {name}; `beside`
    is empty where that share is too little to be named.
    """

    id: str
    word: str
    begins: float
    first: str
    beside: str
    because: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Withheld:
    """When an advice item is not given, and why."""

    when: Condition
    because: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Advice:
    """Something that helps: for whom, at which dispositions, and when it is withheld.

    What follows `sources` is for the first week (see triage/week.py): `part` groups the items, `days` are the first and
    last day of the week it belongs to, `stop_if` completes "Stop if ...", `steps` says that the text tells how it goes.
    """

    id: str
    title: str
    text: str
    kind: str
    dispositions: tuple[Disposition, ...]
    for_whom: Condition | None
    withheld: tuple[Withheld, ...]
    because: str
    sources: tuple[str, ...]
    part: str | None = None
    in_short: str = ""
    days: tuple[int, int] = (1, 7)
    how_often: str = ""
    stop_if: str = ""
    steps: bool = False


PARTS = ("ease", "move", "rest", "drink", "learn")  # of the first week, in the order they are shown
DAYS = 7
AT_HOME = (Disposition.SELF_CARE, Disposition.SEE_CLINICIAN_SOON)  # who may look after it at home has a first week


@dataclass(frozen=True)
class StopRule:
    """When to stop the week's plan and seek help; `level` is how far up that can lead. The text may hold {by}."""

    id: str
    text: str
    level: Disposition
    because: str
    sources: tuple[str, ...]
    reviewed: str = ""


@dataclass(frozen=True)
class WeekEntry:
    """What stands around the advice of the first week. `be_seen_after` [days since it began] or None."""

    id: Disposition
    title: str
    intro: str
    stop_rules: tuple[StopRule, ...]
    check_in: str
    sources: tuple[str, ...]
    be_seen_after: float | None = None


@dataclass(frozen=True)
class Answer:
    """What people ask, answered."""

    id: str
    title: str
    text: str
    asked_as: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A service to call. `number` is None where the region has none; `say` completes "Call ..."."""

    number: str | None
    say: str


@dataclass(frozen=True)
class Region:
    """The numbers of one region."""

    id: str
    name: str
    emergency: Line
    urgent: Line
    crisis: Line


@dataclass(frozen=True)
class SafetyNet:
    """The four parts every result ends with."""

    uncertain: str
    watch_for: str
    turn_to: str
    how_long: str


@dataclass(frozen=True)
class DispositionEntry:
    """A disposition in words. Texts may hold {emergency}, {urgent} and {crisis}, filled from the region."""

    id: Disposition
    heading: str
    within: str
    what_to_do: str
    who_to_call: str
    safety_net: SafetyNet
    sources: tuple[str, ...]
