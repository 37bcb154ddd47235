"""One turn of a talk: take_turn(state, heard, knowledge, now) → Turn. The same for Rasa, the terminal and the tests.

Order within a turn: what was heard and what it answers go into the case; the rules are asked; an emergency or a crisis
leaves at once; then the move the person made (why, go back, stop, ...); then the next question, read-back or result.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sciatriage.talk import moves, sayings
from sciatriage.talk.answers import TRIES, answer
from sciatriage.talk.saying import Saying
from sciatriage.talk.state import Answered, OpenQuestion, Step, TalkState
from sciatriage.triage.case import Case, Fact
from sciatriage.triage.consultation import Opinion, consult
from sciatriage.triage.knowledge import VALUES, Knowledge
from sciatriage.triage.questions import NextQuestion
from sciatriage.triage.vocabulary import Act, Disposition, Heard, Mention, Status

CRISIS = "self_harm"
ELSEWHERE = ("symptoms", "right_now", "strength_and_feeling")  # asked before "I can't assess this" is said


class Path(str, enum.Enum):
    """Where a turn leads."""

    INTERVIEW = "interview"
    SELF_CARE = "self_care"
    REFERRAL = "referral"
    EMERGENCY = "emergency"
    CRISIS = "crisis"


@dataclass(frozen=True)
class Turn:
    """The state after a message, what is said, and where it leads.

    On the self-care and referral paths the result isn't in `sayings`: the path's own action says it by `conclude`.
    `forget`: the person asked for their words to be deleted.
    """

    state: TalkState
    sayings: tuple[Saying, ...]
    path: Path = Path.INTERVIEW
    disposition: Disposition | None = None
    forget: bool = False


def take_turn(state: TalkState, heard: Heard, knowledge: Knowledge, now: datetime) -> Turn:
    """Take one message. Never silent: every turn says something."""
    before = state
    state = state.but(turn=state.turn + 1, last_at=now.isoformat())
    if state.stage == "stopped":
        state = TalkState.new(state.region, now).but(number=state.number, turn=state.turn)
        before = state
    answered = answer(state.open, heard) if state.open else Answered(taken=False)
    if moves.takes_back(state, heard):
        answered = Answered(taken=False)
    state = _keep(state, heard, answered, now, knowledge)
    opinion = _opinion(state, knowledge, now)
    if _newly_in_crisis(before, state):
        return _crisis(state, opinion, knowledge, now)
    if opinion.certain is Disposition.EMERGENCY_NOW:
        return _emergency(before, state, heard, answered, opinion, knowledge, now)
    if state.stage == "emergency":
        state = state.but(stage="interview", open=None)  # a mistake was put right, so the talk goes on
    moved = moves.move(before, state, heard, answered, opinion, knowledge, now)
    if moved is not None:
        if moved.forget:
            return Turn(moved.state, moved.sayings, forget=True)
        if moved.state.open is not None or moved.ends:
            return Turn(moved.state, moved.sayings)
        return _go_on(moved.state, _opinion(moved.state, knowledge, now), knowledge, now, moved.sayings)
    return _follow(before, state, heard, answered, opinion, knowledge, now)


def conclude(state: TalkState, knowledge: Knowledge, now: datetime) -> tuple[Saying, ...]:
    """The final result, from the state alone."""
    opinion = consult(state.case, (), knowledge, now)
    return (sayings.assessment(opinion, state, knowledge, final=True),)


def emergency_sayings(state: TalkState, knowledge: Knowledge, now: datetime) -> tuple[Saying, ...]:
    """What the emergency and crisis paths say, from the state alone: no file, no network, nothing that can be down."""
    opinion = _opinion(state, knowledge, now)
    if opinion.certain is Disposition.EMERGENCY_NOW:
        said: tuple[Saying, ...] = (sayings.assessment(opinion, state, knowledge, final=True),)
        if state.open is not None:
            return (*said, sayings.asking(state.open, opinion, knowledge))
        return said
    crisis = replace(opinion, disposition=Disposition.EMERGENCY_NOW, red_flags=(), reasons=())
    whole = consult(state.case, (), knowledge, now)
    flags = tuple(flag for flag in whole.red_flags if CRISIS in flag.findings)
    card = sayings.assessment(replace(crisis, red_flags=flags, plan=whole.plan), state, knowledge, final=False)
    said = (sayings.crisis(state, knowledge), replace(card, text=sayings.crisis_calls(state, knowledge)))
    if state.open is not None:
        return (*said, sayings.asking(state.open, opinion, knowledge, knowledge.phrases["crisis_go_on"]))
    return said


# Keeping what was said


def _keep(state: TalkState, heard: Heard, answered: Answered, now: datetime, knowledge: Knowledge) -> TalkState:
    """The state with everything this message said in its case."""
    case, question = state.case, state.open
    outside = [mention for mention in heard.mentions if not _within(mention, answered.within)]
    correcting = moves.corrects(state, heard)
    unanswered = [mention for mention in outside if mention.finding not in answered.facts]
    case = _corrected(case, unanswered) if correcting else case.hearing(unanswered)
    for finding, fact in answered.facts.items():
        case = _settle(case, finding, fact, question)
    values = {id_: told for id_, told in heard.values.items() if id_ in VALUES}
    newest = _newest(case, heard, answered)
    if newest is not None:
        values["newest_days"] = newest
    for value, told in {**values, **answered.values}.items():
        # An age said anew is a correction; a duration may be of something else.
        if case.values.get(value) is None or value in answered.values or correcting or value in ("age", "newest_days"):
            case = case.with_value(value, told)
    steps = state.steps
    if answered.taken and question is not None and question.purpose == "clinical":
        steps = (*steps, Step(question.id, tuple(answered.facts), tuple(answered.values)))
    missed = () if answered.within else heard.unheard
    unheard = tuple(dict.fromkeys((*state.unheard, *missed)))[-10:]
    about = heard.about or state.about
    return state.but(case=case, steps=steps, unheard=unheard, about=about)


def _newest(case: Case, heard: Heard, answered: Answered) -> float | None:
    """Days since the newest sign, where it is younger than the trouble: "for years, but since yesterday both legs"."""
    known = case.values.get("newest_days"), heard.values.get("newest_days")
    days = [float(told) for told in known if told is not None]
    trouble, said = case.values.get("duration_days"), heard.values.get("duration_days")
    if heard.mentions and "duration_days" not in answered.values and trouble is not None and said is not None:
        days += [float(said)] if float(said) < float(trouble) else []
    return min(days) if days else None


def _settle(case: Case, finding: str, fact: Fact, question: OpenQuestion | None) -> Case:
    """An answer goes in as it is, but a finding once present isn't lost to an unticked box; a mistake put right is."""
    if question is not None and question.purpose == "mistake":
        if fact.status is Status.PRESENT:  # ticked as a mistake
            return case.with_fact(finding, Fact(Status.ABSENT, words=fact.words, by="said to be a mistake"))
        return case
    old = case.findings.get(finding)
    if old is not None and old.status is Status.PRESENT and fact.status is not Status.PRESENT:
        return case
    return case.with_fact(finding, fact)


