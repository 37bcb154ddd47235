"""Reads the cases that clinicians write (tests/cases/*.yml) and turns each into a triage case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sciatriage.triage.case import Case, Fact
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.vocabulary import Status

FOLDER = Path(__file__).parent
# Added by the project beside the contract's danger signs; "rest absent" answers them as well.
BESIDE_DANGERS = ("minor_knock", "heat_exposure", "weakness_spreading", "clammy_pale")


@dataclass(frozen=True)
class WrittenCase:
    """One case as written: `row` names what it tests, `expect` what must come out."""

    id: str
    file: str
    row: str
    kind: str
    said: str
    answers: Mapping[str, Any]
    values: Mapping[str, Any]
    rest_absent: bool
    expect: Mapping[str, Any]
    because: str

    def as_case(self, knowledge: Knowledge) -> Case:
        """The triage case: the answers, the values, and the rest of the danger signs as absent where it says so."""
        findings = {}
        if self.rest_absent:
            dangers = [id_ for id_, finding in knowledge.findings.items() if finding.danger]
            findings = {id_: Fact(Status.ABSENT) for id_ in (*dangers, *BESIDE_DANGERS)}
        for id_, told in self.answers.items():
            written = told if isinstance(told, Mapping) else {"status": told}
            findings[id_] = Fact(Status(written["status"]), asked_again=bool(written.get("asked_again", False)))
        return Case(findings, dict(self.values))


def read_cases() -> list[WrittenCase]:
    """Every case of the folder, in the order of files and of writing."""
    cases = []
    for file in sorted(FOLDER.glob("*.yml")):
        for id_, written in (YAML(typ="safe").load(file)["cases"] or {}).items():
            cases.append(
                WrittenCase(
                    id=id_,
                    file=file.name,
                    row=written["row"],
                    kind=written["kind"],
                    said=written.get("said", ""),
                    answers=written.get("answers") or {},
                    values=written.get("values") or {},
                    rest_absent=bool(written.get("rest_absent", False)),
                    expect=written["expect"],
                    because=written.get("because", ""),
                )
            )
    return cases


def read_rows() -> Mapping[str, Any]:
    """The rows the cases test, with each row's own findings."""
    return YAML(typ="safe").load(FOLDER / "rows.yml")["rows"]
