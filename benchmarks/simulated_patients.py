"""Patients drawn by dice: a condition, what it makes likely, what they say of it. The same seed, the same patient."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sciatriage.triage.case import Case, Fact
from sciatriage.triage.entries import ConditionEntry
from sciatriage.triage.expectation import chance_by_condition
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.questions import NextQuestion
from sciatriage.triage.vocabulary import Status

UNSURE = 0.05  # of what is asked, what people can't tell: of findings and of values
TOLD_AT_FIRST = (1, 2, 3)
AGES = (8, 45, 92)  # least, likeliest, most
DAYS = (0.1, 400.0)  # least and most, evenly spread over the orders of magnitude
SIDES = ("left", "left", "right", "right", "both")
HEARD_FIRST = "symptoms"  # what people come with
NOT_VOLUNTEERED = "toilet_and_both_legs"  # what nobody tells unless asked
WORLDS = ("as expected", "never unsure", "misjudged", "from points")
MISJUDGED_BY = 1.0  # log odds, standard deviation


@dataclass(frozen=True)
class Patient:
    """Who has what: findings that are present, or that they can't tell (all others are not), and values.

    `opening` are the findings they tell before anything is asked; a value that isn't there they don't know.
    """

    condition: str
    findings: Mapping[str, Status]
    values: Mapping[str, float | str]
    opening: tuple[str, ...]

    def truth(self, knowledge: Knowledge) -> Case:
        """All of it as a finished case: every finding answered, what is unsure asked twice."""
        facts = {id_: self.fact(id_, again=True) for id_, finding in knowledge.findings.items() if finding.ask_in}
        values = [one.value for one in knowledge.questions.values() if one.value]
        return Case(facts, {value: self.values.get(value) for value in values})

    def fact(self, finding: str, again: bool) -> Fact:
        """What they answer when asked about a finding, at first or again."""
        status = self.findings.get(finding, Status.ABSENT)
        return Fact(status, asked_again=again and status is Status.UNCERTAIN)

    def opens(self) -> Case:
        """The case after their first words."""
        return Case({id_: Fact(Status.PRESENT) for id_ in self.opening})

    def answers(self, case: Case, question: NextQuestion) -> Case:
        """The case after their answer to this question."""
        asked = Case({**case.findings}, {**case.values}, (*case.asked, question.id))
        for finding in question.findings:
            asked = asked.with_fact(finding, self.fact(finding, question.again))
        return asked.with_value(question.value, self.values.get(question.value)) if question.value else asked


def draw(seed: int, knowledge: Knowledge, world: str = WORLDS[0]) -> Patient:
    """One patient of a world.

    As expected: over all patients each finding is as likely as the knowledge says. Never unsure: so, and every finding
    asked about is answered yes or no. Misjudged: findings are likelier or rarer than the knowledge says, by chance.
    From points: each condition's points are added to what the knowledge says, so that over all most are likelier.
    """
    dice = random.Random(seed)
    conditions = list(knowledge.conditions.values())
    condition = dice.choices(conditions, [math.exp(one.prior) for one in conditions])[0]
    findings: dict[str, Status] = {}
    chances = _chances(world, knowledge)[condition.id]
    for id_, finding in knowledge.findings.items():
        if not finding.ask_in:
            continue
        has = dice.random() < chances[id_]
        if dice.random() < (0.0 if world == "never unsure" else UNSURE):
            findings[id_] = Status.UNCERTAIN
        elif has:
            findings[id_] = Status.PRESENT
    for id_, wider in knowledge.narrower.items():
        if id_ in findings and wider not in findings:
            del findings[id_]  # who doesn't have the wider can't have the narrower
    return Patient(condition.id, findings, _values(dice), _opening(dice, findings, knowledge))


_made: dict[tuple[str, str], dict[str, dict[str, float]]] = {}  # by world and knowledge


def _chances(world: str, knowledge: Knowledge) -> dict[str, dict[str, float]]:
    """Each finding's chance within each condition."""
    if (world, knowledge.fingerprint) not in _made:
        # A world is misjudged in one way for all its patients.
        dice = random.Random(0)
        conditions = list(knowledge.conditions.values())
        made: dict[str, dict[str, float]] = {condition.id: {} for condition in conditions}
        for id_, chance in sorted(knowledge.chances.items()):
            odds = math.log(chance / (1 - chance))
            if world == "misjudged":
                odds += dice.gauss(0.0, MISJUDGED_BY)
            points = [_points(condition, id_) for condition in conditions]
            if world == "from points":
                within: Sequence[float] = [1 / (1 + math.exp(-odds - each)) for each in points]
            else:
                within = chance_by_condition(1 / (1 + math.exp(-odds)), points, [math.exp(c.prior) for c in conditions])
            for condition, each in zip(conditions, within, strict=True):
                made[condition.id][id_] = each
        _made[world, knowledge.fingerprint] = made
    return _made[world, knowledge.fingerprint]


def _points(condition: ConditionEntry, finding: str) -> float:
    sides = (condition.speaks_for, condition.speaks_against)
    return sum(weights[finding].points for weights in sides if finding in weights)


def _values(dice: random.Random) -> dict[str, float | str]:
    least, most = (math.log(days) for days in DAYS)
    low, likeliest, high = AGES
    values: dict[str, float | str] = {
        "age": float(round(dice.triangular(low, high, likeliest))),
        "duration_days": round(math.exp(dice.uniform(least, most)), 1),
        "side": dice.choice(SIDES),
        "pain_score": float(round(dice.triangular(0, 10, 5))),
    }
    return {id_: told for id_, told in values.items() if dice.random() >= UNSURE}


def _opening(dice: random.Random, findings: Mapping[str, Status], knowledge: Knowledge) -> tuple[str, ...]:
    """One to three of what they have: first what people come with, never what nobody tells unless asked."""
    has = [id_ for id_, status in findings.items() if status is Status.PRESENT]
    asked_in = {id_: knowledge.findings[id_].ask_in for id_ in has}
    first = [id_ for id_ in has if asked_in[id_] == HEARD_FIRST]
    others = [id_ for id_ in has if asked_in[id_] != NOT_VOLUNTEERED and id_ not in first]
    dice.shuffle(first)
    dice.shuffle(others)
    count = dice.choice(TOLD_AT_FIRST)
    told = first[: max(1, count - 1)]
    return (*told, *others[: count - len(told)])