def _corrected(case: Case, mentions: list[Mention]) -> Case:
    for mention in mentions:
        case = case.with_fact(mention.finding, Fact(mention.status, words=mention.text, by="a correction"))
    return case


def _within(mention: Mention, stretches: tuple[tuple[int, int], ...]) -> bool:
    return any(start <= mention.start and mention.end <= end for start, end in stretches)


def _opinion(state: TalkState, knowledge: Knowledge, now: datetime) -> Opinion:
    """The opinion of the body: self-harm has its own route and must not end the talk about the leg."""
    return consult(state.case.without([CRISIS]), (), knowledge, now)


# Leaving at once


def _newly_in_crisis(before: TalkState, state: TalkState) -> bool:
    alarming = (Status.PRESENT, Status.UNCERTAIN)
    return state.case.status(CRISIS) in alarming and before.case.findings.get(CRISIS) != state.case.findings.get(CRISIS)


def _crisis(state: TalkState, opinion: Opinion, knowledge: Knowledge, now: datetime) -> Turn:
    if opinion.certain is Disposition.EMERGENCY_NOW:
        state = state.but(stage="emergency", open=None)
        said = (sayings.crisis(state, knowledge), *emergency_sayings(state, knowledge, now))
    else:
        if state.stage == "new":
            state = _with_consent(state, knowledge)
        said = emergency_sayings(state, knowledge, now)
    return Turn(state, said, Path.CRISIS, Disposition.EMERGENCY_NOW)


