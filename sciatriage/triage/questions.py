"""Picks the next question: danger signs first, then what else decides the disposition, then causes and safe advice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sciatriage.triage.advice import Plan
from sciatriage.triage.case import Case
from sciatriage.triage.differential import Possibility
from sciatriage.triage.entries import QuestionEntry
from sciatriage.triage.expression import NOT_ASKED, Leaf, open_leaves
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.red_flags import Weighing, undecided_leaves
from sciatriage.triage.vocabulary import Disposition, Status

AT_MOST = 14  # questions in one talk, by the bound
TYPICAL = 10  # questions in a typical talk: beyond it nothing is asked for the sake of the causes alone
FIRST = 10  # questions of a lower order come before the red flags: who, and since when
AGAIN = "again"
AGAIN_AT_MOST = 2  # how many of them may be a second asking: at once, and once more at the end


@dataclass(frozen=True)
class NextQuestion:
    """The question to ask now.

    `kind` is yes_no, checklist, number, duration or choice; `findings` are those asked about, `value` the value asked
    for. `again` marks the second, simpler asking. `entry` gives the wording; for a second asking it is None.
    """

    id: str
    kind: str
    findings: tuple[str, ...] = ()
    value: str | None = None
    again: bool = False
    entry: QuestionEntry | None = None
    asked: int = 0
    at_most: int = AT_MOST


def decides_disposition(case: Case, weighing: Weighing, knowledge: Knowledge) -> NextQuestion | None:
    """The next question whose answer could change the disposition; None where none could."""
    if weighing.low is Disposition.EMERGENCY_NOW:
        return None
    stakes: dict[Leaf, Disposition] = {}
    for leaf, level in undecided_leaves(weighing, knowledge):
        if leaf not in stakes or level.urgency > stakes[leaf].urgency:
            stakes[leaf] = level
    again = _again(case, stakes)
    if again is not None and not any(id_.startswith(AGAIN) for id_ in case.asked):
        return again  # what is unsure is asked about next; the last second asking is kept for the end
    groups: dict[str, int] = {}
    for leaf, level in stakes.items():
        question = knowledge.question_of(leaf)
        if question is None or _unsure(case, leaf):
            continue
        # A list is shown once, with all that may yet matter in it; only a danger brings what is left of it back.
        if question.id not in case.asked or level.urgency >= Disposition.URGENT_SAME_DAY.urgency:
            groups[question.id] = max(groups.get(question.id, 0), level.urgency)
    if not groups:
        return again
    chosen = knowledge.questions[min(groups, key=lambda id_: _turn(knowledge.questions[id_], groups[id_]))]
    if len(case.asked) >= AT_MOST:
        return None
    may_matter = {leaf.id for leaf in stakes} | _may_matter(weighing, knowledge)
    asked_about = [id_ for id_ in chosen.findings if id_ in may_matter and not _unsure(case, Leaf("finding", id_))]
    return _group(chosen, asked_about, case, len(groups) + bool(again))


def tells_causes_apart(
    case: Case, weighing: Weighing, possibilities: tuple[Possibility, ...], knowledge: Knowledge
) -> NextQuestion | None:
    """The checklist that could bring another condition to the top. Asked where the talk is short enough to bear it."""
    if weighing.now.urgency > Disposition.SEE_CLINICIAN_SOON.urgency or len(possibilities) < 2:
        return None
    if len(case.asked) >= TYPICAL - 1:
        return None
    first = possibilities[0]
    best: tuple[float, QuestionEntry, list[str]] | None = None
    for question in knowledge.questions.values():
        if question.id in case.asked:
            continue
        findings = [id_ for id_ in question.findings if weighing.facts.finding(id_) is NOT_ASKED]
        for rival in possibilities[1:3]:
            over = sum(_swing(id_, first, rival) for id_ in findings) - (first.points - rival.points)
            if over > 0 and (best is None or over > best[0]):
                best = (over, question, findings)
    return _group(best[1], best[2], case, 1) if best else None


def frees_advice(case: Case, plan: Plan, weighing: Weighing, knowledge: Knowledge) -> NextQuestion | None:
    """The question about medicines and conditions that decides whether an advice item is safe for this person.

    Where self-care is the end, what helps is the result itself; else it is asked only while the talk is still short.
    """
    if weighing.now.urgency > Disposition.SEE_CLINICIAN_SOON.urgency:
        return None
    if len(case.asked) >= (AT_MOST if weighing.now is Disposition.SELF_CARE else TYPICAL):
        return None
    leaves = {
        leaf
        for gate in plan.open_gates
        for leaf in open_leaves(gate.when, weighing.facts, knowledge.conditions_of_definitions)
        if not _unsure(case, leaf)
    }
    groups = {question.id: question for leaf in leaves if (question := knowledge.question_of(leaf)) is not None}
    not_yet = [question for question in groups.values() if question.id not in case.asked]
    if not not_yet:
        return None
    question = min(not_yet, key=lambda one: one.order)
    return _group(question, [leaf.id for leaf in leaves if leaf.kind == "finding"], case, len(not_yet))


def _may_matter(weighing: Weighing, knowledge: Knowledge) -> set[str]:
    """The findings that could still move a rule or open an advice item, so that their list need not be shown twice."""
    if weighing.low.urgency > Disposition.SEE_CLINICIAN_SOON.urgency:
        return set()
    definitions = knowledge.conditions_of_definitions
    conditions = [verdict.rule.when for verdict in weighing.verdicts]
    conditions += [gate.when for advice in knowledge.advice.values() for gate in advice.withheld]
    conditions += [advice.for_whom for advice in knowledge.advice.values() if advice.for_whom is not None]
    return {leaf.id for condition in conditions for leaf in open_leaves(condition, weighing.facts, definitions)}


def _turn(question: QuestionEntry, urgency: int) -> tuple[bool, int, int]:
    """When a question's turn comes: age and time first (a fact of the whole case), then by what is at stake."""
    return question.order >= FIRST, -urgency, question.order


