"""How likely a condition is to hold while some of its findings are open: its `when` as a tree of chances.

Built once a knowledge. Open findings are taken as independent: all is the product, any is one less the product of what
is left. Only the order of the questions rests on these numbers; whether a rule holds is worked out in `expression`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import mul
from typing import TYPE_CHECKING, NamedTuple

from sciatriage.triage.expression import (
    All,
    AnyOf,
    Condition,
    HasValue,
    IsDefinition,
    IsFinding,
    Lifted,
    Not,
    Told,
)

if TYPE_CHECKING:
    from sciatriage.triage.knowledge import Knowledge

Chances = Mapping[str, float]  # of findings, thresholds and told conditions, by name


@dataclass(frozen=True)
class Likely:
    """A tree of chances: all or any of the named and of the parts; the other way round where `opposite`."""

    of_all: bool
    names: tuple[str, ...]
    parts: tuple[Likely, ...] = ()
    opposite: bool = False

    def chance(self, chances: Chances) -> float:
        """How likely it holds."""
        product = 1.0
        if self.of_all:
            for name in self.names:
                product *= chances[name]
            for part in self.parts:
                product *= part.chance(chances)
            return 1.0 - product if self.opposite else product
        for name in self.names:
            product *= 1.0 - chances[name]
        for part in self.parts:
            product *= 1.0 - part.chance(chances)
        return product if self.opposite else 1.0 - product

    def all_names(self) -> Iterator[str]:
        """Every name in it."""
        yield from self.names
        for part in self.parts:
            yield from part.all_names()


class Outcome(NamedTuple):
    """One answer to a question: the names that are then true (of its others none), the rules they touch, its weight."""

    met: tuple[str, ...]
    rules: tuple[str, ...]
    weight: float


@dataclass
class Expectations:
    """What the order of the questions rests on, made ready once a knowledge.

    `rules` and `scope` are trees of chances. `thresholds` and `told` are the conditions behind the names that are no
    findings; `met` is how often a threshold is met. `rules_of` are the rules that a name touches, `touched` those that
    a question does; the questions that `tells_scope` say whether there is trouble in the back or legs at all.
    `within` is each finding's chance within each condition, in the knowledge's order. `outcomes` are the answers to
    a question about a value. `no` and `yes` are what an answer does to the conditions' odds (`yes` after a no is taken
    back). `advice_touched` are the advice items' conditions that a question settles.
    """

    rules: dict[str, Likely] = field(default_factory=dict)
    scope: Likely = field(default_factory=lambda: Likely(False, ()))
    thresholds: dict[str, HasValue] = field(default_factory=dict)
    told: dict[str, Condition] = field(default_factory=dict)
    met: dict[str, float] = field(default_factory=dict)
    rules_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    touched: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tells_scope: set[str] = field(default_factory=set)
    within: dict[str, tuple[float, ...]] = field(default_factory=dict)
    outcomes: dict[str, tuple[Outcome, ...]] = field(default_factory=dict)
    yes: dict[str, tuple[float, ...]] = field(default_factory=dict)
    no: dict[str, tuple[float, ...]] = field(default_factory=dict)
    advice_touched: dict[str, list[Condition]] = field(default_factory=dict)


def expectations(knowledge: Knowledge) -> Expectations:
    """Make ready all that doesn't depend on a case."""
    made = Expectations()
    for rule in knowledge.rules.values():
        made.rules[rule.id] = _tree(rule.when, knowledge, made)
    made.scope = _tree(IsDefinition("in_scope"), knowledge, made)
    for id_, tree in made.rules.items():
        for name in dict.fromkeys(tree.all_names()):
            made.rules_of[name] = (*made.rules_of.get(name, ()), id_)
    for question in knowledge.questions.values():
        names = [*question.findings]
        names += [name for name, one in made.thresholds.items() if one.value == question.value]
        touched = dict.fromkeys(rule for name in names for rule in made.rules_of.get(name, ()))
        made.touched[question.id] = tuple(touched)
        if not set(names).isdisjoint(made.scope.all_names()):
            made.tells_scope.add(question.id)
        if question.value and question.typical:
            made.outcomes[question.id] = tuple(_outcomes(question.typical, question.value, made))
    for outcome in (one for outcomes in made.outcomes.values() for one in outcomes):
        for name in outcome.met:
            made.met[name] = made.met.get(name, 0.0) + outcome.weight
    _weigh_conditions(knowledge, made)
    for advice in knowledge.advice.values():
        gates = [gate.when for gate in advice.withheld]
        for condition in [*gates, advice.for_whom] if advice.for_whom else gates:
            for question_id in _asked_about(condition, knowledge):
                made.advice_touched.setdefault(question_id, []).append(condition)
    return made


