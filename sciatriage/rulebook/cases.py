"""Which of the cases that clinicians write (tests/cases/*.yml) test a rule, so that the page can show them beside it.

A case concerns the findings of its row; where no row is written, those it expects to be named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from sciatriage.cases import WrittenCase
from sciatriage.triage.consultation import consult
from sciatriage.triage.entries import Rule
from sciatriage.triage.expression import Condition
from sciatriage.triage.knowledge import Knowledge

_LONG_AGO = datetime(2000, 1, 1, tzinfo=timezone.utc)  # no rule looks at the clock


@dataclass(frozen=True)
class Testers:
    """The cases of one rule: those written for it that make it fire, also by an unsure answer, those that nearly do,
    and how many others make it fire.
    """

    firing: tuple[WrittenCase, ...]
    unsure: tuple[WrittenCase, ...]
    near_misses: tuple[WrittenCase, ...]
    others: int


def fired_by(cases: Iterable[WrittenCase], knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """The rules that each case makes fire, by the case's id."""
    return {case.id: consult(case.as_case(knowledge), (), knowledge, _LONG_AGO, ask=False).trace for case in cases}


def testers(
    rule: Rule, cases: Sequence[WrittenCase], fired: Mapping[str, tuple[str, ...]], knowledge: Knowledge
) -> Testers:
    """The cases that test a rule: of those that concern what it rests on, the ones it holds for and the near misses."""
    names = _named(rule.when, knowledge, deep=False) or _named(rule.when, knowledge, deep=True)
    holds = [case for case in cases if rule.id in fired[case.id]]
    concerned = [case for case in cases if case.concerns & names]
    own = [case for case in concerned if case in holds]
    return Testers(
        firing=tuple(case for case in own if case.kind != "uncertain"),
        unsure=tuple(case for case in own if case.kind == "uncertain"),
        near_misses=tuple(case for case in concerned if case.kind == "near_miss" and case not in holds),
        others=len(holds) - len(own),
    )


def _named(condition: Condition, knowledge: Knowledge, deep: bool) -> set[str]:
    """The findings and values a condition names, `deep` also by way of its definitions."""
    names: set[str] = set()
    for leaf in condition.leaves():
        if leaf.kind != "definition":
            names.add(leaf.id)
        elif deep:
            names |= _named(knowledge.definitions[leaf.id].when, knowledge, deep=True)
    return names
