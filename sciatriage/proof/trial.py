"""The checks that a mutant of the engine must get past, in a process where it is the engine."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from sciatriage.cases import read_cases
from sciatriage.proof.crosscheck import NOW, Expected, engine_against, orders_of_arrival
from sciatriage.proof.interviews import everything_told, interview, interviews_that_fail
from sciatriage.proof.raw import read_raw
from sciatriage.proof.spaces import SampleSpace, cuts, everything_written
from sciatriage.triage import wording
from sciatriage.triage.consultation import consult
from sciatriage.triage.knowledge import load_knowledge

STATES, ORDERS, INTERVIEWS, COMPARED = 600, 40, 12, 120


def first_failure(folder: Path, seed: int) -> str | None:
    """The first check that fails with this engine, None where all pass."""
    raw, knowledge = read_raw(folder), load_knowledge(folder)
    limits = cuts(everything_written(raw))
    expected = Expected(raw, limits, STATES, seed)
    if next(engine_against(expected, knowledge, range(STATES)), None) is not None:
        return "the translation"
    if next(orders_of_arrival(expected, knowledge, range(0, STATES, STATES // ORDERS)), None) is not None:
        return "the order of arrival"
    for case in read_cases():
        if case.unmet(consult(case.as_case(knowledge), (), knowledge, NOW)):
            return "the cases"
    people = SampleSpace(raw, limits, INTERVIEWS, seed)
    if next(interviews_that_fail(people, knowledge, range(INTERVIEWS)), None) is not None:
        return "whole interviews"
    return None


@dataclass(frozen=True)
class Behaviour:
    """What an engine does, as plain data: on each drawn state its urgency, what it is sure of, whether it asks on, the
    advice, and a digest of all it says; of each interview the questions and the urgency at its end.
    """

    states: tuple[tuple[int, int, bool, frozenset[str], str], ...]
    interviews: tuple[tuple[int, tuple[str, ...]], ...]

    def less_safe_than(self, before: Behaviour) -> bool:
        """Milder anywhere, sure of less, at an end sooner, freer with advice."""
        for (was, sure, ended, given, _), (now, now_sure, now_ended, now_given, _) in zip(
            before.states, self.states, strict=True
        ):
            if now < was or now_sure < sure or (now_ended and not ended) or (now == was and not now_given <= given):
                return True
        ends = zip(before.interviews, self.interviews, strict=True)
        return any(now < was for (was, _), (now, _) in ends)


def behaviour(folder: Path, seed: int) -> Behaviour:
    """What the engine says of drawn states (others than those of the checks), and asks in whole interviews."""
    raw, knowledge = read_raw(folder), load_knowledge(folder)
    space = SampleSpace(raw, cuts(everything_written(raw)), COMPARED, seed + 1)
    states = []
    for index in range(COMPARED):
        opinion = consult(space.case(index), (), knowledge, NOW)
        asks = opinion.next_question.id if opinion.next_question else None
        said = json.dumps([wording.opinion_json(opinion, knowledge), asks], sort_keys=True, default=str)
        given = frozenset(one.id for one in opinion.plan.given)
        urgency, sure = opinion.disposition.urgency, opinion.certain.urgency
        states.append((urgency, sure, opinion.complete, given, hashlib.sha256(said.encode()).hexdigest()))
    held = [interview(everything_told(space.case(index), knowledge), knowledge) for index in range(INTERVIEWS)]
    return Behaviour(tuple(states), tuple((one.opinion.disposition.urgency, one.asked) for one in held))
