"""Runs the engine and the translation on the same states: the proof is about the program, not about a copy of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import permutations, product
from typing import Any

import numpy as np

from sciatriage.proof.raw import RawKnowledge
from sciatriage.proof.spaces import Columns, SampleSpace
from sciatriage.proof.translation import LEVELS, Translation
from sciatriage.triage import wording
from sciatriage.triage.advice import plan
from sciatriage.triage.case import Case
from sciatriage.triage.consultation import consult
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.questions import undecided
from sciatriage.triage.red_flags import weigh
from sciatriage.triage.vocabulary import Mention, Status

_WHOLE_EVERY = 8  # a whole opinion takes as long as all the rest
NOW = datetime(2026, 1, 5, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Disagreement:
    """A state on which two things that must be the same differ."""

    about: str
    expected: object
    found: object
    case: Mapping[str, Any]


class Expected:
    """What the translation says of states drawn by chance.

    `ranks` are the dispositions' urgencies at the least, now and at the most: int8, (3, size). `given` are the states
    in which an item is given, `at_stake` those in which a finding or value is still worth asking about: bool, (size,),
    by id.
    """

    def __init__(self, knowledge: RawKnowledge, limits: Mapping[str, tuple[float, ...]], size: int, seed: int) -> None:
        self.space = SampleSpace(knowledge, limits, size, seed)
        translation = Translation(knowledge, self.space)
        self.ranks = np.array([ranks(translation, self.space, lane) for lane in range(3)])
        self.given = {one.id: self.space.states(one.when) for one in translation.given()}
        self.at_stake = {id_: self.space.states(when) for id_, when in translation.at_stake().items()}


def ranks(translation: Translation, space: Columns, lane: int) -> Any:
    """The disposition's urgency in every state, at the least (lane 0), now (1) or at the most (2): int8, (size,)."""
    return sum(space.states(translation.at_least[level][lane]).astype(np.int8) for level in LEVELS)


def engine_against(expected: Expected, knowledge: Knowledge, states: range) -> Iterator[Disagreement]:
    """Run the engine on these of the drawn states, and name each on which it says otherwise."""
    for index in states:
        case = expected.space.case(index)
        weighing = weigh(case, knowledge)
        found = (weighing.low.urgency, weighing.now.urgency, weighing.high.urgency)
        wanted = tuple(int(rank) for rank in expected.ranks[:, index])
        if found != wanted:
            yield Disagreement("disposition at the least, now, at the most", wanted, found, case.to_json())
        given = {one.id for one in plan(weighing.now, weighing.facts, knowledge).given}
        right = {item for item, states_given in expected.given.items() if states_given[index]}
        if given != right:
            yield Disagreement("advice given", sorted(right), sorted(given), case.to_json())
        if index % _WHOLE_EVERY == 0:
            opinion = consult(case, (), knowledge, NOW, ask=False)
            carried = (opinion.certain.urgency, opinion.disposition.urgency, {one.id for one in opinion.plan.given})
            if carried != (*wanted[:2], right):
                yield Disagreement("the opinion as a whole", (*wanted[:2], sorted(right)), carried, case.to_json())
        left = undecided(case, weighing, knowledge)
        stakes = {leaf.id for leaf in left.stakes}
        worth = {id_ for id_, states_open in expected.at_stake.items() if states_open[index]}
        if stakes != worth:
            yield Disagreement("what is still worth asking", sorted(worth), sorted(stakes), case.to_json())
        if left.complete and stakes and not left.unanswered:
            yield Disagreement("an end with something open", sorted(worth), None, case.to_json())


def orders_of_arrival(expected: Expected, knowledge: Knowledge, states: range) -> Iterator[Disagreement]:
    """(g) What is said in any order comes to the same opinion.

    Outright: every sequence of up to three mentions of one finding, in every status. By chance: a whole case told
    finding by finding, forwards, backwards and in one message.
    """
    finding = next(iter(knowledge.findings))
    for length in (2, 3):
        for statuses in product(Status, repeat=length):
            told = {_after(finding, order) for order in permutations(statuses)}
            if len(told) > 1:
                yield Disagreement("order of mentions", None, sorted(map(str, told)), {"mentions": statuses})
    for index in states:
        case = expected.space.case(index)
        mentions = [Mention(id_, fact.status) for id_, fact in case.findings.items()]
        empty = Case({}, case.values)
        forwards, backwards = empty, empty
        for one in mentions:
            forwards = forwards.hearing([one])
        for one in reversed(mentions):
            backwards = backwards.hearing([one])
        opinions = [
            wording.opinion_json(consult(told, heard, knowledge, NOW, ask=False), knowledge)
            for told, heard in ((forwards, ()), (backwards, ()), (empty, mentions))
        ]
        if any(one != opinions[0] for one in opinions):
            yield Disagreement("order of a case", None, [one["disposition"] for one in opinions], case.to_json())


def _after(finding: str, statuses: tuple[Status, ...]) -> str | None:
    """What counts of a finding after these mentions; past and another person's are nothing of the patient now."""
    case = Case()
    for status in statuses:
        case = case.hearing([Mention(finding, status)])
    status_now = case.status(finding)
    about_now = (Status.PRESENT, Status.ABSENT, Status.UNCERTAIN)
    return status_now.value if status_now in about_now else None
