"""The one door of triage: consult(case, mentions, knowledge, now) → Opinion. Pure: no clock, no file, no dice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sciatriage.triage import questions
from sciatriage.triage.advice import Plan, plan
from sciatriage.triage.case import Case, Fact
from sciatriage.triage.differential import Possibility, differential
from sciatriage.triage.expression import Leaf
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.questions import NextQuestion
from sciatriage.triage.red_flags import Verdict, Weighing, findings_behind, weigh
from sciatriage.triage.vocabulary import Disposition, Mention, Status

NOT_ASKED = "not asked"  # how a fact came by that nobody could be asked about any more


@dataclass(frozen=True)
class RedFlag:
    """A rule that holds: the findings behind it, its level now, why, and its sources."""

    id: str
    findings: tuple[str, ...]
    level: Disposition
    because: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Opinion:
    """What the rules say of a case at `at`.

    `disposition` is what the known facts demand, with an unknown value on the safer side; `certain` is what they
    demand whatever the open answers turn out to be. `complete`: no open answer could change the disposition.
    `reasons` are the rules below a red flag that hold. `trace` lists the ids of all rules that hold, in order.
    """

    case: Case
    at: datetime
    disposition: Disposition
    certain: Disposition
    complete: bool
    red_flags: tuple[RedFlag, ...]
    reasons: tuple[RedFlag, ...]
    differential: tuple[Possibility, ...]
    plan: Plan
    next_question: NextQuestion | None
    knowledge_version: str
    trace: tuple[str, ...]


def consult(
    case: Case, mentions: Iterable[Mention], knowledge: Knowledge, now: datetime, *, ask: bool = True
) -> Opinion:
    """Weigh the case with what was just heard.

    Args:
        case: what is known so far.
        mentions: findings heard in this message; a red flag once present stays so (see Case.hearing).
        knowledge: the rules.
        now: the time of this message; kept on the opinion.
        ask: whether to work out the next question; it takes most of the time.

    Returns:
        The opinion. `next_question` is None where nothing is left to ask, and in an emergency. Where the questions
        are used up before everything was answered, what is left open counts as unsure, never as no.
    """
    case = case.hearing(mentions)
    weighing = weigh(case, knowledge)
    undecided = None
    if ask or not questions.something_to_ask(case, weighing, knowledge):
        undecided = questions.undecided(case, weighing, knowledge)
        if undecided.unanswered:
            weighing = weigh(with_unanswered(case, undecided.unanswered), knowledge)
    possibilities = differential(weighing.facts, knowledge)
    advised = plan(weighing.now, weighing.facts, knowledge)
    following = None
    if ask and undecided is not None and weighing.low is not Disposition.EMERGENCY_NOW:
        following = (
            questions.decides_disposition(case, undecided, weighing, possibilities, knowledge)
            or questions.tells_causes_apart(case, weighing, possibilities, knowledge)
            or questions.frees_advice(case, advised, weighing, knowledge)
        )
    flags = [_red_flag(verdict, weighing, knowledge) for verdict in weighing.fired]
    is_red = {verdict.rule.id for verdict in weighing.fired if verdict.rule.red_flag}
    return Opinion(
        case=case,
        at=now,
        disposition=weighing.now,
        certain=weighing.low,
        complete=undecided is not None and undecided.complete,
        red_flags=tuple(flag for flag in flags if flag.id in is_red),
        reasons=tuple(flag for flag in flags if flag.id not in is_red),
        differential=possibilities,
        plan=advised,
        next_question=following,
        knowledge_version=knowledge.fingerprint[:16],
        trace=tuple(flag.id for flag in flags),
    )


def with_unanswered(case: Case, unanswered: Iterable[Leaf]) -> Case:
    """The case with what nobody could be asked any more as unsure, or unknown."""
    for leaf in unanswered:
        if leaf.kind == "value":
            case = case.with_value(leaf.id, None)
        else:
            case = case.with_fact(leaf.id, Fact(Status.UNCERTAIN, asked_again=True, by=NOT_ASKED))
    return case


def _red_flag(verdict: Verdict, weighing: Weighing, knowledge: Knowledge) -> RedFlag:
    rule = verdict.rule
    return RedFlag(rule.id, findings_behind(verdict, weighing, knowledge), verdict.now, rule.because, rule.sources)
