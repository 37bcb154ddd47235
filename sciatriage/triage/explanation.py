"""Explains from the rules: why this question, why this result, and what would change it. Pure; words are elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from sciatriage.triage import questions
from sciatriage.triage.case import Case, Fact
from sciatriage.triage.changes import Alternative, Change, Search
from sciatriage.triage.consultation import NOT_ASKED, Opinion, RedFlag, with_unanswered
from sciatriage.triage.expression import SIDE_OF, open_leaves, told_leaves
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.questions import NextQuestion
from sciatriage.triage.red_flags import Weighing, weigh
from sciatriage.triage.vocabulary import Disposition, Status

MOST_UP, MOST_DOWN = 2, 3  # answers changed at once
SAID_UP, SAID_DOWN = 3, 2  # how many changes are worth saying


@dataclass(frozen=True)
class WhyAsked:
    """Why a question is asked now.

    `rules` are those that it could still decide. `at_once` is the level that one yes would mean as things stand,
    `with_more` the level it could help to reach together with other answers; each None where that is no more than now.
    """

    question: str
    why: str
    sources: tuple[str, ...]
    rules: tuple[str, ...]
    at_once: Disposition | None
    with_more: Disposition | None


@dataclass(frozen=True)
class Behind:
    """A finding behind a rule, with the person's own words where there are some. `asked`: it could be asked about."""

    finding: str
    name: str
    status: Status
    words: str
    asked: bool = True


@dataclass(frozen=True)
class Carrier:
    """A rule that carries the result: what holds it up, why it matters, and who says so.

    `values` are those it rests on, None where the person couldn't tell or wasn't asked and the safer side counts.
    """

    rule: str
    level: Disposition
    findings: tuple[Behind, ...]
    values: tuple[tuple[str, float | str | None], ...]
    because: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class WhyThis:
    """Why this result. `carriers` are the rules of its level; none where nothing needs a visit, or nothing was told.

    `ruled_out` are the danger signs that were answered no, `groups` the questions they were asked in.
    """

    disposition: Disposition
    carriers: tuple[Carrier, ...]
    ruled_out: tuple[str, ...]
    groups: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class WhatWouldChange:
    """The smallest changes of answers that would make `level` more urgent or less.

    `raises` are all sets of the smallest size for each level above, `lowers` all of the smallest size that would make
    it less urgent, though not out of scope. Those a person could best notice come first, the next level up before the
    others. `case` is the case as it counts: what nobody could be asked any more is unsure in it.
    """

    case: Case
    level: Disposition
    raises: tuple[Alternative, ...]
    lowers: tuple[Alternative, ...]

    @property
    def offered(self) -> bool:
        """Whether looking for a wrong answer is worth a moment: not in an emergency."""
        return self.level is not Disposition.EMERGENCY_NOW


# Why do you ask?


def why_asked(question: NextQuestion, opinion: Opinion, knowledge: Knowledge) -> WhyAsked:
    """Why this question now. `why` is empty for a second asking of several things at once."""
    weighing = weigh(opinion.case, knowledge)
    why, sources = own_why(question, knowledge)
    rules = tuple(_decided_by(question, weighing, knowledge))
    now = opinion.disposition
    at_once = max(_after_a_yes(question, as_it_counts(opinion.case, knowledge), knowledge), key=_urgency, default=now)
    with_more = max((level for _, level in rules), key=_urgency, default=now)
    return WhyAsked(
        question.id,
        why,
        sources,
        tuple(rule for rule, _ in rules),
        at_once if at_once.urgency > now.urgency else None,
        with_more if with_more.urgency > max(now.urgency, at_once.urgency) else None,
    )


def own_why(question: NextQuestion, knowledge: Knowledge) -> tuple[str, tuple[str, ...]]:
    """What the knowledge says of the question itself, with sources; empty where several are asked again."""
    if question.entry is not None and question.kind != "yes_no":
        return question.entry.why, question.entry.sources
    entries = [knowledge.findings[id_] for id_ in question.findings]
    sources = tuple(dict.fromkeys(source for entry in entries for source in entry.sources))
    return entries[0].why if len(entries) == 1 else "", sources


def _decided_by(question: NextQuestion, weighing: Weighing, knowledge: Knowledge) -> Iterator[tuple[str, Disposition]]:
    """The rules that an answer to this could still lift above what is certain, with the level they could give."""
    asked = {*question.findings, question.value}
    definitions = knowledge.conditions_of_definitions
    for verdict in weighing.verdicts:
        if not verdict.span.open or verdict.high.urgency <= weighing.low.urgency:
            continue
        conditions = [verdict.rule.when]
        if not verdict.rule.red_flag:
            conditions.append(definitions["in_scope"])
        leaves = (leaf for one in conditions for leaf in open_leaves(one, weighing.facts, definitions))
        if any(leaf.id in asked for leaf in leaves):
            yield verdict.rule.id, verdict.high


def _after_a_yes(question: NextQuestion, case: Case, knowledge: Knowledge) -> Iterator[Disposition]:
    for finding in question.findings:
        yield weigh(case.with_fact(finding, Fact(Status.PRESENT)), knowledge).now


# Why this result?