def _emergency(
    before: TalkState,
    state: TalkState,
    heard: Heard,
    answered: Answered,
    opinion: Opinion,
    knowledge: Knowledge,
    now: datetime,
) -> Turn:
    starting_again = before.open is not None and before.open.purpose == "start_again"
    if before.stage == "emergency" and (heard.act in (Act.STOP, Act.START_AGAIN) or starting_again):
        moved = moves.move(before, state, heard, answered, opinion, knowledge, now)
        if moved is not None and (moved.sayings or moved.state.stage != "emergency"):
            if moved.state.open is not None or moved.ends:
                return Turn(moved.state, moved.sayings, forget=moved.forget)
            return _go_on(moved.state, _opinion(moved.state, knowledge, now), knowledge, now, moved.sayings)
    behind = _behind_emergency(opinion)
    doubted = before.open is not None and before.open.purpose == "mistake" and not answered.taken
    denied = [one for one in heard.mentions if one.status is Status.ABSENT and one.finding in behind]
    takes_back = before.stage == "emergency" and moves.takes_back(before, heard)
    state = state.but(stage="emergency", open=None)
    if takes_back or (before.stage == "emergency" and (denied or doubted)):
        # Taking a danger sign back needs the person to say which one; until then it is an emergency.
        question = sayings.mistake(state, behind, knowledge)
        state = state.but(open=question, number=question.number)
    if takes_back:
        assert state.open is not None  # the question was just made
        return Turn(state, (sayings.asking(state.open, opinion, knowledge),))
    said = emergency_sayings(state, knowledge, now)
    if before.stage == "emergency":
        known = moves.explained(state, heard, opinion, knowledge) or moves.question_answered(state, heard, knowledge)
        again = sayings.information(knowledge, "emergency_again")
        said = (*said[:1], again, *((known,) if known else ()), *said[1:])
    return Turn(state, said, Path.EMERGENCY, Disposition.EMERGENCY_NOW)


def _behind_emergency(opinion: Opinion) -> tuple[str, ...]:
    """The findings that make this an emergency, each once."""
    flags = [flag for flag in opinion.red_flags if flag.level is Disposition.EMERGENCY_NOW]
    return tuple(dict.fromkeys(finding for flag in flags for finding in flag.findings))


# Going on


def _follow(
    before: TalkState,
    state: TalkState,
    heard: Heard,
    answered: Answered,
    opinion: Opinion,
    knowledge: Knowledge,
    now: datetime,
) -> Turn:
    if before.stage == "new":
        return _open(state, heard, opinion, knowledge, now)
    if state.stage == "consent":
        return _after_consent(state, heard, answered, opinion, knowledge, now)
    if state.stage == "read_back":
        return _after_read_back(before, state, answered, opinion, knowledge, now)
    if state.stage == "result":
        return _after_result(before, state, opinion, knowledge, now)
    question = state.open
    if question is not None and question.id == "story":
        return _go_on(state.but(open=None, told=True), opinion, knowledge, now)
    if question is not None and not answered.taken:
        return _ask_still(before, state, answered, opinion, knowledge)
    return _go_on(state.but(open=None), opinion, knowledge, now)