def _swing(finding: str, first: Possibility, rival: Possibility) -> float:
    """How far the finding, if present, would bring the rival nearer to the first (points, 0 at least)."""

    def points(one: Possibility) -> float:
        weight = one.condition.speaks_for.get(finding) or one.condition.speaks_against.get(finding)
        return weight.points if weight else 0.0

    return max(0.0, points(rival) - points(first))


def _unsure(case: Case, leaf: Leaf) -> bool:
    return leaf.kind == "finding" and case.status(leaf.id) is Status.UNCERTAIN


def _again(case: Case, stakes: dict[Leaf, Disposition]) -> NextQuestion | None:
    """The second, simpler asking of what is still uncertain and could change the outcome."""
    asked_before = sum(id_.startswith(AGAIN) for id_ in case.asked)
    findings = tuple(leaf.id for leaf in stakes if _unsure(case, leaf))
    if not findings or asked_before >= AGAIN_AT_MOST or len(case.asked) >= AT_MOST:
        return None
    kind = "yes_no" if len(findings) == 1 else "checklist"
    return NextQuestion(
        f"{AGAIN}:{'+'.join(findings)}", kind, findings, again=True, asked=len(case.asked), at_most=AT_MOST
    )


def _group(question: QuestionEntry, findings: Iterable[str], case: Case, left: int) -> NextQuestion:
    """The question with those of its findings that are still worth asking, in the knowledge's order."""
    wanted = set(findings)
    asked = tuple(id_ for id_ in question.findings if id_ in wanted)
    kind = "yes_no" if question.kind == "checklist" and len(asked) == 1 else question.kind
    at_most = min(AT_MOST, len(case.asked) + left + 2)
    return NextQuestion(
        question.id, kind, asked, question.value, entry=question, asked=len(case.asked), at_most=max(at_most, 1)
    )
