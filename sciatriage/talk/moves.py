"""The moves a person can make at any moment: why, what do you mean, go back, summary, skip, stop, start again, ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sciatriage.talk import sayings
from sciatriage.talk.saying import Saying
from sciatriage.talk.state import Answered, TalkState
from sciatriage.triage import wording
from sciatriage.triage.consultation import Opinion, consult
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.vocabulary import Act, Disposition, Heard


@dataclass(frozen=True)
class Moved:
    """The state after a move and what it says. With no open question left the interview goes on, unless it `ends`."""

    state: TalkState
    sayings: tuple[Saying, ...]
    ends: bool = False
    forget: bool = False


def takes_back(state: TalkState, heard: Heard) -> bool:
    """Whether the message takes an earlier answer back, so that it doesn't answer the open question."""
    asked_which = state.open is not None and state.open.purpose == "mistake"
    return heard.act is Act.GO_BACK and not asked_which


def corrects(state: TalkState, heard: Heard) -> bool:
    """Whether what this message says replaces what was said before."""
    return state.stage == "read_back" or (heard.act is Act.GO_BACK and state.stage != "emergency")


def move(
    before: TalkState,
    state: TalkState,
    heard: Heard,
    answered: Answered,
    opinion: Opinion,
    knowledge: Knowledge,
    now: datetime,
) -> Moved | None:
    """What the message's act asks for; None where it is an answer or something told."""
    if state.stage == "new" and heard.act not in (Act.STOP,):
        return None  # the first message gets the opening, whatever it asks
    if state.open is not None and state.open.purpose == "start_again":
        return _after_start_again(state, answered, knowledge, now)
    if heard.act is Act.STOP and not answered.taken:
        fresh = TalkState.new(state.region, now).but(stage="stopped", number=state.number, turn=state.turn)
        return Moved(fresh, (sayings.information(knowledge, "stopped"),), ends=True, forget=True)
    if heard.act is Act.GO_BACK:
        return _go_back(before, state, heard, knowledge)
    if answered.taken:
        return None
    if heard.act is Act.START_AGAIN:
        options = (("start_again_yes", "continue"), ("start_again_no", "stop"))
        question = sayings.plain(state, knowledge, "start_again_confirm", "choice", options, "consent_why")
        question = replace(question, sent={**question.sent, "id": "start_again", "purpose": "start_again"})
        return Moved(state.but(open=question, number=question.number), (sayings.asking(question, opinion, knowledge),))
    said = _told(state, heard, opinion, knowledge)
    if said is None:
        return None
    if state.open is None:
        return Moved(state, (said,), ends=state.stage in ("result", "stopped", "emergency"))
    return Moved(state, (said, sayings.asking(state.open, opinion, knowledge)))


def question_answered(state: TalkState, heard: Heard, knowledge: Knowledge) -> Saying | None:
    """The knowledge's answer to what people ask, with its sources; None where this asks nothing that is known."""
    known = knowledge.answers.get(heard.topic or "")
    if heard.act is not Act.ASK_QUESTION or known is None:
        return None
    custom = {"type": "information", "id": known.id, "title": known.title, "sources": list(known.sources)}
    return Saying(sayings.filled(known.text, knowledge.region(state.region)), custom=custom)


def explained(state: TalkState, heard: Heard, opinion: Opinion, knowledge: Knowledge) -> Saying | None:
    """Why this result, or what would change it; None where that isn't asked, or where a question is asked about."""
    concluded = state.stage in ("result", "emergency")
    if concluded and opinion.case != state.case:
        opinion = consult(state.case, (), knowledge, opinion.at, ask=False)  # the result rested on the whole case
    if heard.act is Act.ASK_WHY and concluded:
        return sayings.why_result(opinion, knowledge)
    if heard.act is Act.ASK_CHANGE:
        return sayings.change(opinion, knowledge) if concluded else sayings.change_not_yet(opinion, knowledge)
    return None


