"""Finds the smallest changes of answers that would give a case another disposition: exactly, and in little time.

Trying every pair and triple of some hundred answers would take seconds. But a disposition only changes where some
rule does, and a rule's `when` itself says which answers must differ for that: the ways to make a list of `all` false
are those of any one of its parts, the ways to make an `any` false are one of each part together. So the search goes
from rule to rule along these ways, and tries no set of answers that couldn't help.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from sciatriage.triage.case import Case, Fact
from sciatriage.triage.entries import Rule
from sciatriage.triage.expression import (
    SIDE_OF,
    All,
    AnyOf,
    Condition,
    HasValue,
    IsDefinition,
    IsFinding,
    Lifted,
    Not,
    Told,
    Truth,
)
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.red_flags import CaseFacts, weigh
from sciatriage.triage.vocabulary import Disposition, Status

_HIGHEST = {"age": 120.0, "pain_score": 10.0}  # no value above
_FLIPPED = {Truth.NO: Truth.YES, Truth.UNSURE: Truth.UNSURE, Truth.YES: Truth.NO}
_IN_SCOPE = Lifted(IsDefinition("in_scope"), Truth.YES)


@dataclass(frozen=True)
class Stretch:
    """A stretch of a value that is a number; None is an open end, `with_low` and `with_high` take the ends in.

    `one` is a number of it. Where the value is chosen from a list, `choices` are those that would do.
    """

    low: float | None = None
    high: float | None = None
    with_low: bool = False
    with_high: bool = False
    choices: tuple[str, ...] = ()
    one: float | str = 0.0

    def holds(self, told: float | str) -> bool:
        """Whether a value lies in it."""
        if self.choices:
            return told in self.choices
        number = float(told)
        above = self.low is None or number > self.low or (self.with_low and number == self.low)
        below = self.high is None or number < self.high or (self.with_high and number == self.high)
        return above and below


@dataclass(frozen=True)
class Change:
    """One answer that would be another: a finding there or not, or a value within a stretch.

    `also` are findings that say the same as the value in words ("for weeks"), and so change with it: each is there
    where its condition holds for the value.
    """

    finding: str | None = None
    status: Status | None = None
    value: str | None = None
    stretch: Stretch | None = None
    also: tuple[tuple[str, HasValue], ...] = ()

    def on(self, case: Case, told: float | str | None = None) -> Case:
        """The case with this answer changed; a value becomes `told`, or one in its stretch."""
        if self.value is not None and self.stretch is not None:
            told = self.stretch.one if told is None else told
            case = case.with_value(self.value, told)
            for finding, said in self.also:
                case = case.with_fact(finding, Fact(Status.PRESENT if said.holds(told) else Status.ABSENT))
            return case
        assert self.finding is not None  # a change is of a value or of a finding
        assert self.status is not None
        return case.with_fact(self.finding, Fact(self.status))


@dataclass(frozen=True)
class Alternative:
    """Answers that would all have to be different for the disposition to be `level`."""

    changes: tuple[Change, ...]
    level: Disposition

    def on(self, case: Case) -> Case:
        """The case with all these answers changed."""
        for change in self.changes:
            case = change.on(case)
        return case


# What the search reckons with: a finding's name, or (value, number of the cell).
_Move = str | tuple[str, int]
_Moves = frozenset[_Move]
_NOTHING: _Moves = frozenset()


class Search:
    """One search from a case, for changes of findings to `status`, and of values to anything.

    Only findings that can be asked about are changed: what is never asked isn't an answer.
    """

    def __init__(self, case: Case, knowledge: Knowledge, status: Status) -> None:
        self._case = case
        self._knowledge = knowledge
        self._status = status
        self.raising = status is Status.PRESENT
        self._free = {
            id_ for id_, finding in knowledge.findings.items() if finding.ask_in and case.status(id_) is not status
        }
        self._levels: dict[_Moves, Disposition] = {}

    def smallest(self, least: Disposition, most: Disposition, at_most: int) -> tuple[Alternative, ...]:
        """All sets of changes, as few as will do and `at_most` so many, that give a level from `least` to `most`."""
        for size in range(1, at_most + 1):
            self._seen: set[_Moves] = set()
            found = {moves for moves in self._reach(_NOTHING, least, most, size) if len(moves) == size}
            if found:
                return tuple(self._alternatives(found))
        return ()

    # From rule to rule

    def _reach(self, moves: _Moves, least: Disposition, most: Disposition, left: int) -> Iterator[_Moves]:
        level = self._level(moves)
        if least.urgency <= level.urgency <= most.urgency:
            yield moves
            return
        if not left or moves in self._seen:
            return
        self._seen.add(moves)
        facts = CaseFacts(self._on(moves), self._knowledge)
        changed = {move[0] if isinstance(move, tuple) else move for move in moves}
        ways = _Ways(facts, self, changed, left)
        for way in self._towards(ways, facts, least, most) if level.urgency < least.urgency else self._down(ways, most):
            if way:
                yield from self._reach(moves | way, least, most, left - len(way))

    def _towards(self, ways: _Ways, facts: CaseFacts, least: Disposition, most: Disposition) -> Iterable[_Moves]:
        """The ways to make some rule give such a level."""
        found: dict[_Moves, None] = {}
        if least.urgency <= Disposition.SELF_CARE.urgency <= most.urgency:
            found.update(dict.fromkeys(ways.at_least(_IN_SCOPE, Truth.YES)))
        for rule in self._knowledge.rules.values():
            for truth in (Truth.UNSURE, Truth.YES):
                if least.urgency <= rule.levels[truth].urgency <= most.urgency:
                    found.update(dict.fromkeys(ways.at_least(_whole(rule), truth)))
                    break
        return found

    def _down(self, ways: _Ways, most: Disposition) -> Iterable[_Moves]:
        """The ways to bring one rule down that is above: each of them must come down, so the one with fewest ways."""
        fewest: list[_Moves] | None = None
        for rule in self._knowledge.rules.values():
            condition = _whole(rule)
            if rule.levels[condition.span(ways.facts).now].urgency > most.urgency:
                truth = Truth.UNSURE if rule.uncertain.urgency <= most.urgency else Truth.NO
                found = ways.at_most(condition, truth)
                if fewest is None or len(found) < len(fewest):
                    fewest = found
                if not found:
                    break
        return fewest or ()

    # What the moves do

    def _level(self, moves: _Moves) -> Disposition:
        level = self._levels.get(moves)
        if level is None:
            level = self._levels[moves] = weigh(self._on(moves), self._knowledge).now
        return level

    def _on(self, moves: _Moves) -> Case:
        case = self._case
        for move in moves:
            case = self._change(move).on(case)
        return case

    def _change(self, move: _Move) -> Change:
        if isinstance(move, str):
            return Change(finding=move, status=self._status)
        value, number = move
        return self._value_change(value, self.cells[value][number])

    def _value_change(self, value: str, stretch: Stretch) -> Change:
        also = tuple((finding, said) for finding, said in self.same.items() if said.value == value)
        return Change(value=value, stretch=stretch, also=also)

    # What there is to change

    def may_change(self, finding: str) -> bool:
        """Whether a change of this finding's answer is looked for."""
        return finding in self._free

    def definition(self, id_: str) -> Condition:
        """A definition's condition."""
        return self._knowledge.conditions_of_definitions[id_]

    @cached_property
    def _conditions(self) -> list[Condition]:
        """Every condition that the rules rest on, the inner ones too."""
        found: list[Condition] = []
        seen: set[str] = set()
        waiting: list[Condition] = [_IN_SCOPE, *(rule.when for rule in self._knowledge.rules.values())]
        while waiting:
            condition = waiting.pop()
            found.append(condition)
            if isinstance(condition, (All, AnyOf)):
                waiting += condition.parts
            elif isinstance(condition, (Not, Lifted, Told)):
                waiting.append(condition.part)
            elif isinstance(condition, IsDefinition) and condition.id not in seen:
                seen.add(condition.id)
                waiting.append(self.definition(condition.id))
        return found

    @cached_property
    def cells(self) -> Mapping[str, tuple[Stretch, ...]]:
        """Each value's range, cut where a rule looks: within a cell no rule can tell two values apart."""
        limits: dict[str, set[float]] = {}
        choices: dict[str, list[str]] = {}
        for condition in self._conditions:
            if isinstance(condition, HasValue) and not condition.value.startswith(SIDE_OF):
                if isinstance(condition.limit, tuple):
                    choices.setdefault(condition.value, []).extend(condition.limit)
                else:
                    limits.setdefault(condition.value, set()).add(condition.limit)
        for question in self._knowledge.questions.values():
            if question.value in choices:
                choices[question.value].extend(question.choices)
        cells = {value: _cut(sorted(at), _HIGHEST.get(value)) for value, at in limits.items()}
        for value, listed in choices.items():
            cells[value] = tuple(Stretch(choices=(one,), one=one) for one in dict.fromkeys(listed))
        return cells

    @cached_property
    def same(self) -> Mapping[str, HasValue]:
        """The findings that are never asked because a value beside them, in an `any`, says the same in a number."""
        return {
            finding.id: value
            for condition in self._conditions
            if isinstance(condition, AnyOf)
            for finding in condition.parts
            if isinstance(finding, IsFinding) and not self._knowledge.findings[finding.id].ask_in
            for value in condition.parts
            if isinstance(value, HasValue)
        }

    # What was found, said in whole stretches

    def _alternatives(self, found: set[_Moves]) -> Iterator[Alternative]:
        """The sets as alternatives: neighbouring cells of a value that do the same make one stretch."""
        alike: dict[tuple[_Moves, str, Disposition], list[int]] = {}
        for moves in sorted(found, key=lambda moves: sorted(map(str, moves))):
            valued = sorted(move for move in moves if isinstance(move, tuple))
            if valued:
                key = moves - {valued[0]}, valued[0][0], self._level(moves)
                alike.setdefault(key, []).append(valued[0][1])
            else:
                yield Alternative(self._changes(moves), self._level(moves))
        for (others, value, level), numbers in alike.items():
            for stretch in _joined(self.cells[value], sorted(numbers)):
                yield Alternative((*self._changes(others), self._value_change(value, stretch)), level)

    def _changes(self, moves: _Moves) -> tuple[Change, ...]:
        return tuple(self._change(move) for move in sorted(moves, key=str))


