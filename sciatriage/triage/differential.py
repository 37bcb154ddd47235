"""What it may be: each condition's points from the findings, as shares of one. Possibilities, never a diagnosis."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sciatriage.triage.entries import ConditionEntry
from sciatriage.triage.expression import NOW, NOW_YES, Truth
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.red_flags import CaseFacts


@dataclass(frozen=True)
class Possibility:
    """A condition with its share (0 to 1), and the findings for it, against it, and not asked."""

    condition: ConditionEntry
    points: float
    score: float
    speaks_for: tuple[str, ...]
    against: tuple[str, ...]
    not_asked: tuple[str, ...]


def differential(facts: CaseFacts, knowledge: Knowledge) -> tuple[Possibility, ...]:
    """All conditions, the likeliest first. Points are natural log odds; a finding that is unsure counts half."""
    weighed = [_weigh(condition, facts, knowledge) for condition in knowledge.conditions.values()]
    if not weighed:
        return ()
    top = max(points for _, points, *_ in weighed)
    total = sum(math.exp(points - top) for _, points, *_ in weighed)
    possibilities = [
        Possibility(condition, points, math.exp(points - top) / total, *sides) for condition, points, *sides in weighed
    ]
    return tuple(sorted(possibilities, key=lambda one: (-one.score, one.condition.id)))


def _weigh(
    condition: ConditionEntry, facts: CaseFacts, knowledge: Knowledge
) -> tuple[ConditionEntry, float, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    points = condition.prior
    speaks_for: list[str] = []
    against: list[str] = []
    not_asked: list[str] = []
    known = facts.known
    for weights, side in ((condition.speaks_for, speaks_for), (condition.speaks_against, against)):
        for key, weight in weights.items():
            bits = known[key]
            if bits & NOW:
                points += weight.points if bits & NOW == NOW_YES else weight.points / 2
                side.append(key)
            elif bits and key in knowledge.findings:
                not_asked.append(key)
    for key, weight in condition.absent.items():
        if not known[key]:
            points += weight.points
            if weight.points < 0:
                against.append(key)
    return condition, points, _findings(speaks_for, facts, knowledge), tuple(against), tuple(not_asked)


def _findings(keys: list[str], facts: CaseFacts, knowledge: Knowledge) -> tuple[str, ...]:
    """Definitions replaced by the findings that make them true, so that the contract's lists hold finding ids."""
    found: dict[str, None] = {}
    for key in keys:
        if key in knowledge.findings:
            found[key] = None
        else:
            for leaf in knowledge.definitions[key].when.leaves():
                if leaf.kind == "finding" and facts.finding(leaf.id).now is not Truth.NO:
                    found[leaf.id] = None
    return tuple(found)
