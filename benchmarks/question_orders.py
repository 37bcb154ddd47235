"""Other ways to choose the next question, to measure the program's own against."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sciatriage.triage.advice import plan
from sciatriage.triage.case import Case
from sciatriage.triage.consultation import Opinion
from sciatriage.triage.differential import Possibility, differential
from sciatriage.triage.entries import QuestionEntry
from sciatriage.triage.expression import NOT_ASKED, Leaf, open_leaves
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.questions import AGAIN, AT_MOST, TYPICAL, NextQuestion, Undecided, undecided
from sciatriage.triage.red_flags import Weighing, weigh
from sciatriage.triage.vocabulary import Disposition, Status

FIRST = 10  # questions of a lower order are age and time
Choice = Callable[[Case, Opinion, Knowledge], NextQuestion | None]


def by_information(case: Case, opinion: Opinion, knowledge: Knowledge) -> NextQuestion | None:
    """The program's own."""
    return opinion.next_question


def age_and_time_first(case: Case, opinion: Opinion, knowledge: Knowledge) -> NextQuestion | None:
    """The program's own, but age and time come before everything else where they could matter."""
    if opinion.certain is not Disposition.EMERGENCY_NOW:
        _, left = _left(case, knowledge)
        for question in knowledge.questions.values():
            if question.id in left.groups and question.order < FIRST:
                return _shown(question, ())
    return opinion.next_question


def all_in_order(case: Case, opinion: Opinion, knowledge: Knowledge) -> NextQuestion | None:
    """Every list in the order they are written, until no open answer could change the disposition."""
    weighing, left = _left(case, knowledge)
    if left.complete or weighing.low is Disposition.EMERGENCY_NOW:
        return None
    if left.again is not None and not any(id_.startswith(AGAIN) for id_ in case.asked):
        return left.again
    for question in knowledge.questions.values():
        if question.id not in case.asked and not (question.value and question.value in case.values):
            return _shown(question, (id_ for id_ in question.findings if id_ not in case.findings))
    if left.groups:
        question = knowledge.questions[next(iter(left.groups))]
        return _shown(question, (leaf.id for leaf in left.stakes if leaf.kind == "finding"))
    return left.again


def by_urgency(case: Case, opinion: Opinion, knowledge: Knowledge) -> NextQuestion | None:
    """What could matter only: age and time first, then by the urgency at stake, then in the order they are written."""
    weighing, left = _left(case, knowledge)
    if weighing.low is Disposition.EMERGENCY_NOW:
        return None
    if left.again is not None and (not left.groups or not any(id_.startswith(AGAIN) for id_ in case.asked)):
        return left.again
    if left.groups:
        questions = [knowledge.questions[id_] for id_ in left.groups]
        first = min(questions, key=lambda one: (one.order >= FIRST, -left.groups[one.id], one.order))
        wanted = {leaf.id for leaf in left.stakes} | _may_matter(weighing, knowledge)
        return _shown(first, (id_ for id_ in first.findings if id_ in wanted and not _unsure(case, id_)))
    if weighing.now.urgency > Disposition.SEE_CLINICIAN_SOON.urgency:
        return None
    return _apart(case, weighing, knowledge) or _frees(case, weighing, knowledge)


def _left(case: Case, knowledge: Knowledge) -> tuple[Weighing, Undecided]:
    weighing = weigh(case, knowledge)
    return weighing, undecided(case, weighing, knowledge)


def _apart(case: Case, weighing: Weighing, knowledge: Knowledge) -> NextQuestion | None:
    """The list that could bring one of the next two conditions to the top by most points."""
    possibilities = differential(weighing.facts, knowledge)
    if len(case.asked) >= TYPICAL - 1:
        return None
    best: tuple[float, QuestionEntry, list[str]] | None = None
    for question in knowledge.questions.values():
        if question.id in case.asked:
            continue
        findings = [id_ for id_ in question.findings if weighing.facts.finding(id_) is NOT_ASKED]
        for rival in possibilities[1:3]:
            over = sum(max(0.0, _points(rival, id_) - _points(possibilities[0], id_)) for id_ in findings)
            over -= possibilities[0].points - rival.points
            if over > 0 and (best is None or over > best[0]):
                best = over, question, findings
    return _shown(best[1], best[2]) if best else None


def _points(possibility: Possibility, finding: str) -> float:
    condition = possibility.condition
    weight = condition.speaks_for.get(finding) or condition.speaks_against.get(finding)
    return weight.points if weight else 0.0


def _frees(case: Case, weighing: Weighing, knowledge: Knowledge) -> NextQuestion | None:
    """The first list that decides whether an advice item is safe."""
    if len(case.asked) >= (AT_MOST if weighing.now is Disposition.SELF_CARE else TYPICAL):
        return None
    definitions = knowledge.conditions_of_definitions
    leaves = [
        leaf
        for gate in plan(weighing.now, weighing.facts, knowledge).open_gates
        for leaf in open_leaves(gate.when, weighing.facts, definitions)
        if not (leaf.kind == "finding" and _unsure(case, leaf.id))
    ]
    questions = [question for leaf in leaves if (question := knowledge.question_of(leaf)) is not None]
    left = [question for question in questions if question.id not in case.asked]
    if not left:
        return None
    return _shown(min(left, key=lambda one: one.order), (leaf.id for leaf in leaves if leaf.kind == "finding"))


def _may_matter(weighing: Weighing, knowledge: Knowledge) -> set[str]:
    if weighing.low.urgency > Disposition.SEE_CLINICIAN_SOON.urgency:
        return set()
    conditions = [verdict.rule.when for verdict in weighing.verdicts]
    conditions += [gate.when for advice in knowledge.advice.values() for gate in advice.withheld]
    conditions += [advice.for_whom for advice in knowledge.advice.values() if advice.for_whom is not None]
    leaves: Iterable[Leaf] = (
        leaf
        for condition in conditions
        for leaf in open_leaves(condition, weighing.facts, knowledge.conditions_of_definitions)
    )
    return {leaf.id for leaf in leaves}


def _unsure(case: Case, finding: str) -> bool:
    return case.status(finding) is Status.UNCERTAIN


def _shown(question: QuestionEntry, findings: Iterable[str]) -> NextQuestion:
    wanted = set(findings)
    asked = tuple(id_ for id_ in question.findings if id_ in wanted)
    return NextQuestion(question.id, question.kind, asked, question.value, entry=question)


WITH_QUESTION = (by_information, age_and_time_first)  # those that need the program's own question
ORDERS: dict[str, Choice] = {
    "by information": by_information,
    "age and time first": age_and_time_first,
    "by urgency": by_urgency,
    "all in order": all_in_order,
}
