"""The changes to Rasa while it runs: the names they need are there, and they do what they are for."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from rasa_project import rasa_patches, turn_watch


class Endpoint(EndpointConfig):
    def __init__(self, answer: Any) -> None:
        super().__init__("http://nowhere")
        self.answer = answer

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.answer == "hang":
            await asyncio.sleep(60)
        return self.answer


@pytest.fixture(autouse=True)
def _applied() -> None:
    rasa_patches.apply()


async def run(name: str, answer: Any) -> Any:
    tracker = DialogueStateTracker.from_events("x", [])
    return await RemoteAction(name, Endpoint(answer)).run(None, None, tracker, Domain.empty())


def test_the_names_that_are_changed_are_rasas() -> None:
    for name in ("_validate_action_result", "run", "action_response_format_spec"):
        assert hasattr(RemoteAction, name), f"RemoteAction.{name} is gone: look at rasa_project/rasa_patches.py"
    assert hasattr(Event, "resolve_by_type"), "Event.resolve_by_type is gone: look at rasa_project/rasa_patches.py"
    assert list(inspect.signature(inspect.unwrap(Event.resolve_by_type)).parameters) == ["type_name", "default"]


def test_events_are_still_found_by_type() -> None:
    assert Event.resolve_by_type("slot") is SlotSet
    with pytest.raises(ValueError, match="Unknown event"):
        Event.resolve_by_type("nothing")


def test_an_answer_is_still_checked() -> None:
    action = RemoteAction("action_x", None)
    assert action._validate_action_result({"events": [], "responses": []})
    with pytest.raises(jsonschema.ValidationError):
        action._validate_action_result({"events": "none"})


@pytest.mark.parametrize("answer", [OSError("refused"), {"events": 7}, "hang"])
async def test_a_failed_action_is_noted(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa_patches, "ACTION_SECONDS", 0.05)
    watch = turn_watch.begin()
    with pytest.raises(Exception):  # noqa: B017, PT011 - Rasa's caller catches any
        await run("action_triage_turn", answer)
    assert watch.faults == ["action_triage_turn"]


async def test_a_failed_record_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa_patches, "RECORD_SECONDS", 0.05)
    watch = turn_watch.begin()
    with pytest.raises(asyncio.TimeoutError):
        await run("action_record", "hang")
    assert not watch.failed


async def test_a_turn_that_failed_is_not_recorded() -> None:
    turn_watch.begin().note("action_triage_turn")
    assert await run("action_record", OSError("would fail if it were called")) == []
