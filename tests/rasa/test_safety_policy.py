"""The safety policy: takes over in an emergency, abstains otherwise, and never breaks a turn."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from rasa_project.home import ROOT
from rasa_project.policies import safety_policy
from rasa_project.policies.safety_policy import SafetyPolicy
from rasa_project.speech import Speech, state_of
from sciatriage.talk.heard_json import heard_to_json
from sciatriage.triage.vocabulary import Heard, Mention, Status

DOMAIN = Domain.load(str(ROOT / "domain.yml"))
CONFIG = SafetyPolicy.get_default_config()
POLICY = SafetyPolicy.create(CONFIG, None, Resource("safety"), ExecutionContext(GraphSchema({})))
DANGER = Mention("saddle_numbness", Status.PRESENT, 0, 4, "numb", "test", 1.0)


def tracker(*events: Any, said: Heard | None = None, text: str = "numb") -> DialogueStateTracker:
    parsed = {"intent": {"name": "tell"}, "entities": [], "heard": heard_to_json(said) if said else None}
    spoken = UserUttered(text, {"name": "tell"}, [], parsed)
    return DialogueStateTracker.from_events("x", [ActionExecuted("action_listen"), spoken, *events], DOMAIN.slots)


def predicted(prediction: PolicyPrediction) -> str | None:
    if not prediction.max_confidence:
        return None
    return DOMAIN.action_names_or_texts[prediction.max_confidence_index]


def predict(tracked: DialogueStateTracker) -> PolicyPrediction:
    return POLICY.predict_action_probabilities(tracked, DOMAIN)


def test_it_stands_above_all_others() -> None:
    assert POLICY.priority == CONFIG["priority"] == 100


def test_an_emergency_is_said_and_kept() -> None:
    prediction = predict(tracker(said=Heard("numb", (DANGER,))))
    assert predicted(prediction) == "utter_emergency"
    assert prediction.is_no_user_prediction
    slots = {event.key: event.value for event in prediction.events if isinstance(event, SlotSet)}
    assert slots["disposition"] == "emergency_now"
    assert slots["case"]["stage"] == "emergency"
    assert slots["say_now"][0]["custom"]["disposition"] == "emergency_now"


def test_an_emergency_is_seen_inside_a_form_too() -> None:
    looping = DialogueStateTracker.from_events(
        "x",
        [
            ActionExecuted("action_listen"),
            ActiveLoop("some_form"),
            UserUttered("numb", {"name": "tell"}, [], {"heard": heard_to_json(Heard("numb", (DANGER,)))}),
        ],
        DOMAIN.slots,
    )
    assert predicted(predict(looping)) == "utter_emergency"


def test_the_sequence_is_said_recorded_listening() -> None:
    said = Heard("numb", (DANGER,))
    after = [ActionExecuted("utter_emergency"), BotUttered("...")]
    assert predicted(predict(tracker(*after, said=said))) == "action_record"
    after.append(ActionExecuted("action_record"))
    assert predicted(predict(tracker(*after, said=said))) == "action_listen"
    assert all(predict(tracker(*after[:n], said=said)).is_no_user_prediction for n in (1, 2, 3))


@pytest.mark.parametrize("said", [Heard("hello"), Heard("x", (Mention("calf_cramp", Status.PRESENT),))])
def test_otherwise_it_abstains(said: Heard) -> None:
    prediction = predict(tracker(said=said))
    assert predicted(prediction) is None
    assert not prediction.is_no_user_prediction
    assert not prediction.events


def test_it_keeps_out_of_a_turn_that_others_have_begun() -> None:
    assert predicted(predict(tracker(ActionExecuted("action_triage_turn"), said=Heard("numb", (DANGER,))))) is None


def test_where_nobody_spoke_it_abstains() -> None:
    silent = DialogueStateTracker.from_events("x", [ActionExecuted("action_listen")], DOMAIN.slots)
    assert predicted(predict(silent)) is None


def test_where_the_pipeline_heard_nothing_it_listens_itself() -> None:
    assert predicted(predict(tracker(text="I can't feel when I wipe"))) == "utter_emergency"


def test_where_weighing_fails_it_abstains(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise ValueError("broken")

    monkeypatch.setattr(safety_policy, "take_turn", broken)
    assert predicted(predict(tracker(said=Heard("numb", (DANGER,))))) is None


async def test_the_emergency_is_put_into_words_from_the_case_alone() -> None:
    prediction = predict(tracker(said=Heard("numb", (DANGER,))))
    case = next(event for event in prediction.events if event.key == "case")
    response = await Speech(domain=DOMAIN).generate("utter_emergency", tracker(case), "rest")
    assert response is not None
    assert response["custom"]["disposition"] == "emergency_now"
    assert response["text"]


async def test_the_emergency_is_said_as_the_policy_put_it() -> None:
    told = [{"text": "one", "buttons": [], "custom": {"a": 1}}, {"text": "two", "buttons": [], "custom": {}}]
    response = await Speech(domain=DOMAIN).generate("utter_emergency", tracker(SlotSet("say_now", told)), "rest")
    assert response == {**told[0], "and_then": told[1:]}


def test_a_case_that_cannot_be_read_any_more_begins_anew() -> None:
    odd = tracker(SlotSet("case", {"version": -1}))
    assert state_of(odd, safety_policy.datetime.now(safety_policy.timezone.utc)).stage == "new"
