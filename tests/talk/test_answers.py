"""Answers in words to a list or to a yes-or-no question: what settles it, and what must not be taken as a no."""

from __future__ import annotations

import pytest

from sciatriage.hearing.ear import Ear
from sciatriage.talk.state import OpenQuestion, TalkState
from sciatriage.talk.turn import Path, Turn, take_turn
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.vocabulary import Status
from tests.talk.tapping_patient import START

BEGIN = ("my left leg aches with cramp in the calf since 3 days, I am 40", "ok")


@pytest.fixture(scope="module")
def ear(knowledge: Knowledge) -> Ear:
    return Ear(knowledge)


def hold(ear: Ear, knowledge: Knowledge, *messages: str) -> Turn:
    state = TalkState.new("gb", START)
    for message in messages:
        turn = take_turn(state, ear.hear(message), knowledge, START)
        state = turn.state
    return turn


def question(turn: Turn) -> OpenQuestion:
    assert turn.state.open is not None
    return turn.state.open


PLAIN = [
    "no",
    "nope",
    "none",
    "none of these",
    "no, none of them",
    "nah",
    "not at all",
    "No I don't",
    "no, none of that",
]
PLAIN += ["not that I've noticed", "not that I know", "no, nothing like that", "nothing like that, thankfully", "~4.7"]


@pytest.mark.parametrize("said", [one for one in PLAIN if not one.startswith("~")])
def test_a_plain_no_answers_the_whole_list(said: str, ear: Ear, knowledge: Knowledge) -> None:
    turn = hold(ear, knowledge, *BEGIN, said)
    assert question(turn).id == "right_now"
    assert turn.state.case.status("saddle_numbness") is Status.ABSENT


NOT_A_NO = [
    "none except the second",
    "none but 2",
    "none of these apart from the last",
    "no. yes. no. no. no. no",
    "none of those really, just that I have to strain",
    "No. Though I dribble",
    "nope, only dribbles",
    "the pee one",
    "I already told you",
    "only at night",
    "fine",
]


@pytest.mark.parametrize("said", NOT_A_NO)
def test_a_no_with_something_left_over_rules_nothing_out(said: str, ear: Ear, knowledge: Knowledge) -> None:
    turn = hold(ear, knowledge, *BEGIN, said)
    if turn.path is Path.EMERGENCY:
        return  # it was heard as the sign it may be
    for finding in ("bladder_retention", "bladder_incontinence", "bowel_incontinence", "saddle_numbness"):
        fact = turn.state.case.findings.get(finding)
        assert fact is None or fact.status is not Status.ABSENT or fact.in_passing, said


@pytest.mark.parametrize(
    "said", ["no chest pain, short of breath", "no fever, face drooping", "I have no chest pain", "no, no fever"]
)
def test_a_denial_of_one_sign_does_not_answer_the_list(said: str, ear: Ear, knowledge: Knowledge) -> None:
    turn = hold(ear, knowledge, *BEGIN, "none of these", said)
    if turn.path is Path.EMERGENCY:
        return
    case = turn.state.case
    for finding in ("breathlessness", "face_arm_speech", "collapse", "coughing_blood"):
        fact = case.findings.get(finding)
        assert fact is None or fact.status is not Status.ABSENT or fact.in_passing, said


@pytest.mark.parametrize("said", ["2", "the second one", "yes to the second", "number 2", "2nd", "~3.2", "1-2"])
def test_an_option_can_be_named_by_its_place(said: str, ear: Ear, knowledge: Knowledge) -> None:
    turn = hold(ear, knowledge, *BEGIN)
    said = said.replace("~3", f"~{question(turn).number}")
    asked = question(turn).findings[1]
    turn = hold(ear, knowledge, *BEGIN, said)
    assert turn.state.case.status(asked) is Status.PRESENT


def test_a_range_takes_all_between(ear: Ear, knowledge: Knowledge) -> None:
    turn = hold(ear, knowledge, *BEGIN)
    findings = question(turn).findings
    turn = hold(ear, knowledge, *BEGIN, "1-3")
    assert [turn.state.case.status(id_) for id_ in findings[:3]] == [Status.PRESENT] * 3


@pytest.mark.parametrize(
    "said", ["no, I did wet myself", "no, I still can't feel when I wipe", "I wet myself and I need help", "no"]
)
def test_saying_a_sign_again_does_not_take_it_back(said: str, ear: Ear, knowledge: Knowledge) -> None:
    turn = hold(ear, knowledge, "I wet myself and my back hurts since 2 days", "that was a mistake", said)
    assert turn.path is Path.EMERGENCY
    assert turn.state.case.status("bladder_incontinence") is Status.PRESENT


def test_start_again_is_possible_after_an_emergency(ear: Ear, knowledge: Knowledge) -> None:
    turn = hold(ear, knowledge, "I can't pee", "start again", "yes")
    assert question(turn).id == "story"
    assert hold(ear, knowledge, "I can't pee", "start again", "no").path is Path.EMERGENCY


def test_the_newest_sign_counts_not_the_oldest_trouble(ear: Ear, knowledge: Knowledge) -> None:
    turn = hold(ear, knowledge, "my lower back hurts", "ok", "10 years", "40", "both legs went numb this morning")
    assert turn.path is Path.EMERGENCY


def test_an_age_said_anew_is_taken(ear: Ear, knowledge: Knowledge) -> None:
    turn = hold(ear, knowledge, *BEGIN, "actually I am 14")
    assert turn.state.case.values["age"] == 14


def test_the_read_back_does_not_go_round_for_ever(ear: Ear, knowledge: Knowledge) -> None:
    said = [*BEGIN, *["none of these"] * 7, "3", *["none of these"] * 3]
    state = TalkState.new("gb", START)
    for message in (*said, *["no"] * 8):
        turn = take_turn(state, ear.hear(message), knowledge, START)
        state = turn.state
        if turn.path is not Path.INTERVIEW:
            return
    raise AssertionError(f"still at {state.stage}, {state.open and state.open.id}")
