"""What a question is expected to tell: how much surer its answer makes us, beside how hard it is to answer.

Of the disposition: for each level that is still open, the expected drop of the entropy of "it reaches that level".
What can't wait weighs most: a level counts by one over the hours it leaves. Of the causes: the expected drop of the
entropy of the conditions' shares. An answer to a list is taken as none of these, or one of them alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from operator import mul

from sciatriage.triage.differential import Possibility
from sciatriage.triage.entries import QuestionEntry
from sciatriage.triage.expectation import Outcome
from sciatriage.triage.expression import NOT_ASKED, NOW, NOW_YES, UNSURE_TO_ASK_AGAIN, Leaf
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.red_flags import CaseFacts, Weighing

_NEARLY = 0.9999  # a chance of one would leave nothing to divide by


def about_disposition(
    questions: Iterable[str], weighing: Weighing, possibilities: Sequence[Possibility], knowledge: Knowledge
) -> dict[str, float]:
    """What each of these questions is expected to tell of the disposition, by its burden."""
    chances = expected(weighing.facts, possibilities, knowledge)
    stake = _Stake(weighing, chances, knowledge)
    return {id_: stake.told_by(knowledge.questions[id_]) / knowledge.questions[id_].burden for id_ in questions}


def about_causes(
    lists: Mapping[str, Sequence[str]], weighing: Weighing, possibilities: Sequence[Possibility], knowledge: Knowledge
) -> dict[str, float]:
    """What each list, with these of its findings, is expected to tell of the causes, by its burden."""
    made, chances = knowledge.expectations, expected(weighing.facts, possibilities, knowledge)
    shares = _shares(possibilities, knowledge)
    told = {}
    for id_, findings in lists.items():
        weighed = [finding for finding in findings if finding in made.yes]
        if not weighed:
            continue
        none = shares
        for finding in weighed:
            none = list(map(mul, none, made.no[finding]))
        answers = [(1.0, _normal(none))]
        for finding in weighed:
            alone = list(map(mul, none, made.yes[finding]))
            answers.append((_odds(chances[finding]), _normal(alone)))
        total = sum(weight for weight, _ in answers)
        mean = _normal([sum(weight * after[one] for weight, after in answers) for one in range(len(shares))])
        left = sum(weight * _entropy_of(after) for weight, after in answers) / total
        told[id_] = (_entropy_of(mean) - left) / knowledge.questions[id_].burden
    return told


def about_gates(leaves: Iterable[Leaf], knowledge: Knowledge) -> dict[str, float]:
    """How unsure the open findings and values are beforehand that advice waits for, by question and its burden."""
    told: dict[str, float] = {}
    for leaf in leaves:
        question = knowledge.question_of(leaf)
        if question is not None:
            unsure = entropy(knowledge.chances[leaf.id] if leaf.kind == "finding" else 0.5)
            told[question.id] = told.get(question.id, 0.0) + unsure / question.burden
    return told


def expected(facts: CaseFacts, possibilities: Sequence[Possibility], knowledge: Knowledge) -> dict[str, float]:
    """How likely each finding, threshold and told condition is, given what is known: by what it may be."""
    made, known = knowledge.expectations, facts.known
    shares = _shares(possibilities, knowledge)
    chances: dict[str, float] = {}
    for id_, chance_within in made.within.items():
        bits = known[id_]
        if bits == NOT_ASKED.bits:
            chances[id_] = sum(map(mul, shares, chance_within))
        elif bits == UNSURE_TO_ASK_AGAIN.bits:
            chances[id_] = 0.5
        else:
            chances[id_] = 1.0 if bits & NOW else 0.0
    for name, threshold in made.thresholds.items():
        if threshold.value in facts.values:
            chances[name] = 1.0 if threshold.bits(facts) & NOW else 0.0
        else:
            chances[name] = made.met.get(name, 0.5)
    for name, condition in made.told.items():
        chances[name] = 1.0 if condition.bits(facts) & NOW == NOW_YES else 0.0
    return chances


class _Stake:
    """The rules that could still lift the disposition, each with how likely it does.

    A level is missed where every rule for it is: the red flags each by themselves, the reasons to be seen with the
    chance that there is trouble in the back or legs at all.
    """

    def __init__(self, weighing: Weighing, chances: dict[str, float], knowledge: Knowledge) -> None:
        self.facts, self.chances, self.made = weighing.facts, chances, knowledge.expectations
        least = weighing.low.urgency
        waiting = sorted(knowledge.waiting.items(), key=lambda item: item[0].urgency)
        self.matters = [1 / hours for level, hours in waiting if level.urgency > least]
        below = max(least + 1, waiting[0][0].urgency)
        self.lifts: dict[str, int] = {}  # to how many of the levels that are still open
        self.reasons: set[str] = set()
        self.missed: dict[str, float] = {}
        self.red, self.mild = [1.0] * len(self.matters), [1.0] * len(self.matters)
        for verdict in weighing.verdicts:
            if verdict.high.urgency <= least or not verdict.span.open:
                continue
            id_ = verdict.rule.id
            self.lifts[id_] = verdict.high.urgency - below + 1
            self.missed[id_] = self._missed(id_)
            if not verdict.rule.red_flag:
                self.reasons.add(id_)
            self._change(id_, self.missed[id_], self.red, self.mild)
        self.scope = self.made.scope.chance(chances) if self.reasons else 0.0

    def told_by(self, question: QuestionEntry) -> float:
        """The expected drop of entropy, over the levels by their weight."""
        answers = self._answers(question)
        touched = [id_ for id_ in self.made.touched.get(question.id, ()) if id_ in self.missed]
        in_scope = bool(self.reasons) and question.id in self.made.tells_scope
        if not answers or not (touched or in_scope):
            return 0.0
        chances = self.chances
        before = {name: chances[name] for met, _, _ in answers for name in met}
        chances.update(dict.fromkeys(before, 0.0))
        red, mild, scope = self.red.copy(), self.mild.copy(), self.scope
        missed: dict[str, float] = {}
        for id_ in touched:
            missed[id_] = self._missed(id_)
            self._change(id_, missed[id_] / self.missed[id_], red, mild)
        if in_scope:
            scope = self.made.scope.chance(chances)
        rest = 1.0  # the weight of the answers that change no rule
        changed: list[tuple[float, list[float]]] = []
        for met, rules, weight in answers:
            by_this = [id_ for id_ in rules if id_ in missed]
            if not by_this and not in_scope:
                rest += weight
                continue
            chances.update(dict.fromkeys(met, 1.0))
            red_then, mild_then = red.copy(), mild.copy()
            for id_ in by_this:
                self._change(id_, self._missed(id_) / missed[id_], red_then, mild_then)
            then = self.made.scope.chance(chances) if in_scope else scope
            chances.update(dict.fromkeys(met, 0.0))
            changed.append((weight, _reached(red_then, mild_then, then)))
        chances.update(before)
        if question.value:
            rest -= 1.0  # a value is always something: there is no "none of these"
        return self._drop([(rest, _reached(red, mild, scope)), *changed])

    def _answers(self, question: QuestionEntry) -> Sequence[Outcome]:
        """What can be answered, beside none of these: the names that are then true, the rules they touch, the odds."""
        if question.value:
            return () if question.value in self.facts.values else self.made.outcomes.get(question.id, ())
        known, chances, rules = self.facts.known, self.chances, self.made.rules_of
        return [
            Outcome((id_,), rules.get(id_, ()), _odds(chances[id_]))
            for id_ in question.findings
            if known[id_] == NOT_ASKED.bits
        ]

    def _missed(self, rule: str) -> float:
        return 1 - min(_NEARLY, self.made.rules[rule].chance(self.chances))

    def _change(self, rule: str, factor: float, red: list[float], mild: list[float]) -> None:
        levels = mild if rule in self.reasons else red
        for index in range(self.lifts[rule]):
            levels[index] *= factor

    def _drop(self, answers: Sequence[tuple[float, list[float]]]) -> float:
        total = sum(weight for weight, _ in answers)
        drop = 0.0
        for index, matters in enumerate(self.matters):
            mean = left = 0.0
            for weight, reached in answers:
                mean += weight * reached[index]
                left += weight * entropy(reached[index])
            drop += matters * (entropy(mean / total) - left / total)
        return drop


def _reached(red: Sequence[float], mild: Sequence[float], scope: float) -> list[float]:
    """How likely each level is reached."""
    return [1 - missed * (1 - scope * (1 - reasons)) for missed, reasons in zip(red, mild, strict=True)]


def entropy(chance: float) -> float:
    """Of a yes or no, in nats."""
    if chance <= 0.0 or chance >= 1.0:
        return 0.0
    return -chance * math.log(chance) - (1 - chance) * math.log(1 - chance)


def _shares(possibilities: Sequence[Possibility], knowledge: Knowledge) -> list[float]:
    """The conditions' shares, in the knowledge's order."""
    by_id = {one.condition.id: one.score for one in possibilities}
    return [by_id.get(id_, 0.0) for id_ in knowledge.conditions]


def _normal(shares: Sequence[float]) -> list[float]:
    total = sum(shares) or 1.0
    return [share / total for share in shares]


def _entropy_of(shares: Sequence[float]) -> float:
    return -sum(share * math.log(share) for share in shares if share > 0.0)


def _odds(chance: float) -> float:
    return chance / (1 - min(_NEARLY, chance))
