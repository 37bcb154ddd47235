"""The pipeline's own components: the act that is settled, and what the hearing's fingerprint covers."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from rasa_project import loaded, turn_watch
from rasa_project.components.act_resolver import HARMLESS, ActResolver
from rasa_project.components.finding_extractor import FindingExtractor, hearing_fingerprint
from sciatriage.talk.heard_json import heard_from_json, heard_to_json
from sciatriage.triage.vocabulary import Act, Heard, Mention, Status

RESOLVER = ActResolver(**ActResolver.get_default_config())
MENTION = Mention("fever", Status.UNCERTAIN, 2, 7, "fever", "rule", 0.5, "left")


@pytest.mark.parametrize("act", list(Act))
def test_an_act_heard_plainly_wins(act: Act) -> None:
    settled, _ = RESOLVER.settle(Heard("words", act=act), "thanks" if act is not Act.TELL else None, 0.99)
    assert settled is act


@pytest.mark.parametrize(
    "heard",
    [Heard("x", (MENTION,)), Heard("x", values={"age": 4.0}), Heard("~4.2"), Heard(""), Heard("x", unheard=("x",))],
)
def test_what_is_told_or_pressed_is_told_whatever_the_classifier_believes(heard: Heard) -> None:
    for act in Act:
        assert RESOLVER.settle(heard, act.value, 1.0)[0] is Act.TELL


@pytest.mark.parametrize("act", sorted(HARMLESS))
def test_a_sure_classifier_is_believed_where_it_can_do_no_harm(act: Act) -> None:
    assert RESOLVER.settle(Heard("x"), act.value, 0.61)[0] is act
    assert RESOLVER.settle(Heard("x"), act.value, 0.59)[0] is Act.TELL


@pytest.mark.parametrize("act", [Act.DENY, Act.NONE_OF_THESE, Act.STOP, Act.START_AGAIN, Act.GO_BACK, Act.SKIP])
def test_nothing_is_settled_or_lost_by_a_guess(act: Act) -> None:
    assert RESOLVER.settle(Heard("I want to end my life"), act.value, 1.0)[0] is Act.TELL


def test_a_guessed_yes_needs_more() -> None:
    assert RESOLVER.settle(Heard("x"), "affirm", 0.89)[0] is Act.TELL
    assert RESOLVER.settle(Heard("x"), "affirm", 0.95)[0] is Act.AFFIRM


@pytest.mark.parametrize("guess", [None, "", "nlu_fallback", "restart"])
def test_without_a_classifier_the_patterns_are_enough(guess: str | None) -> None:
    assert RESOLVER.settle(Heard("x"), guess, 1.0)[0] is Act.TELL


def test_the_act_is_written_where_rasa_and_the_talk_read_it() -> None:
    message = Message({"text": "why?", "intent": {"name": "greet", "confidence": 0.9}})
    RESOLVER.process(FindingExtractor().process([message]))
    told = message.as_dict(only_output_properties=True)
    assert told["intent"]["name"] == told["heard"]["act"] == told["intent_ranking"][0]["name"] == "ask_why"


def test_entities_of_others_are_kept() -> None:
    message = Message({"text": "I can't feel when I wipe", "entities": [{"entity": "other", "value": 1}]})
    FindingExtractor().process([message])
    assert [entity["entity"] for entity in message.get("entities")][:2] == ["other", "finding"]


def test_a_hearing_that_fails_is_a_fault_of_the_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    class Deaf:
        def hear(self, text: str) -> Heard:
            raise ValueError(text)

    monkeypatch.setattr(loaded, "ear", Deaf)
    watch = turn_watch.begin()
    with pytest.raises(ValueError, match="x"):
        FindingExtractor().process([Message({"text": "x"})])
    assert watch.faults == ["hearing"]


def test_what_was_heard_survives_json() -> None:
    heard = Heard("t", (MENTION,), {"age": 4.0, "side": "left"}, Act.ASK_QUESTION, ("u",), "other", "de", "topic")
    assert heard_from_json(heard_to_json(heard)) == heard
    assert heard_from_json({}) == Heard("")


def test_the_fingerprint_is_that_of_knowledge_and_hearing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = hearing_fingerprint()
    assert before == FindingExtractor.fingerprint_addon({}) == hearing_fingerprint()

    class Other:
        fingerprint = "other"

    monkeypatch.setattr(loaded, "knowledge", Other)
    assert hearing_fingerprint() != before
