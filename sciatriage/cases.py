"""The cases that clinicians write (tests/cases/*.yml): what is true of a person, and what must come out.

`rows.yml` beside them explains the keys, and names the rows of the specification that the cases test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sciatriage.triage.case import Case, Fact
from sciatriage.triage.consultation import Opinion
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.reading import Problems, read_yaml
from sciatriage.triage.vocabulary import Disposition, Status

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "cases"
# Added by the project beside the contract's danger signs; "rest absent" answers them as well.
BESIDE_DANGERS = ("minor_knock", "heat_exposure", "weakness_spreading", "clammy_pale")
NOT_ASKED = "not_asked"  # of one danger sign, where the rest are absent


@dataclass(frozen=True)
class WrittenCase:
    """One case as written: `row` names what it tests, `concerns` that row's findings, `expect` what must come out."""

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
    concerns: frozenset[str]

    @property
    def disposition(self) -> Disposition:
        """The disposition that must come out."""
        return Disposition(self.expect["disposition"])

    def as_case(self, knowledge: Knowledge) -> Case:
        """The triage case: the answers, the values, and the rest of the danger signs as absent where it says so.

        Findings that this knowledge doesn't have are left out, and so are those that were "not_asked".
        """
        rest: tuple[str, ...] = ()
        if self.rest_absent:
            dangers = (id_ for id_, finding in knowledge.findings.items() if finding.danger)
            rest = (*dangers, *BESIDE_DANGERS)
        findings = {}
        for id_, written in {**dict.fromkeys(rest, "absent"), **self.answers}.items():
            fact = written if isinstance(written, Mapping) else {"status": written}
            if id_ in knowledge.findings and written != NOT_ASKED:
                again, side = bool(fact.get("asked_again", False)), fact.get("side")
                findings[id_] = Fact(Status(fact["status"]), asked_again=again, side=side)
        return Case(findings, dict(self.values))

    def unmet(self, opinion: Opinion) -> list[str]:
        """What this opinion lacks of what must come out, or has too much, in words; nothing where all is met."""
        expect = self.expect
        flagged = {finding for flag in opinion.red_flags for finding in flag.findings}
        given = {advice.id for advice in opinion.plan.given}
        question = opinion.next_question
        asked = {*question.findings, question.value} if question else set()
        lists = (
            ("a red flag naming", set(expect.get("flags") or ()) - flagged),
            ("no red flag naming", set(expect.get("no_flags") or ()) & flagged),
            ("withheld", set(expect.get("advice_withheld") or ()) & given),
            ("given", set(expect.get("advice_given") or ()) - given),
        )
        unmet = [f"{says} {', '.join(sorted(ids))}" for says, ids in lists if ids]
        if opinion.disposition is not self.disposition:
            unmet.insert(0, f"{self.disposition.value}, not {opinion.disposition.value} ({', '.join(opinion.trace)})")
        if expect.get("asks_about") and not set(expect["asks_about"]) & asked:
            unmet.append(f"a question about one of {', '.join(expect['asks_about'])}, not {sorted(map(str, asked))}")
        if expect.get("top") and opinion.differential[0].condition.id != expect["top"]:
            unmet.append(f"{expect['top']} first, not {opinion.differential[0].condition.id}")
        return unmet


def read_cases(folder: Path = FOLDER) -> tuple[WrittenCase, ...]:
    """Every case of the folder, in the order of files and of writing.

    Raises KnowledgeError, with file and line, for what can't be read.
    """
    problems = Problems(folder)
    if not folder.is_dir():
        problems.found.append(f"{folder}: there are no cases here; name the folder that holds them")
    read = {file: read_yaml(file, problems) for file in sorted(folder.glob("*.yml"))}
    rows = {id_: row for one in read.values() for id_, row in (one.get("rows") or {}).items()}
    cases = []
    for file, one in read.items():
        for id_, raw in (one.get("cases") or {}).items():
            try:
                cases.append(_case(str(id_), file, raw, rows))
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                problems.add(file, ["cases", str(id_)], f"'{id_}' can't be read as a case: {error}")
    problems.raise_if_any()
    return tuple(cases)


def _case(id_: str, file: Path, raw: Mapping[str, Any], rows: Mapping[str, Any]) -> WrittenCase:
    expect = raw["expect"]
    Disposition(expect["disposition"])
    row = rows.get(str(raw["row"])) or {"findings": expect.get("flags") or ()}
    answers = dict(raw.get("answers") or {})
    for told in answers.values():
        if told != NOT_ASKED:
            Status(told["status"] if isinstance(told, Mapping) else told)
    return WrittenCase(
        id=id_,
        file=file.name,
        row=str(raw["row"]),
        kind=str(raw["kind"]),
        said=str(raw.get("said", "")),
        answers=answers,
        values=dict(raw.get("values") or {}),
        rest_absent=bool(raw.get("rest_absent", False)),
        expect=expect,
        because=str(raw.get("because", "")),
        concerns=frozenset(map(str, row.get("findings") or ())),
    )


def read_rows(folder: Path = FOLDER) -> Mapping[str, Any]:
    """The rows the cases test, with each row's own findings."""
    rows: Mapping[str, Any] = YAML(typ="safe").load(folder / "rows.yml")["rows"]
    return rows
