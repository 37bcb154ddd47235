"""Picks the next question: what tells most of the disposition, then of the causes, then what safe advice waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sciatriage.triage import information
from sciatriage.triage.advice import Plan
from sciatriage.triage.case import Case
from sciatriage.triage.differential import Possibility
from sciatriage.triage.entries import QuestionEntry
from sciatriage.triage.expression import NOT_ASKED, Leaf, open_leaves
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.red_flags import Weighing, undecided_leaves
from sciatriage.triage.vocabulary import Disposition, Status

AT_MOST = 14  # questions in one talk
TYPICAL = 10  # questions in a typical talk: beyond it nothing is asked for the sake of the causes alone
WORTH_ASKING = 0.05  # nats of an ordinary question; what tells less of the causes isn't worth another list
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


@dataclass(frozen=True)
class Undecided:
    """What could still lift the disposition: the open findings and values, each with the level at stake.

    `groups` are the questions that may be asked for them, each with the urgency at stake; `again` is the second asking
    of what is unsure. `unanswered` are those left open though no question about them may be asked any more.
    """

    stakes: Mapping[Leaf, Disposition]
    groups: Mapping[str, int]
    again: NextQuestion | None

    @property
    def complete(self) -> bool:
        """Whether there is nothing left to ask for the sake of the disposition."""
        return not self.groups and self.again is None

    @property
    def unanswered(self) -> tuple[Leaf, ...]:
        """What is left open at the end of the questions: the safer side counts for it."""
        return tuple(self.stakes) if self.complete else ()


def something_to_ask(case: Case, weighing: Weighing, knowledge: Knowledge) -> bool:
    """Whether a question that was not asked yet could lift the disposition: a quick yes, or perhaps not."""
    if weighing.low is Disposition.EMERGENCY_NOW or len(case.asked) >= AT_MOST:
        return False
    for leaf, _ in undecided_leaves(weighing, knowledge):
        question = knowledge.question_of(leaf)
        if question is not None and question.id not in case.asked and not _unsure(case, leaf):
            return True
    return False


def undecided(case: Case, weighing: Weighing, knowledge: Knowledge) -> Undecided:
    """Gather what could still lift the disposition, and what may be asked about it."""
    stakes: dict[Leaf, Disposition] = {}
    if weighing.low is Disposition.EMERGENCY_NOW:
        return Undecided(stakes, {}, None)
    for leaf, level in undecided_leaves(weighing, knowledge):
        if leaf not in stakes or level.urgency > stakes[leaf].urgency:
            stakes[leaf] = level
    groups: dict[str, int] = {}
    if len(case.asked) < AT_MOST:
        for leaf, level in stakes.items():
            question = knowledge.question_of(leaf)
            if question is None or _unsure(case, leaf):
                continue
            # A list is shown once, with all that may yet matter in it; only a danger brings what is left of it back.
            if question.id not in case.asked or level.urgency >= Disposition.URGENT_SAME_DAY.urgency:
                groups[question.id] = max(groups.get(question.id, 0), level.urgency)
    return Undecided(stakes, groups, _again(case, stakes))


def decides_disposition(
    case: Case,
    undecided: Undecided,
    weighing: Weighing,
    possibilities: tuple[Possibility, ...],
    knowledge: Knowledge,
) -> NextQuestion | None:
    """The next question whose answer could change the disposition; None where none could.

    Of those that may be asked, the one that is expected to tell most of the disposition for what it costs to answer.
    """
    again, groups = undecided.again, undecided.groups
    if again is not None and (not groups or not any(id_.startswith(AGAIN) for id_ in case.asked)):
        return again  # what is unsure is asked about next; the last second asking is kept for the end
    if not groups:
        return None
    chosen = knowledge.questions[_most_telling(groups, weighing, possibilities, knowledge)]
    may_matter = {leaf.id for leaf in undecided.stakes} | _may_matter(chosen, weighing, knowledge)
    asked_about = [id_ for id_ in chosen.findings if id_ in may_matter and not _unsure(case, Leaf("finding", id_))]
    return _group(chosen, asked_about, case, len(groups) + bool(again))


def tells_causes_apart(
    case: Case, weighing: Weighing, possibilities: tuple[Possibility, ...], knowledge: Knowledge
) -> NextQuestion | None:
    """The checklist that is expected to tell most of the causes. Asked where the talk is short enough to bear it."""
    if weighing.now.urgency > Disposition.SEE_CLINICIAN_SOON.urgency or len(possibilities) < 2:
        return None
    if len(case.asked) >= TYPICAL - 1:
        return None
    known = weighing.facts.known
    lists = {
        question.id: tuple(id_ for id_ in question.findings if known[id_] == NOT_ASKED.bits)
        for question in knowledge.questions.values()
        if question.id not in case.asked
    }
    told = information.about_causes(lists, weighing, possibilities, knowledge)
    best = max(told, key=lambda id_: told[id_], default=None)
    if best is None or told[best] < WORTH_ASKING:
        return None
    return _group(knowledge.questions[best], lists[best], case, 1)


def frees_advice(case: Case, plan: Plan, weighing: Weighing, knowledge: Knowledge) -> NextQuestion | None:
    """The question about medicines and conditions that decides whether an advice item is safe for this person.

    Where self-care is the end, what helps is the result itself; else it is asked only while the talk is still short.
    """
    if weighing.now.urgency > Disposition.SEE_CLINICIAN_SOON.urgency:
        return None
    if len(case.asked) >= (AT_MOST if weighing.now is Disposition.SELF_CARE else TYPICAL):
        return None
    leaves = dict.fromkeys(
        leaf
        for gate in plan.open_gates
        for leaf in open_leaves(gate.when, weighing.facts, knowledge.conditions_of_definitions)
        if not _unsure(case, leaf)
    )
    groups = {question.id: question for leaf in leaves if (question := knowledge.question_of(leaf)) is not None}
    not_yet = [question for question in groups.values() if question.id not in case.asked]
    if not not_yet:
        return None
    told = information.about_gates(leaves, knowledge)
    question = max(not_yet, key=lambda one: (told[one.id], -one.order))
    return _group(question, [leaf.id for leaf in leaves if leaf.kind == "finding"], case, len(not_yet))


def _may_matter(question: QuestionEntry, weighing: Weighing, knowledge: Knowledge) -> set[str]:
    """What of this list could still move a rule or open an advice item, so that it need not be shown twice."""
    if weighing.low.urgency > Disposition.SEE_CLINICIAN_SOON.urgency:
        return set()
    asked = knowledge.expectations
    touched = asked.touched[question.id]
    conditions = [verdict.rule.when for verdict in weighing.verdicts if verdict.rule.id in touched]
    conditions += asked.advice_touched.get(question.id, [])
    definitions = knowledge.conditions_of_definitions
    return {leaf.id for condition in conditions for leaf in open_leaves(condition, weighing.facts, definitions)}


def _most_telling(
    groups: Mapping[str, int], weighing: Weighing, possibilities: tuple[Possibility, ...], knowledge: Knowledge
) -> str:
    """The question that tells most of the disposition; where two tell the same, the one that stands first."""
    if len(groups) == 1:
        return next(iter(groups))
    told = information.about_disposition(groups, weighing, possibilities, knowledge)
    return max(groups, key=lambda id_: (told[id_], -knowledge.questions[id_].order))


def _unsure(case: Case, leaf: Leaf) -> bool:
    return leaf.kind == "finding" and case.status(leaf.id) is Status.UNCERTAIN


def _again(case: Case, stakes: Mapping[Leaf, Disposition]) -> NextQuestion | None:
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