class _Ways:
    """The sets of changes that make a condition true enough or untrue enough, for these facts. `left` is the most.

    Every set of changes that does it holds one of these; one of these alone need not do it, so each is tried.
    """

    def __init__(self, facts: CaseFacts, search: Search, changed: set[str], left: int) -> None:
        self.facts = facts
        self._search = search
        self._changed = changed
        self._left = left

    def at_least(self, condition: Condition, truth: Truth) -> list[_Moves]:
        """Ways to make it as true as this, UNSURE or YES."""
        if condition.span(self.facts).now >= truth:
            return [_NOTHING]
        if isinstance(condition, All):
            return self._together(self.at_least(part, truth) for part in condition.parts)
        if isinstance(condition, AnyOf):
            return _either(self.at_least(part, truth) for part in condition.parts)
        if isinstance(condition, Not):
            return self.at_most(condition.part, _FLIPPED[truth])
        if isinstance(condition, Told):
            return self.at_least(condition.part, truth)
        if isinstance(condition, Lifted):
            return self.at_least(condition.part, Truth.UNSURE if condition.unsure_as is Truth.YES else Truth.YES)
        return self._leaf(condition, True, truth)

    def at_most(self, condition: Condition, truth: Truth) -> list[_Moves]:
        """Ways to make it no truer than this, NO or UNSURE."""
        if condition.span(self.facts).now <= truth:
            return [_NOTHING]
        if isinstance(condition, All):
            return _either(self.at_most(part, truth) for part in condition.parts)
        if isinstance(condition, AnyOf):
            return self._together(self.at_most(part, truth) for part in condition.parts)
        if isinstance(condition, Not):
            return self.at_least(condition.part, _FLIPPED[truth])
        if isinstance(condition, Told):
            return self.at_most(condition.part, truth)
        if isinstance(condition, Lifted):
            return self.at_most(condition.part, Truth.NO if condition.unsure_as is Truth.YES else Truth.UNSURE)
        return self._leaf(condition, False, truth)

    def _leaf(self, condition: Condition, wanted: bool, truth: Truth) -> list[_Moves]:
        if isinstance(condition, IsDefinition):
            inner = self._search.definition(condition.id)
            return self.at_least(inner, truth) if wanted else self.at_most(inner, truth)
        if isinstance(condition, HasValue):
            return self._cells(condition, wanted)
        assert isinstance(condition, IsFinding)  # there is no other kind
        if condition.id in self._search.same:
            return self._cells(self._search.same[condition.id], wanted)
        towards = self._search.raising is wanted
        return [frozenset([condition.id])] if towards and self._search.may_change(condition.id) else []

    def _cells(self, condition: HasValue, wanted: bool) -> list[_Moves]:
        if condition.value in self._changed or condition.value.startswith(SIDE_OF):
            return []  # the side of a sign is no answer of its own
        cells = self._search.cells[condition.value]
        return [
            frozenset([(condition.value, number)])
            for number, cell in enumerate(cells)
            if condition.holds(cell.one) is wanted
        ]

    def _together(self, parts: Iterable[list[_Moves]]) -> list[_Moves]:
        """One way of each part at once."""
        whole: set[_Moves] = {_NOTHING}
        for ways in parts:
            joined = (one | way for one in whole for way in ways)
            whole = {moves for moves in joined if len(moves) <= self._left and _one_cell_each(moves)}
            if not whole:
                break
        return list(whole)


