"""A patient who answers by tapping: every truth is known, every question is answered by its options' payloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from sciatriage.talk.saying import Saying
from sciatriage.talk.state import OpenQuestion, TalkState
from sciatriage.talk.turn import Path, Turn, conclude, take_turn
from sciatriage.triage.case import Case, Fact
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.vocabulary import Heard, Mention, Status

START = datetime(2026, 1, 5, 9, 0, tzinfo=timezone.utc)
TURNS = 40


@dataclass(frozen=True)
class Patient:
    """What is true: findings that are present or unsure (the rest is not), and values."""

    findings: Mapping[str, Status]
    values: Mapping[str, float | str]

    def case(self, knowledge: Knowledge) -> Case:
        """The truth as a finished case: every finding answered, what is unsure asked twice."""
        findings = {
            id_: Fact(self.findings.get(id_, Status.ABSENT), asked_again=id_ in self.findings)
            for id_ in knowledge.findings
            if id_ != "self_harm"
        }
        return Case(findings, dict(self.values))


@dataclass
class Talk:
    """A talk as it went: the last turn, all that was said, and the clinical questions asked."""

    turn: Turn
    said: list[Saying] = field(default_factory=list)
    asked: list[OpenQuestion] = field(default_factory=list)
    ended: bool = False


def play(patient: Patient, opening: tuple[str, ...], knowledge: Knowledge, since: bool = False) -> Talk:
    """The whole talk. `opening` are the findings told in the first message, which may also say since when."""
    now = START
    state = TalkState.new("gb", now)
    mentions = tuple(Mention(id_, patient.findings[id_]) for id_ in opening)
    told = {id_: told for id_, told in patient.values.items() if since and id_ == "duration_days"}
    heard = Heard("my leg hurts", mentions, told)
    talk = Talk(take_turn(state, heard, knowledge, now))
    talk.said += talk.turn.sayings
    for _ in range(TURNS):
        state = talk.turn.state
        if talk.turn.path in (Path.EMERGENCY, Path.SELF_CARE, Path.REFERRAL):
            if talk.turn.path is not Path.EMERGENCY:
                talk.said += conclude(state, knowledge, now)
            talk.ended = True
            return talk
        question = state.open
        assert question is not None, "an interview always has an open question"
        if question.purpose == "clinical" and (not talk.asked or talk.asked[-1].number != question.number):
            talk.asked.append(question)
        now += timedelta(seconds=20)
        talk.turn = take_turn(state, _answer(question, patient), knowledge, now)
        talk.said += talk.turn.sayings
    return talk


def _answer(question: OpenQuestion, patient: Patient) -> Heard:
    if question.purpose != "clinical":
        return _press(question, lambda option: option["value"] == "continue")
    if question.kind == "yes_no":
        status = patient.findings.get(question.findings[0], Status.ABSENT)
        return _press(question, lambda option: option["value"] == status.value)
    if question.kind == "checklist":
        unsure = [
            f"I'm not sure about this one: {option['label']}"
            for option in question.options
            if patient.findings.get(option["finding"]) is Status.UNCERTAIN
        ]
        ticked = [o["label"] for o in question.options if patient.findings.get(o["finding"]) is Status.PRESENT]
        if not ticked and not unsure:
            return _press(question, lambda option: option["value"] == "none")
        return Heard("; ".join([*ticked, *unsure]))
    value = question.value
    assert value is not None
    if value not in patient.values:
        return _press(question, lambda option: option["value"] == "unknown")
    told = patient.values[value]
    return Heard(str(told), values={value: told})


def _press(question: OpenQuestion, wanted) -> Heard:  # type: ignore[no-untyped-def]
    option = next(option for option in question.options if wanted(option))
    return Heard(option["payload"])
