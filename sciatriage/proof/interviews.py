"""Whole interviews with people drawn by chance, some of them very unlikely: each must end, and never too mildly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sciatriage.proof.crosscheck import NOW, Disagreement
from sciatriage.proof.spaces import SampleSpace
from sciatriage.triage.case import Case, Fact
from sciatriage.triage.consultation import Opinion, consult
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.questions import AT_MOST, NextQuestion
from sciatriage.triage.vocabulary import Disposition, Status

_FIRST_TOLD = 2  # of what is true of them, people tell this much before the first question


@dataclass(frozen=True)
class Interview:
    """The questions asked, in order, and the last opinion."""

    asked: tuple[str, ...]
    opinion: Opinion


def interview(truth: Case, knowledge: Knowledge) -> Interview:
    """Ask someone of whom `truth` is true until nothing is left to ask, with a few questions over the bound at most."""
    known = [id_ for id_, fact in truth.findings.items() if fact.status in (Status.PRESENT, Status.UNCERTAIN)]
    case = Case({id_: Fact(truth.findings[id_].status, in_passing=True) for id_ in known[:_FIRST_TOLD]})
    opinion = consult(case, (), knowledge, NOW)
    while opinion.next_question is not None and len(case.asked) < AT_MOST + 5:
        case = _answer(case, opinion.next_question, truth)
        opinion = consult(case, (), knowledge, NOW)
    return Interview(case.asked, opinion)


def _answer(case: Case, question: NextQuestion, truth: Case) -> Case:
    for finding in question.findings:
        status = truth.status(finding)
        if status is Status.UNCERTAIN:
            case = case.with_fact(finding, Fact(status, asked_again=question.again))
        elif status is Status.PRESENT:
            case = case.with_fact(finding, Fact(status))
        elif case.status(finding) is not Status.PRESENT:  # a box left empty doesn't take back what was said
            case = case.with_fact(finding, Fact(Status.ABSENT))
    if question.value is not None:
        case = case.with_value(question.value, truth.values.get(question.value))
    return replace(case, asked=(*case.asked, question.id))


def interviews_that_fail(people: SampleSpace, knowledge: Knowledge, states: range) -> Iterator[Disagreement]:
    """Interview these people: ended within the bound, asked no list twice in vain, and no milder than the truth."""
    for index in states:
        truth = everything_told(people.case(index), knowledge)
        held = interview(truth, knowledge)
        if len(held.asked) > AT_MOST or not held.opinion.complete:
            yield Disagreement("an end within the bound", AT_MOST, list(held.asked), truth.to_json())
        if len(set(held.asked)) < len(held.asked):
            yield Disagreement("a question asked twice", None, list(held.asked), truth.to_json())
        whole = consult(truth, (), knowledge, NOW, ask=False)
        if held.opinion.disposition.urgency < whole.disposition.urgency:
            yield Disagreement(
                "what the whole truth comes to",
                whole.disposition.value,
                held.opinion.disposition.value,
                truth.to_json(),
            )
        if held.opinion.disposition is Disposition.SELF_CARE:
            freely = {one.id for one in held.opinion.plan.given} - {one.id for one in whole.plan.given}
            if freely:
                yield Disagreement("advice that the whole truth allows", None, sorted(freely), truth.to_json())


def everything_told(case: Case, knowledge: Knowledge) -> Case:
    """The case as the full truth about a person: what nothing was said of, or of the past or another person, is no."""
    findings = {}
    for id_, finding in knowledge.findings.items():
        status = case.status(id_)
        if status is Status.PRESENT and finding.ask_in:
            findings[id_] = Fact(status)
        elif status is Status.UNCERTAIN and finding.ask_in:
            findings[id_] = Fact(status, asked_again=True)
        else:
            findings[id_] = Fact(Status.ABSENT)
    for id_, wider in knowledge.narrower.items():
        if findings[wider].status is Status.ABSENT:  # who has the narrower has the wider
            findings[wider] = findings[id_]
    values = {value: case.values.get(value) for value in ("age", "duration_days", "side", "pain_score")}
    return Case(findings, values)
