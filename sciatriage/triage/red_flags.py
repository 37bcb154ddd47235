"""Weighs a case by the rules: which danger signs and reasons hold, at what level, and what could still change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sciatriage.triage.case import Case, Fact
from sciatriage.triage.entries import Rule
from sciatriage.triage.expression import (
    NO,
    SIDE_OF,
    SPANS,
    UNSURE,
    UNSURE_TO_ASK_AGAIN,
    YES,
    IsDefinition,
    Leaf,
    Lifted,
    Span,
    Truth,
    open_leaves,
    told_leaves,
)
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.vocabulary import Disposition, Status

# Something in scope that is only perhaps there is enough for a reason to be seen.
_IN_SCOPE = Lifted(IsDefinition("in_scope"), Truth.YES)


class CaseFacts:
    """A case as conditions ask it. What was not asked, or unsure and not asked again, is open."""

    def __init__(self, case: Case, knowledge: Knowledge) -> None:
        sides = {
            f"{SIDE_OF}{finding}": fact.side
            for finding, fact in case.findings.items()
            if fact.side and fact.status in (Status.PRESENT, Status.UNCERTAIN)
        }
        self.values: Mapping[str, float | str | None] = {**case.values, **sides} if sides else case.values
        self.known: dict[str, int] = _Known(self, knowledge)
        for finding, fact in case.findings.items():
            if finding in knowledge.findings:
                self.known[finding] = _bits(fact, knowledge.findings[finding].danger, self.known[finding])
        for finding, wider in knowledge.narrower.items():
            if self.known[wider] == NO.bits and self.known[finding] == knowledge.before_asking[finding]:
                self.known[finding] = NO.bits

    def finding(self, finding: str) -> Span:
        """The truth of a finding."""
        return SPANS[self.known[finding]]

    def definition(self, name: str) -> Span:
        """The truth of a definition."""
        return SPANS[self.known[name]]


class _Known(dict[str, int]):
    """Each finding's span as bits; a definition's is worked out once a case, when it is first asked for."""

    def __init__(self, facts: CaseFacts, knowledge: Knowledge) -> None:
        super().__init__(knowledge.before_asking)
        self._facts = facts
        self._definitions = knowledge.conditions_of_definitions

    def __missing__(self, name: str) -> int:
        bits = self[name] = self._definitions[name].bits(self._facts)
        return bits


def _bits(fact: Fact, danger: bool, before: int) -> int:
    """A fact as bits; past and another person's say nothing of the patient now, so they leave it as it was `before`."""
    if fact.status is Status.PRESENT:
        return YES.bits
    if fact.status is Status.ABSENT:
        # An ear can mishear: a danger sign is ruled out by the answer to its question, not by words in passing.
        return before if fact.in_passing and danger else NO.bits
    if fact.status is Status.UNCERTAIN:
        return UNSURE.bits if fact.asked_again else UNSURE_TO_ASK_AGAIN.bits
    return before


class Verdict(NamedTuple):
    """One rule's word on a case: its level at the least, now, and at the most the open answers allow."""

    rule: Rule
    span: Span
    low: Disposition
    now: Disposition
    high: Disposition


@dataclass(frozen=True)
class Weighing:
    """All rules' word on a case.

    `now` is the disposition that the known facts demand, with open questions counted as no and an unknown value on
    the safer side; `low` and `high` are the least and the most that the open answers could still make of it.
    `fired` are the verdicts that hold now, in the order the knowledge lists them.
    """

    facts: CaseFacts
    verdicts: tuple[Verdict, ...]
    now: Disposition
    low: Disposition
    high: Disposition

    @property
    def fired(self) -> tuple[Verdict, ...]:
        """The verdicts whose rule is true or unsure now."""
        return tuple(verdict for verdict in self.verdicts if verdict.span.now is not Truth.NO)

    @property
    def settled(self) -> bool:
        """Whether no open answer could change the disposition by a rule."""
        return self.low == self.high


def weigh(case: Case, knowledge: Knowledge) -> Weighing:
    """Apply every rule. Red flags hold whatever else is said; reasons to be seen need something in scope."""
    facts = CaseFacts(case, knowledge)
    base = _IN_SCOPE.bits(facts)
    scope = SPANS[base]
    low, now, high = _base(scope.low), _base(scope.now), _base(scope.high)
    verdicts = []
    for rule in knowledge.rules.values():
        bits = rule.when.bits(facts)
        if not rule.red_flag:
            bits &= base
        if bits:
            span, levels = SPANS[bits], rule.levels
            verdict = Verdict(rule, span, levels[span.low], levels[span.now], levels[span.high])
            verdicts.append(verdict)
            low = verdict.low if verdict.low.urgency > low.urgency else low
            now = verdict.now if verdict.now.urgency > now.urgency else now
            high = verdict.high if verdict.high.urgency > high.urgency else high
    return Weighing(facts, tuple(verdicts), now, low, high)


def undecided_leaves(weighing: Weighing, knowledge: Knowledge) -> Iterator[tuple[Leaf, Disposition]]:
    """The open findings and values that could still lift the disposition above its least, with the level at stake."""
    facts, definitions = weighing.facts, knowledge.conditions_of_definitions
    least = weighing.low.urgency
    scope: list[Leaf] | None = None
    for verdict in weighing.verdicts:
        if verdict.high.urgency > least and verdict.span.open:
            for leaf in open_leaves(verdict.rule.when, facts, definitions):
                yield leaf, verdict.high
            if not verdict.rule.red_flag:
                if scope is None:
                    scope = open_leaves(_IN_SCOPE, facts, definitions)
                for leaf in scope:
                    yield leaf, verdict.high
    if facts.definition("in_scope").low is Truth.NO and weighing.low is Disposition.OUT_OF_SCOPE:
        for leaf in open_leaves(_IN_SCOPE, facts, definitions):
            yield leaf, Disposition.SELF_CARE


def findings_behind(verdict: Verdict, weighing: Weighing, knowledge: Knowledge) -> tuple[str, ...]:
    """The findings that make this rule true or unsure, each once, in the order of the rule."""
    leaves = told_leaves(verdict.rule.when, weighing.facts, knowledge.conditions_of_definitions)
    return tuple(dict.fromkeys(leaf.id for leaf in leaves if leaf.kind == "finding"))


def _base(in_scope: Truth) -> Disposition:
    return Disposition.OUT_OF_SCOPE if in_scope is Truth.NO else Disposition.SELF_CARE
