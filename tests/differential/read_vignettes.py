"""Reads the people of vignettes.yml, turns each into a triage case, and scores what the differential puts first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sciatriage.triage.case import Case, Fact
from sciatriage.triage.consultation import Opinion, consult
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.vocabulary import Status

FILE = Path(__file__).parent / "vignettes.yml"
NOW = datetime(2026, 1, 5, 12, 0, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Vignette:
    """One person: what they told, and which first choices a clinician would accept (`top` the best of them)."""

    id: str
    story: str
    findings: Mapping[str, Status]
    values: Mapping[str, Any]
    dangers_denied: bool
    top: str
    also: tuple[str, ...]
    because: str
    split: str

    @property
    def accepted(self) -> frozenset[str]:
        """Every condition that may come first."""
        return frozenset((self.top, *self.also))

    def as_case(self, knowledge: Knowledge) -> Case:
        """The triage case; with `dangers_denied` every danger sign that isn't named is absent."""
        dangers = [id_ for id_, finding in knowledge.findings.items() if finding.danger and self.dangers_denied]
        told = {**dict.fromkeys(dangers, Status.ABSENT), **self.findings}
        return Case({id_: Fact(status) for id_, status in told.items()}, dict(self.values))

    def opinion(self, knowledge: Knowledge) -> Opinion:
        """What the program makes of this person."""
        return consult(self.as_case(knowledge), (), knowledge, NOW)


def read_vignettes() -> list[Vignette]:
    """Everybody, in the order of writing."""
    written = YAML(typ="safe").load(FILE)["vignettes"]
    return [
        Vignette(
            id=id_,
            story=one["story"],
            findings={finding: Status(status) for status, ids in one["findings"].items() for finding in ids},
            values=one["values"],
            dangers_denied=one.get("danger_signs") == "denied",
            top=one["top"],
            also=tuple(one.get("also", ())),
            because=one["because"],
            split=one["split"],
        )
        for id_, one in written.items()
    ]


@dataclass(frozen=True)
class Score:
    """How many people have an accepted condition first (`top_1`) and `top` among the first three (`top_3`)."""

    people: int
    top_1: int
    top_3: int
    missed: tuple[str, ...]

    def __str__(self) -> str:
        """A line to read."""
        shares = f"top-1 {self.top_1}/{self.people} ({self.top_1 / self.people:.0%})"
        return f"{shares}, top-3 {self.top_3}/{self.people} ({self.top_3 / self.people:.0%})"


def score(vignettes: Iterable[Vignette], knowledge: Knowledge) -> Score:
    """The score of these people, and which of them had something else first."""
    people = top_1 = top_3 = 0
    missed = []
    for one in vignettes:
        ranked = [possibility.condition.id for possibility in one.opinion(knowledge).differential]
        people += 1
        top_3 += one.top in ranked[:3]
        if ranked[0] in one.accepted:
            top_1 += 1
        else:
            missed.append(f"{one.id}: {ranked[0]} before {one.top}")
    return Score(people, top_1, top_3, tuple(missed))
