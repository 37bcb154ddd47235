"""Every case a clinician wrote comes out as written: disposition, flags, advice, next question, likeliest condition."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from sciatriage.triage.consultation import Opinion, consult
from sciatriage.triage.knowledge import Knowledge
from tests.cases.read_cases import WrittenCase, read_cases

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=timezone.utc)
CASES = read_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file[:-4]}:{case.id}")
def test_case(case: WrittenCase, knowledge: Knowledge) -> None:
    opinion = consult(case.as_case(knowledge), (), knowledge, NOW)
    expect = case.expect
    assert opinion.disposition.value == expect["disposition"], (case.because, opinion.trace)
    flagged = {finding for flag in opinion.red_flags for finding in flag.findings}
    assert set(expect.get("flags") or ()) <= flagged
    assert not set(expect.get("no_flags") or ()) & flagged
    given = {advice.id for advice in opinion.plan.given}
    assert not set(expect.get("advice_withheld") or ()) & given
    assert set(expect.get("advice_given") or ()) <= given
    if expect.get("asks_about"):
        assert set(expect["asks_about"]) & _asked_about(opinion), opinion.next_question
    if expect.get("top"):
        assert opinion.differential[0].condition.id == expect["top"]


def _asked_about(opinion: Opinion) -> set[str]:
    question = opinion.next_question
    if question is None:
        return set()
    return {*question.findings, question.value or ""}