def _open(state: TalkState, heard: Heard, opinion: Opinion, knowledge: Knowledge, now: datetime) -> Turn:
    """The first message: what this is, thanks for what was told, and the question of consent.

    Where one answer decides whether it is an emergency (both legs numb: since when?), that is asked before consent.
    """
    words = [word.strip(".,!?;:'\"()").casefold() for word in heard.text.split()]
    nothing = not any(fact.status in (Status.PRESENT, Status.UNCERTAIN) for fact in state.case.findings.values())
    in_scope = bool(knowledge.scope_words & set(words))
    elsewhere = nothing and not in_scope and len(words) >= 3 and heard.act is Act.TELL
    told = in_scope or elsewhere or not nothing
    region = knowledge.region(state.region)
    opening = Saying(
        sayings.filled(knowledge.texts["opening"], region), custom={"type": "information", "id": "opening"}
    )
    state = state.but(told=told, elsewhere=elsewhere)
    said = [opening]
    if heard.language != "en":
        said.append(sayings.information(knowledge, "other_language", region))
    if opinion.disposition is Disposition.EMERGENCY_NOW:
        return _go_on(state, opinion, knowledge, now, tuple(said))
    state = _with_consent(state, knowledge)
    assert state.open is not None
    thanks = "" if nothing else knowledge.phrases["thanks_for_telling"]
    return Turn(state, (*said, sayings.asking(state.open, opinion, knowledge, thanks)))


def _with_consent(state: TalkState, knowledge: Knowledge) -> TalkState:
    options = (("consent_yes", "continue"), ("consent_other", "other"), ("consent_no", "stop"))
    question = sayings.plain(state, knowledge, "consent", "choice", options, "consent_why")
    return state.but(stage="consent", open=question, number=question.number)


def _after_consent(
    state: TalkState, heard: Heard, answered: Answered, opinion: Opinion, knowledge: Knowledge, now: datetime
) -> Turn:
    """Going on is agreeing, as the opening says; only a plain no stops."""
    if answered.choice == "stop" and not heard.mentions:
        fresh = TalkState.new(state.region, now).but(stage="stopped", number=state.number, turn=state.turn)
        return Turn(fresh, (sayings.information(knowledge, "declined"),), forget=True)
    said: tuple[Saying, ...] = ()
    if "other" in (answered.choice, heard.about, state.about):
        state = state.but(about="other")
        said = (sayings.information(knowledge, "for_someone_else"),)
    state = state.but(stage="interview", open=None)
    return _go_on(state, opinion, knowledge, now, said)


def _ask_still(before: TalkState, state: TalkState, answered: Answered, opinion: Opinion, knowledge: Knowledge) -> Turn:
    """The open question once more, after saying what was taken from the message or how it can be answered."""
    assert state.open is not None
    said: list[Saying] = []
    new = [
        knowledge.findings[id_].name
        for id_, fact in state.case.findings.items()
        if fact.status is Status.PRESENT and before.case.status(id_) is not Status.PRESENT and id_ in knowledge.findings
    ]
    if new:
        said.append(sayings.information(knowledge, "heard_too", findings=", ".join(new)))
    if answered.stale:
        said.append(sayings.clarification(knowledge, "old_button"))
    elif answered.clarify:
        said.append(sayings.clarification(knowledge, answered.clarify))
    tries = state.open.tries + (0 if answered.stale else 1)
    state = state.but(open=replace(state.open, tries=tries))
    return Turn(state, (*said, sayings.asking(state.open, opinion, knowledge)))  # type: ignore[arg-type]


def _go_on(
    state: TalkState, opinion: Opinion, knowledge: Knowledge, now: datetime, said: tuple[Saying, ...] = ()
) -> Turn:
    """The next question, or the read-back where none is left. Who told nothing yet is asked to, in their own words."""
    if not state.told and not state.case.findings:
        story = sayings.plain(state, knowledge, "story", "text", (), "story_why")
        state = state.but(stage="interview", open=story, number=story.number)
        return Turn(state, (*said, sayings.asking(story, opinion, knowledge)))
    question = _next(state, opinion, knowledge)
    if question is not None:
        if not state.floor_told and opinion.certain is Disposition.URGENT_SAME_DAY:
            said = (*said, sayings.information(knowledge, "floor_raised"))
            state = state.but(floor_told=True)
        asked = replace(state.case, asked=(*state.case.asked, question.id))
        open_question = sayings.clinical(question, state, opinion, knowledge)
        state = state.but(stage="interview", case=asked, open=open_question, number=open_question.number)
        return Turn(state, (*said, sayings.asking(open_question, opinion, knowledge)))
    return _read_back(state, opinion, knowledge, said)


