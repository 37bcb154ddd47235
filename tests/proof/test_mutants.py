"""The mutants themselves: enough of them, each of them a change, and a sample of them judged rightly."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from sciatriage.proof.engine_mutants import engine_mutants, remember_unchanged, try_all
from sciatriage.proof.mutants import Judge, Mutant, mutants
from sciatriage.proof.raw import RawKnowledge
from sciatriage.proof.requirements import Requirements
from sciatriage.proof.trial import first_failure
from sciatriage.triage.knowledge import Knowledge, knowledge_folder


@pytest.fixture(scope="module")
def judge(raw: RawKnowledge, requirements: Requirements, knowledge: Knowledge) -> Judge:
    return Judge(raw, requirements, knowledge, drawn=4_000, seed=1)


def test_there_are_many_and_each_differs(raw: RawKnowledge) -> None:
    every = list(mutants(raw))
    assert len(every) >= 200
    assert all(one.knowledge != raw for one in every)
    written = Counter(json.dumps(vars(one.knowledge), sort_keys=True, default=sorted) for one in every)
    assert max(written.values()) == 1


def named(raw: RawKnowledge, says: str) -> Mutant:
    return next(one for one in mutants(raw) if one.says == says)


@pytest.mark.parametrize(
    ("says", "caught_by"),
    [
        ("rule numb_saddle dropped", "(a)"),
        ("rule foot_drops: unsure ignored", "(a)"),
        ("rule strength_lost_suddenly: only in scope", None),
        ("definition persistent: duration_days over turned round", "(a)"),
        ("finding chest_pain: no danger", "(d)"),
        ("advice ibuprofen_or_naproxen: gate pregnancy dropped", "(e)"),
    ],
)
def test_what_catches_it(says: str, caught_by: str | None, raw: RawKnowledge, judge: Judge) -> None:
    mutant = named(raw, says)
    assert judge.is_worse(mutant) is (caught_by is not None)
    if caught_by:
        assert judge.caught_by(mutant) == caught_by


def test_the_cases_protect_a_rule_that_nothing_requires_yet(
    raw: RawKnowledge, requirements: Requirements, knowledge: Knowledge
) -> None:
    levels = {id_: level for id_, level in requirements.levels.items() if "foot_drop" not in str(level["when"])}
    fewer = replace(requirements, levels=levels, asked=tuple(one for one in requirements.asked if one != "foot_drop"))
    mutant = named(raw, "rule foot_drops: present lowered")
    assert Judge(raw, fewer, knowledge, drawn=4_000, seed=1).caught_by(mutant) == "the cases"


def test_a_stricter_knowledge_is_not_worse(raw: RawKnowledge, judge: Judge) -> None:
    assert not judge.is_worse(named(raw, "rule weakness_with_more: all without leg_weakness"))


def test_the_unchanged_engine_passes_what_its_mutants_must() -> None:
    assert first_failure(knowledge_folder(), seed=2) is None


def test_a_mutant_of_the_engine_is_noticed() -> None:
    folder: Path = knowledge_folder()
    remember_unchanged(folder, 2)
    every = list(engine_mutants())
    assert len(every) >= 200
    chosen = [
        next(one for one in every if one.module == module and says in one.says)
        for module, says in (("red_flags", "YES to UNSURE"), ("red_flags", "and/or swapped"), ("advice", "if never"))
    ]
    assert [trial.mutant for trial in try_all(chosen, 1, folder, 2) if trial.caught_by is None] == []