def why_this(opinion: Opinion, knowledge: Knowledge) -> WhyThis:
    """The rules that carry the result, and what was ruled out on the way."""
    case = as_it_counts(opinion.case, knowledge)
    weighing = weigh(case, knowledge)
    carrying = [flag for flag in (*opinion.red_flags, *opinion.reasons) if flag.level is opinion.disposition]
    out = [
        id_
        for id_, finding in knowledge.findings.items()
        if finding.danger and weighing.facts.finding(id_).high == 0 and case.status(id_) is not None
    ]
    groups = dict.fromkeys(knowledge.findings[id_].ask_in for id_ in out)
    return WhyThis(
        opinion.disposition,
        tuple(_carrier(flag, case, weighing, knowledge) for flag in carrying),
        tuple(out),
        tuple(id_ for id_ in knowledge.questions if id_ in groups),
        knowledge.dispositions[opinion.disposition].sources,
    )


def _carrier(flag: RedFlag, case: Case, weighing: Weighing, knowledge: Knowledge) -> Carrier:
    leaves = told_leaves(knowledge.rules[flag.id].when, weighing.facts, knowledge.conditions_of_definitions)
    # The side of a sign is part of the sign, not an answer beside it.
    values = dict.fromkeys(leaf.id for leaf in leaves if leaf.kind == "value" and not leaf.id.startswith(SIDE_OF))
    return Carrier(
        flag.id,
        flag.level,
        tuple(_behind(id_, case, knowledge) for id_ in flag.findings),
        tuple((value, case.values.get(value)) for value in values),
        flag.because,
        flag.sources,
    )


def _behind(id_: str, case: Case, knowledge: Knowledge) -> Behind:
    finding = knowledge.findings[id_]
    fact = case.findings.get(id_) or Fact(Status.PRESENT)
    # A box that was ticked and a plain yes are no words of the person's own.
    own = len(fact.words.split()) > 1 and fact.words not in (finding.label, finding.simpler)
    return Behind(id_, finding.name, fact.status, fact.words if own else "", fact.by != NOT_ASKED)


# What would change it?


def what_would_change(case: Case, knowledge: Knowledge) -> WhatWouldChange:
    """The smallest changes up, level by level, and the smallest down. A finding that is never asked isn't changed."""
    case = as_it_counts(case, knowledge)
    now = weigh(case, knowledge).now
    up = Search(case, knowledge, Status.PRESENT)
    raises = [
        one
        for level in Disposition
        if level.urgency > now.urgency
        for one in _ranked(up.smallest(level, level, MOST_UP), case, knowledge)
    ]
    below = [level for level in Disposition if Disposition.SELF_CARE.urgency <= level.urgency < now.urgency]
    lowers: Iterable[Alternative] = ()
    if below:
        lowers = Search(case, knowledge, Status.ABSENT).smallest(below[0], below[-1], MOST_DOWN)
    return WhatWouldChange(case, now, tuple(raises), tuple(_ranked(lowers, case, knowledge)))


def as_it_counts(case: Case, knowledge: Knowledge) -> Case:
    """The case as its opinion weighs it: what is left open at the end of the questions is unsure, or unknown."""
    undecided = questions.undecided(case, weigh(case, knowledge), knowledge)
    return with_unanswered(case, undecided.unanswered)


def worth_saying(raises: Iterable[Alternative], knowledge: Knowledge, at_most: int = SAID_UP) -> list[Alternative]:
    """A few that show the breadth: the most urgent level first, each level in turn, within one from all questions."""
    by_level: dict[Disposition, list[Alternative]] = {}
    for one in raises:
        by_level.setdefault(one.level, []).append(one)
    turns = [
        _spread(by_level[level], lambda one: _asked_in(one, knowledge))
        for level in sorted(by_level, key=_urgency, reverse=True)
    ]
    return [one for turn in zip_longest(*turns) for one in turn if one is not None][:at_most]


def _spread(alternatives: Iterable[Alternative], kind: Callable[[Alternative], str | None]) -> list[Alternative]:
    """One of each kind, then another of each, and so on; each kind in its order."""
    kinds: dict[str | None, list[Alternative]] = {}
    for one in alternatives:
        kinds.setdefault(kind(one), []).append(one)
    return [one for turn in zip_longest(*kinds.values()) for one in turn if one is not None]


def _asked_in(alternative: Alternative, knowledge: Knowledge) -> str | None:
    first = alternative.changes[0]
    return knowledge.findings[first.finding].ask_in if first.finding else first.value


def _ranked(alternatives: Iterable[Alternative], case: Case, knowledge: Knowledge) -> list[Alternative]:
    return sorted(
        alternatives, key=lambda one: max(_noticed(change, one.level, case, knowledge) for change in one.changes)
    )


def _noticed(change: Change, level: Disposition, case: Case, knowledge: Knowledge) -> tuple[int, int, int]:
    """How soon a person would notice it, the sooner the lower: unsure, danger, asked, told; nobody changes their age.

    A danger sign that alone asks for no haste can do so beside another, so it is no good example of the lesser level.
    """
    if change.finding is None:
        order = next((one.order for one in knowledge.questions.values() if one.value == change.value), 1000)
        return 3 if change.value == "age" else 2, order, 0
    finding = knowledge.findings[change.finding]
    question = knowledge.questions[finding.ask_in or ""]
    unsure = case.status(finding.id) is Status.UNCERTAIN
    fits = finding.danger is (level.urgency >= Disposition.URGENT_SAME_DAY.urgency)
    return 0 if unsure else 1 if fits else 2, question.order, question.findings.index(finding.id)


def _urgency(level: Disposition) -> int:
    return level.urgency
