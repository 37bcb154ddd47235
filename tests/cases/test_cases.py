"""Every case a clinician wrote comes out as written: disposition, flags, advice, next question, likeliest condition."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from sciatriage.cases import WrittenCase, read_cases
from sciatriage.triage.consultation import consult
from sciatriage.triage.knowledge import Knowledge

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=timezone.utc)
CASES = read_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file[:-4]}:{case.id}")
def test_case(case: WrittenCase, knowledge: Knowledge) -> None:
    opinion = consult(case.as_case(knowledge), (), knowledge, NOW)
    assert case.unmet(opinion) == [], case.because
