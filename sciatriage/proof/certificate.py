"""What a proof found, to print and to keep with a release."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sciatriage.proof.crosscheck import Disagreement
from sciatriage.proof.properties import Result

_SHOWN = 5  # examples a property, on paper and on the screen


@dataclass(frozen=True)
class Sampled:
    """A check on drawn states: how many, how long it took [s], and what failed."""

    says: str
    states: int
    seconds: float
    failed: tuple[Disagreement, ...]
    found: str = ""


@dataclass
class Score:
    """Mutants tried, those that change something for the worse, and those of them that nobody noticed."""

    says: str
    seconds: float = 0.0
    tried: int = 0
    worse: int = 0
    survivors: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)  # otherwise than before, but by no check less safe
    caught_by: Counter[str] = field(default_factory=Counter)

    @property
    def caught(self) -> int:
        """Those that are worse, and were noticed."""
        return self.worse - len(self.survivors)


@dataclass(frozen=True)
class Certificate:
    """All of one run. `fingerprint` is the knowledge's; `requirements` a SHA-256 of the requirements' file."""

    fingerprint: str
    requirements: str
    proved: tuple[Result, ...]
    sampled: tuple[Sampled, ...]
    scores: tuple[Score, ...]
    not_yet_required: tuple[str, ...]
    unknowns: str
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether everything was proved, agreed, and caught."""
        return (
            all(result.holds for result in self.proved)
            and not any(sample.failed for sample in self.sampled)
            and not any(score.survivors for score in self.scores)
        )

    def lines(self) -> Iterable[str]:
        """The certificate as text."""
        yield f"knowledge     {self.fingerprint}"
        yield f"requirements  {self.requirements}"
        yield f"all states    {self.unknowns}"
        if self.not_yet_required:
            yield f"not required  {', '.join(self.not_yet_required)}: new to safety/, kept by their cases"
        for result in self.proved:
            word = "proved" if result.holds else "BROKEN"
            yield f"{word}  ({result.id}) {result.says}: {result.claims} claims, {result.seconds:.1f} s"
            for broken in result.broken[:_SHOWN]:
                yield f"        {broken.claim}: {json.dumps(broken.state)}"
        for sample in self.sampled:
            word = "agreed" if not sample.failed else "FAILED"
            yield f"{word}  {sample.says}: {sample.states:,} {sample.found}, {sample.seconds:.1f} s"
            for one in sample.failed[:_SHOWN]:
                yield f"        {one.about}: {one.expected} / {one.found}: {json.dumps(one.case, default=str)}"
        for score in self.scores:
            word = "caught" if not score.survivors else "MISSED"
            by = ", ".join(f"{check} {count}" for check, count in score.caught_by.most_common())
            caught = f"{score.caught} of {score.worse} worse ({by})"
            yield f"{word}  {score.says}: {score.tried} tried, {caught}, {score.seconds:.1f} s"
            for survivor in score.survivors[:20]:
                yield f"        not noticed: {survivor}"
            if score.differing:
                others = "; ".join(score.differing)
                yield f"        {len(score.differing)} more behave otherwise, but no less safely: {others}"
        yield f"{'PROVED' if self.holds else 'NOT PROVED'} in {self.seconds:.0f} s"

    def write(self, file: Path) -> None:
        """Keep it as JSON, for the release."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(self._json(), indent=1, default=str) + "\n", encoding="utf-8")

    def _json(self) -> dict[str, Any]:
        return {
            "holds": self.holds,
            "knowledge": self.fingerprint,
            "requirements": self.requirements,
            "states": self.unknowns,
            "not_yet_required": self.not_yet_required,
            "proved": [
                {"id": one.id, "says": one.says, "claims": one.claims, "broken": list(map(vars, one.broken))}
                for one in self.proved
            ],
            "sampled": [{"says": one.says, "states": one.states, "failed": len(one.failed)} for one in self.sampled],
            "mutants": [
                {
                    "says": one.says,
                    "tried": one.tried,
                    "worse": one.worse,
                    "caught": one.caught,
                    "survivors": one.survivors,
                    "differing": one.differing,
                }
                for one in self.scores
            ],
            "seconds": round(self.seconds, 1),
        }