def _told(state: TalkState, heard: Heard, opinion: Opinion, knowledge: Knowledge) -> Saying | None:
    """What is said back to a move that changes nothing."""
    region = knowledge.region(state.region)
    question = state.open
    if not heard.text.strip():
        return sayings.clarification(knowledge, "empty")
    if heard.act is Act.ASK_QUESTION:
        return question_answered(state, heard, knowledge) or sayings.information(knowledge, "no_answer_known")
    if heard.act is Act.ASK_WHY and question is not None:
        sources = ", ".join(dict.fromkeys(one.split(":")[0] for one in question.sent["sources"]))
        why = str(question.sent["why"])
        if not sources:
            return Saying(why, custom={"type": "information", "id": "why", "sources": []})
        text = wording.phrase(knowledge, "why_prefix", why=why, sources=sources)
        return Saying(text, custom={"type": "information", "id": "why", "sources": list(question.sent["sources"])})
    told = explained(state, heard, opinion, knowledge)
    if told is not None:
        return told
    if heard.act is Act.ASK_MEANING and question is not None:
        return sayings.information(knowledge, "meaning_prefix", simpler=_simpler(state, knowledge))
    if heard.act in (Act.ASK_WHY, Act.ASK_MEANING):
        return sayings.information(knowledge, "no_open_question")
    if heard.act is Act.ASK_SUMMARY:
        return sayings.summary(opinion, state, knowledge)
    if heard.act is Act.ASK_HUMAN:
        return replace(
            sayings.information(knowledge, "human", region),
            custom={"type": "handoff", "calls": wording.calls(opinion.disposition, knowledge, region)},
        )
    if heard.act is Act.ASK_URGENT and state.stage == "result":
        return sayings.information(
            knowledge, "result_again", heading=knowledge.dispositions[opinion.disposition].heading
        )
    if heard.act is Act.ASK_URGENT:
        if opinion.certain.urgency <= Disposition.SELF_CARE.urgency:
            return sayings.information(knowledge, "not_known_yet", region)
        heading = knowledge.dispositions[opinion.certain].heading
        return sayings.information(knowledge, "urgent_so_far", region, heading=heading)
    if heard.act is Act.THANKS:
        return sayings.information(knowledge, "thanks")
    if heard.act is Act.GREET and question is not None and question.purpose != "consent":
        return sayings.information(knowledge, "greet")
    if heard.language != "en" and not heard.mentions:
        return sayings.information(knowledge, "other_language", region)
    return None


def _simpler(state: TalkState, knowledge: Knowledge) -> str:
    question = state.open
    assert question is not None
    if question.kind == "yes_no" and question.findings:
        return knowledge.findings[question.findings[0]].simpler
    entry = knowledge.questions.get(question.id)
    return entry.simpler if entry is not None and entry.simpler else question.text


def _go_back(before: TalkState, state: TalkState, heard: Heard, knowledge: Knowledge) -> Moved:
    """A correction in words is taken at once; otherwise the last answer is opened again."""
    if heard.mentions or heard.values:
        return Moved(state.but(open=None), (sayings.information(knowledge, "corrected"),))
    if not state.steps:
        return Moved(state.but(open=None), (sayings.information(knowledge, "nothing_to_go_back"),))
    *earlier, last = state.steps
    # Only what that question settled is opened; what the person said in their own words stays.
    settled = [
        id_
        for id_ in last.findings
        if id_ in state.case.findings and state.case.findings[id_].by in (last.question, "skipped")
    ]
    case = state.case.without(settled, last.values)
    asked = tuple(id_ for id_ in case.asked if id_ != last.question)
    open_now = state.open.id if state.open is not None else None
    asked = tuple(id_ for id_ in asked if id_ != open_now)
    state = state.but(case=replace(case, asked=asked), steps=tuple(earlier), open=None, stage="interview")
    return Moved(state, (sayings.information(knowledge, "gone_back"),))


def _after_start_again(state: TalkState, answered: Answered, knowledge: Knowledge, now: datetime) -> Moved:
    if answered.choice == "continue":
        fresh = TalkState.new(state.region, now).but(stage="interview", number=state.number, turn=state.turn)
        return Moved(fresh, (), forget=False)
    stage = "emergency" if state.stage == "emergency" else "interview"
    return Moved(state.but(open=None, stage=stage), ())