def _weigh_conditions(knowledge: Knowledge, made: Expectations) -> None:
    """What each finding says of the conditions, and they of it."""
    conditions = list(knowledge.conditions.values())
    priors = [math.exp(one.prior) for one in conditions]
    for id_, chance in knowledge.chances.items():
        points = [
            sum(weights[id_].points for weights in (one.speaks_for, one.speaks_against) if id_ in weights)
            for one in conditions
        ]
        made.within[id_] = chance_by_condition(chance, points, priors)
        absent = [one.absent[id_].points if id_ in one.absent else 0.0 for one in conditions]
        if any(points) or any(absent):
            made.yes[id_] = tuple(math.exp(yes - no) for yes, no in zip(points, absent, strict=True))
            made.no[id_] = tuple(map(math.exp, absent))


def _asked_about(condition: Condition, knowledge: Knowledge) -> dict[str, None]:
    """The questions that ask about something this condition names, each once."""
    found: dict[str, None] = {}
    for leaf in condition.leaves():
        if leaf.kind == "definition":
            found.update(_asked_about(knowledge.definitions[leaf.id].when, knowledge))
        elif (question := knowledge.question_of(leaf)) is not None:
            found[question.id] = None
    return found


def chance_by_condition(chance: float, points: Sequence[float], priors: Sequence[float]) -> tuple[float, ...]:
    """A finding's chance within each condition by its points (natural log odds), such that over all it is `chance`."""
    low, high, total = -40.0, 40.0, sum(priors)
    for _ in range(40):  # by halves: a hundred-millionth of a point is near enough
        middle = (low + high) / 2
        within = tuple(1 / (1 + math.exp(-middle - each)) for each in points)
        if sum(map(mul, priors, within)) < chance * total:
            low = middle
        else:
            high = middle
    return within


def _tree(condition: Condition, knowledge: Knowledge, made: Expectations) -> Likely:
    if isinstance(condition, IsFinding):
        return Likely(True, (condition.id,))
    if isinstance(condition, IsDefinition):
        return _tree(knowledge.definitions[condition.id].when, knowledge, made)
    if isinstance(condition, Lifted):
        return _tree(condition.part, knowledge, made)
    if isinstance(condition, Not):
        part = _tree(condition.part, knowledge, made)
        return Likely(part.of_all, part.names, part.parts, not part.opposite)
    if isinstance(condition, (All, AnyOf)):
        of_all = isinstance(condition, All)
        names: dict[str, None] = {}
        parts: list[Likely] = []
        for part in (_tree(one, knowledge, made) for one in condition.parts):
            single = len(part.names) == 1 and not part.parts
            if (part.of_all is of_all or single) and not part.opposite:
                names.update(dict.fromkeys(part.names))
                parts.extend(part.parts)
            else:
                parts.append(part)
        return Likely(of_all, tuple(names), tuple(parts))
    if isinstance(condition, HasValue):
        made.thresholds[condition.says] = condition
        return Likely(True, (condition.says,))
    name = f"told {condition!r}"
    assert isinstance(condition, Told)
    made.told[name] = condition
    return Likely(True, (name,))


def _outcomes(typical: tuple[float | str, ...], value: str, made: Expectations) -> Iterator[Outcome]:
    """The typical answers, gathered by the thresholds they meet: answers that no rule tells apart are one."""
    of_value = {name: threshold for name, threshold in made.thresholds.items() if threshold.value == value}
    weights: dict[tuple[str, ...], float] = {}
    for told in typical:
        met = tuple(name for name, threshold in of_value.items() if threshold.holds(told))
        weights[met] = weights.get(met, 0.0) + 1 / len(typical)
    for met, weight in weights.items():
        yield Outcome(met, tuple(dict.fromkeys(rule for name in met for rule in made.rules_of[name])), weight)
