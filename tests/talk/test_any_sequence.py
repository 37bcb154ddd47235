"""Whatever people write, in whatever order: an answer each time, the state survives JSON, no danger sign is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciatriage.hearing.ear import Ear
from sciatriage.talk.state import TalkState
from sciatriage.talk.turn import Path, conclude, emergency_sayings, take_turn
from sciatriage.triage.knowledge import load_knowledge
from sciatriage.triage.vocabulary import Status
from tests.talk.tapping_patient import START

KNOWLEDGE = load_knowledge()
EAR = Ear(KNOWLEDGE)
SAID = [
    "my left calf cramps at night",
    "since 3 days",
    "I am 45",
    "45",
    "yes",
    "no",
    "none of these",
    "not sure",
    "1",
    "1 and 2",
    "all of them",
    "~1.1",
    "~3.2",
    "~99.1",
    "why do you ask?",
    "why this result?",
    "what would change it?",
    "what do you mean?",
    "go back",
    "actually I do have a fever",
    "what have you understood so far?",
    "I'd rather not say",
    "start again",
    "stop",
    "I want to talk to a person",
    "is this urgent?",
    "what is sciatica?",
    "thanks",
    "hello",
    "",
    "   ",
    "asdf qwer",
    "no, but my calf is swollen",
    "I can't feel when I wipe",
    "I want to kill myself",
    "that was a mistake",
    "Yes, all correct",
    "8 out of 10",
    "the left",
    "me duele la pierna",
]
ANYTHING = st.one_of(st.sampled_from(SAID), st.text(max_size=60))


@settings(max_examples=150, deadline=None)
@given(st.lists(ANYTHING, min_size=1, max_size=25))
def test_every_turn_answers_and_nothing_breaks(messages: list[str]) -> None:
    state, now = TalkState.new(None, START), START
    for message in messages:
        now += timedelta(minutes=1)
        turn = take_turn(state, EAR.hear(message), KNOWLEDGE, now)
        said = turn.sayings
        if turn.path in (Path.SELF_CARE, Path.REFERRAL):
            said = conclude(turn.state, KNOWLEDGE, now)
        if turn.path in (Path.EMERGENCY, Path.CRISIS):
            assert emergency_sayings(turn.state, KNOWLEDGE, now)
        assert said, message
        assert all(saying.text.strip() and saying.custom.get("type") for saying in said), message
        assert TalkState.from_json(turn.state.to_json()) == turn.state
        state = turn.state


@settings(max_examples=150, deadline=None)
@given(
    st.lists(ANYTHING, max_size=6),
    st.sampled_from(["I can't feel when I wipe", "I can't pee at all", "I soiled myself without noticing"]),
    st.lists(ANYTHING, max_size=8),
)
def test_a_danger_said_at_any_point_is_told_at_once(before: list[str], danger: str, after: list[str]) -> None:
    state, now = TalkState.new("gb", START), START
    for message in before:
        state = take_turn(state, EAR.hear(message), KNOWLEDGE, now).state
    turn = take_turn(state, EAR.hear(danger), KNOWLEDGE, now)
    assert turn.path in (Path.EMERGENCY, Path.CRISIS)
    state = turn.state
    taking_back = {"stop", "start again", "go back", "that was a mistake", "actually I do have a fever"}
    for message in after:
        heard = EAR.hear(message)
        if message in taking_back or heard.act.value in ("stop", "start_again", "go_back"):
            return  # the person may take it back; how is tested in the conversations
        turn = take_turn(state, heard, KNOWLEDGE, now)
        assert turn.path in (Path.EMERGENCY, Path.CRISIS), message
        state = turn.state


@pytest.mark.parametrize("denial", ["no numbness down there", "I can feel fine when I wipe", "it's better now"])
def test_later_words_do_not_unsay_a_danger(denial: str) -> None:
    state = take_turn(TalkState.new("gb", START), EAR.hear("I can't feel when I wipe"), KNOWLEDGE, START).state
    turn = take_turn(state, EAR.hear(denial), KNOWLEDGE, START)
    assert turn.path is Path.EMERGENCY
    assert turn.state.case.status("saddle_numbness") is Status.PRESENT
