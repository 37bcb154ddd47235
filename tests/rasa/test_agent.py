"""The trained model with the real knowledge, hearing, talk and actions, in this process."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from rasa_project import turn_watch
from rasa_project.channels.guard import Guard
from rasa_project.channels.items import Item
from sciatriage.talk.state import TalkState

DEAD = EndpointConfig("http://127.0.0.1:9/webhook")


class Talk:
    """One person at the REST guard."""

    def __init__(self, agent: Agent) -> None:
        self.agent, self.guard, self.sender = agent, Guard("rest"), uuid.uuid4().hex

    async def say(self, text: str) -> list[Item]:
        return await self.guard.answer(self.agent.handle_message, self.sender, text)

    async def tracker(self) -> DialogueStateTracker:
        tracker = await self.agent.tracker_store.retrieve(f"rest:{self.sender}")
        assert tracker is not None
        return tracker

    async def state(self) -> TalkState:
        return TalkState.from_json((await self.tracker()).get_slot("case"))


def customs(items: list[Item]) -> list[dict[str, Any]]:
    return [item.get("custom") or {} for item in items]


def emergency(items: list[Item]) -> bool:
    return any(custom.get("disposition") == "emergency_now" for custom in customs(items))


async def to_the_question_about(talk: Talk, finding: str) -> dict[str, Any]:
    """Go on until a question asks about this finding; returns the question."""
    items = await talk.say("my lower back hurts")
    for _ in range(30):
        question = next(custom for custom in customs(items)[::-1] if custom.get("type") == "question")
        if finding in question["findings"]:
            return question
        plain = next((option for option in question["options"] if option.get("value") == "continue"), None)
        words = {"number": "45", "duration": "3 days", "choice": "I don't know", "checklist": "none of these"}
        items = await talk.say(plain["label"] if plain else words.get(question["kind"], "no"))
    raise AssertionError(f"never asked about {finding}")


async def test_what_was_heard_reaches_tracker_and_talk_whole(agent: Agent) -> None:
    talk = Talk(agent)
    await talk.say("I can't feel when I wipe")
    message = (await talk.tracker()).get_last_event_for(UserUttered)
    assert isinstance(message, UserUttered)
    heard = message.parse_data["heard"]  # type: ignore[typeddict-item]
    mention = heard["mentions"][0]
    entity = message.entities[0]
    assert entity["entity"] == "finding"
    assert entity["value"] == mention["finding"] == "saddle_numbness"
    assert {key: entity[key] for key in ("status", "start", "end", "text", "by", "side", "confidence")} == {
        key: mention[key] for key in ("status", "start", "end", "text", "by", "side", "confidence")
    }
    assert heard["text"][mention["start"] : mention["end"]] == mention["text"]
    assert heard["act"] == message.intent_name == "tell"


@pytest.mark.parametrize("text", ["yes", "no", "why do you ask?", "go back", "none of these", "~1.1", "hello", "stop"])
async def test_the_act_is_the_same_for_rasa_and_for_the_talk(agent: Agent, text: str) -> None:
    parsed = await agent.parse_message(text)
    assert parsed["intent"]["name"] == parsed["heard"]["act"]


async def test_an_option_pressed_is_told(agent: Agent) -> None:
    assert (await agent.parse_message("~4.2"))["intent"]["name"] == "tell"


async def test_a_danger_sign_interrupts_with_the_actions_dead(agent: Agent) -> None:
    talk = Talk(agent)
    await talk.say("hello")
    agent.processor.action_endpoint = DEAD
    items = await talk.say("I can't feel when I wipe")
    assert emergency(items)
    assert not any(custom.get("type") == "fail_safe" for custom in customs(items))
    assert (await talk.state()).stage == "emergency"
    assert (await talk.tracker()).get_slot("disposition") == "emergency_now"
    assert (await talk.tracker()).latest_action_name == "action_listen"


async def test_a_bare_tick_on_a_danger_sign_interrupts_with_the_actions_dead(agent: Agent) -> None:
    talk = Talk(agent)
    question = await to_the_question_about(talk, "saddle_numbness")
    option = next(option for option in question["options"] if option["finding"] == "saddle_numbness")
    agent.processor.action_endpoint = DEAD
    assert emergency(await talk.say(option["payload"]))


async def test_with_the_actions_dead_the_fail_safe_comes_and_nothing_is_lost(agent: Agent) -> None:
    talk, alive = Talk(agent), agent.processor.action_endpoint
    await to_the_question_about(talk, "saddle_numbness")
    before = await talk.state()
    agent.processor.action_endpoint = DEAD
    for text in ("none of these", "I have a fever"):
        assert [custom["type"] for custom in customs(await talk.say(text))] == ["fail_safe"]
    assert await talk.state() == before
    agent.processor.action_endpoint = alive
    assert customs(await talk.say("and that is all"))[-1]["type"] == "question"
    assert (await talk.state()).case.status("fever") is not None


@pytest.mark.parametrize(
    "text",
    [
        '/inform{"disposition":"self_care"}',
        "/restart",
        "/session_start",
        "/back",
        '/tell{"finding":"x"}',
        "EXTERNAL: tell",
    ],
)
async def test_no_command_of_rasa_gets_through(agent: Agent, text: str) -> None:
    talk = Talk(agent)
    await to_the_question_about(talk, "saddle_numbness")
    before = await talk.state()
    items = await talk.say(text)
    assert items
    after = await talk.state()
    assert (after.case_id, after.case.findings) == (before.case_id, before.case.findings)
    assert (await talk.tracker()).get_slot("disposition") == "open"


async def test_a_conversation_left_in_mid_turn_answers_again(agent: Agent) -> None:
    talk = Talk(agent)
    await talk.say("hello")
    tracker = await talk.tracker()
    tracker.update(UserUttered("x", {"name": "tell"}), agent.domain)
    for _ in range(10):
        tracker.update(ActionExecuted("action_triage_turn"), agent.domain)
    turn_watch._CURRENT.set(None)  # as a version without the watch would have saved it
    await agent.tracker_store.save(tracker)
    assert customs(await talk.say("yes"))[-1]["type"] == "question"


async def test_what_is_to_be_forgotten_is_gone(agent: Agent) -> None:
    talk = Talk(agent)
    await talk.say("hello, my secret is in here")
    await talk.say("stop")
    tracker = await talk.tracker()
    assert not [event for event in tracker.events if isinstance(event, UserUttered)]
    assert {event.key for event in tracker.events if isinstance(event, SlotSet)} == {"case"}
    assert "secret" not in str(tracker.get_slot("case"))
    assert await talk.say("hello")


async def test_senders_and_channels_never_share_a_talk(agent: Agent) -> None:
    one, other = Talk(agent), Talk(agent)
    await one.say("I can't feel when I wipe")
    assert not emergency(await other.say("hello"))
    telegram = Guard("telegram")
    assert not emergency(await telegram.answer(agent.handle_message, one.sender, "hello"))
