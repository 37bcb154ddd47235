"""The cases themselves: enough of them, every row fired and nearly missed, and no two that are almost the same."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

from sciatriage.cases import WrittenCase, read_cases, read_rows
from sciatriage.triage.knowledge import Knowledge

CASES = read_cases()
ROWS = read_rows()


def test_ids_are_unique_and_there_are_enough() -> None:
    assert len(CASES) >= 120
    assert [id_ for id_, count in Counter(case.id for case in CASES).items() if count > 1] == []


def test_every_case_names_a_row_and_a_reason() -> None:
    assert [case.id for case in CASES if case.row not in ROWS or not case.because] == []


def test_every_red_flag_row_fires_and_is_nearly_missed() -> None:
    kinds: dict[str, set[str]] = {}
    for case in CASES:
        kinds.setdefault(case.row, set()).add(case.kind)
    # `story` holds whole stories, each of several rows.
    lacking = [row for row, found in kinds.items() if "fires" in found and "near_miss" not in found and row != "story"]
    assert lacking == []
    assert sum("fires" in found for found in kinds.values()) >= 29  # the rows of the spec's table


def test_every_red_flag_rule_has_a_case_that_fires_it_alone_in_its_row(knowledge: Knowledge) -> None:
    from datetime import datetime, timezone

    from sciatriage.triage.consultation import consult

    now = datetime(2026, 1, 5, tzinfo=timezone.utc)
    fired = {rule for case in CASES for rule in consult(case.as_case(knowledge), (), knowledge, now).trace}
    assert sorted(id_ for id_, rule in knowledge.rules.items() if id_ not in fired) == []


def test_no_two_cases_differ_in_fewer_than_two_facts_beside_their_rows_own() -> None:
    alike = []
    for one, other in combinations(CASES, 2):
        own = {*ROWS[one.row].get("findings", ()), *ROWS[other.row].get("findings", ())}
        if _distance(one, other, own) < 2:
            alike.append((one.id, other.id))
    assert alike == []


def _distance(one: WrittenCase, other: WrittenCase, own: set[str]) -> int:
    return len(_facts(one, own) ^ _facts(other, own)) if _facts(one, own) != _facts(other, own) else 0


def _facts(case: WrittenCase, own: set[str]) -> set[tuple[str, Any]]:
    told = {id_: str(fact) for id_, fact in case.answers.items() if fact != "absent" and id_ not in own}
    return {*told.items(), *((id_, str(value)) for id_, value in case.values.items())}
