"""Weighs a case by the rules: which danger signs and reasons hold, at what level, and what could still change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sciatriage.triage.case import Case
from sciatriage.triage.entries import Rule
from sciatriage.triage.expression import (
    NO,
    NOT_ASKED,
    UNSURE,
    UNSURE_TO_ASK_AGAIN,
    YES,
    Leaf,
    Span,
    Truth,
    open_leaves,
    told_leaves,
)
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.vocabulary import Disposition, Status


class CaseFacts:
    """A case as conditions ask it. What was not asked, or unsure and not asked again, is open."""

    def __init__(self, case: Case, knowledge: Knowledge) -> None:
        self._case = case
        self._definitions = knowledge.definitions
        self._findings = knowledge.findings
        self._known: dict[str, Span] = {}

    def finding(self, finding: str) -> Span:
        """The truth of a finding; past and another person's say nothing of the patient now, so they stay open."""
        fact = self._case.findings.get(finding)
        if fact is None:
            wider = self._findings[finding].narrower_than
            return NO if wider and self._case.status(wider) is Status.ABSENT else NOT_ASKED
        if fact.status is Status.PRESENT:
            return YES
        if fact.status is Status.ABSENT:
            # An ear can mishear: a danger sign is ruled out by the answer to its question, not by words in passing.
            return NOT_ASKED if fact.in_passing and self._findings[finding].danger else NO
        if fact.status is Status.UNCERTAIN:
            return UNSURE if fact.asked_again else UNSURE_TO_ASK_AGAIN
        return NOT_ASKED

    def value(self, value: str) -> float | str | None:
        """The value told, None where asked and unknown; KeyError where not asked."""
        return self._case.values[value]

    def definition(self, name: str) -> Span:
        """The truth of a definition, worked out once a case."""
        span = self._known.get(name)
        if span is None:
            span = self._known[name] = self._definitions[name].when.span(self)
        return span


@dataclass(frozen=True)
class Verdict:
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
    scope = facts.definition("in_scope")
    base = Span(*(Truth.YES if truth is not Truth.NO else Truth.NO for truth in (scope.low, scope.now, scope.high)))
    verdicts = []
    low, now, high = (_base(truth) for truth in (base.low, base.now, base.high))
    for rule in knowledge.rules.values():
        span = rule.when.span(facts)
        if not rule.red_flag:
            span = Span(min(span.low, base.low), min(span.now, base.now), min(span.high, base.high))
        if span.high is Truth.NO:
            continue
        verdict = Verdict(rule, span, _level(rule, span.low), _level(rule, span.now), _level(rule, span.high))
        verdicts.append(verdict)
        low, now, high = _more(low, verdict.low), _more(now, verdict.now), _more(high, verdict.high)
    return Weighing(facts, tuple(verdicts), now, low, high)


def undecided_leaves(weighing: Weighing, knowledge: Knowledge) -> Iterator[tuple[Leaf, Disposition]]:
    """The open findings and values that could still lift the disposition above its least, with the level at stake."""
    definitions = knowledge.conditions_of_definitions
    for verdict in weighing.verdicts:
        if verdict.span.open and verdict.high.urgency > weighing.low.urgency:
            for leaf in open_leaves(verdict.rule.when, weighing.facts, definitions):
                yield leaf, verdict.high
            if not verdict.rule.red_flag:
                for leaf in open_leaves(definitions["in_scope"], weighing.facts, definitions):
                    yield leaf, verdict.high
    if weighing.facts.definition("in_scope").low is Truth.NO and weighing.low is Disposition.OUT_OF_SCOPE:
        for leaf in open_leaves(definitions["in_scope"], weighing.facts, definitions):
            yield leaf, Disposition.SELF_CARE


def findings_behind(verdict: Verdict, weighing: Weighing, knowledge: Knowledge) -> tuple[str, ...]:
    """The findings that make this rule true or unsure, each once, in the order of the rule."""
    leaves = told_leaves(verdict.rule.when, weighing.facts, knowledge.conditions_of_definitions)
    return tuple(dict.fromkeys(leaf.id for leaf in leaves if leaf.kind == "finding"))


def _base(in_scope: Truth) -> Disposition:
    return Disposition.OUT_OF_SCOPE if in_scope is Truth.NO else Disposition.SELF_CARE


def _level(rule: Rule, truth: Truth) -> Disposition:
    if truth is Truth.YES:
        return rule.present
    return rule.uncertain if truth is Truth.UNSURE else Disposition.OUT_OF_SCOPE


def _more(one: Disposition, other: Disposition) -> Disposition:
    return one if one.urgency >= other.urgency else other