def _either(parts: Iterable[list[_Moves]]) -> list[_Moves]:
    return list(dict.fromkeys(way for ways in parts for way in ways))


def _one_cell_each(moves: _Moves) -> bool:
    values = [move[0] for move in moves if isinstance(move, tuple)]
    return len(values) == len(set(values))


def _whole(rule: Rule) -> Condition:
    """What a rule rests on: a reason to be seen needs something in scope as well."""
    return rule.when if rule.red_flag else All((rule.when, _IN_SCOPE))


def _cut(limits: list[float], highest: float | None) -> tuple[Stretch, ...]:
    """The range cut at these limits: before, at, between and after them."""
    cells = [Stretch(high=limits[0], one=limits[0] / 2)] if limits[0] > 0 else []
    for number, limit in enumerate(limits):
        cells.append(Stretch(limit, limit, True, True, one=limit))
        if number + 1 < len(limits):
            cells.append(Stretch(limit, limits[number + 1], one=(limit + limits[number + 1]) / 2))
        elif highest is None or limit < highest:
            cells.append(Stretch(low=limit, one=limit + 1))
    return tuple(cells)


def _joined(cells: tuple[Stretch, ...], numbers: list[int]) -> Iterator[Stretch]:
    """These cells with neighbours made one; choices make one in any order."""
    if cells[0].choices:
        chosen = tuple(choice for number in numbers for choice in cells[number].choices)
        yield Stretch(choices=chosen, one=chosen[0])
        return
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        part = [cells[number] for _, number in run]
        first, last = part[0], part[-1]
        yield replace(first, high=last.high, with_high=last.with_high, one=part[len(part) // 2].one)