def _next(state: TalkState, opinion: Opinion, knowledge: Knowledge) -> NextQuestion | None:
    """The triage's question; about something else than back or leg, only whether it really is, and present danger."""
    if not state.elsewhere or opinion.disposition is not Disposition.OUT_OF_SCOPE or opinion.red_flags:
        return opinion.next_question
    for id_ in ELSEWHERE:
        entry = knowledge.questions.get(id_)
        if entry is not None and id_ not in state.case.asked:
            open_findings = tuple(finding for finding in entry.findings if finding not in state.case.findings)
            asked = len(state.case.asked)
            return NextQuestion(id_, entry.kind, open_findings, entry=entry, asked=asked, at_most=len(ELSEWHERE))
    return None


def _read_back(state: TalkState, opinion: Opinion, knowledge: Knowledge, said: tuple[Saying, ...] = ()) -> Turn:
    options = (("read_back_yes", "continue"), ("read_back_no_option", "wrong"))
    question = sayings.plain(state, knowledge, "read_back", "choice", options, "read_back_why")
    state = state.but(stage="read_back", open=question, number=question.number)
    understood = sayings.summary(opinion, state, knowledge)
    return Turn(state, (*said, sayings.asking(question, opinion, knowledge, understood.text)))


def _after_read_back(
    before: TalkState, state: TalkState, answered: Answered, opinion: Opinion, knowledge: Knowledge, now: datetime
) -> Turn:
    if _changed(before, state):
        corrected = (sayings.information(knowledge, "corrected"),)
        return _go_on(state.but(open=None), opinion, knowledge, now, corrected)
    assert state.open is not None
    if answered.choice == "continue":
        return _result(state, opinion)
    if answered.choice in ("wrong", "stop") and state.open.tries < TRIES:
        said = sayings.clarification(knowledge, "read_back_wrong")
        state = state.but(open=replace(state.open, tries=state.open.tries + 1))
        return Turn(state, (said, sayings.asking(state.open, opinion, knowledge)))  # type: ignore[arg-type]
    if before.open is not None and before.open.tries >= TRIES:
        return _result(state, opinion)  # nothing more to mend came; what was understood stands
    return _ask_still(before, state, answered, opinion, knowledge)


def _result(state: TalkState, opinion: Opinion) -> Turn:
    whole = opinion.disposition
    if CRISIS in state.case.findings and state.case.status(CRISIS) in (Status.PRESENT, Status.UNCERTAIN):
        whole = Disposition.EMERGENCY_NOW
    path = Path.SELF_CARE if whole is Disposition.SELF_CARE else Path.REFERRAL
    return Turn(state.but(stage="result", open=None), (), path, whole)


def _after_result(before: TalkState, state: TalkState, opinion: Opinion, knowledge: Knowledge, now: datetime) -> Turn:
    """After the result: something new re-opens the case; anything else hears the result in short."""
    if _changed(before, state):
        changed = (sayings.information(knowledge, "result_changed"),)
        return _go_on(state, opinion, knowledge, now, changed)
    entry = knowledge.dispositions[opinion.disposition]
    return Turn(state, (sayings.information(knowledge, "result_again", heading=entry.heading),))


def _changed(before: TalkState, state: TalkState) -> bool:
    def facts(one: Case) -> Mapping[str, Status]:
        return {id_: fact.status for id_, fact in one.findings.items()}

    return facts(before.case) != facts(state.case) or before.case.values != state.case.values
