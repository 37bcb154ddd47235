"""The tracker store: a fault is an error, a failed turn leaves no trace, what is to be forgotten is gone."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from ruamel.yaml import YAML
from sqlalchemy.exc import OperationalError

from rasa_project import turn_watch
from rasa_project.home import ROOT
from rasa_project.stores.tracker_store import TURNS, TalkStore
from rasa_project.turn_watch import TurnFailedError

DOMAIN = Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture
def store(tmp_path: Path) -> TalkStore:
    turn_watch._CURRENT.set(None)
    return TalkStore(DOMAIN, db=str(tmp_path / "talks.sqlite3"))


def spoken(number: int) -> list[UserUttered | ActionExecuted | SlotSet]:
    return [UserUttered(f"text {number}"), SlotSet("case", {"n": number}), ActionExecuted("action_listen")]


async def saved(store: TalkStore, turns: int) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker("ann")
    for number in range(turns):
        for event in spoken(number):
            tracker.update(event, DOMAIN)
        await store.save(tracker)
    return tracker


async def test_what_is_saved_comes_back(store: TalkStore) -> None:
    tracker = await saved(store, 3)
    again = await store.retrieve_full_tracker("ann")
    assert again is not None
    assert again.get_slot("case") == {"n": 2}
    assert len(again.events) == len(tracker.events)
    assert [event.text for event in again.events if isinstance(event, UserUttered)] == ["text 0", "text 1", "text 2"]
    assert await store.retrieve("ben") is None
    assert await store.keys() == ["ann"]


async def test_only_the_last_turns_are_read_and_what_follows_is_appended(store: TalkStore) -> None:
    await saved(store, 10)
    for _ in range(2):
        again = await store.retrieve("ann")
        assert again is not None
        assert len([event for event in again.events if isinstance(event, UserUttered)]) == TURNS
        assert isinstance(again.events[0], UserUttered)
        for event in spoken(10):
            again.update(event, DOMAIN)
        await store.save(again)
    whole = await store.retrieve_full_tracker("ann")
    assert whole is not None
    told = [event.text for event in whole.events if isinstance(event, UserUttered)]
    assert told == [*(f"text {number}" for number in range(10)), "text 10", "text 10"]
    await store.save(whole)
    again = await store.retrieve("ann")
    assert again is not None
    assert again.get_slot("case") == {"n": 10}


async def test_the_rules_look_back_no_further_than_what_is_read() -> None:
    rules = YAML(typ="safe").load(ROOT / "data" / "rules.yml")["rules"]
    assert max(sum("intent" in step for step in rule["steps"]) for rule in rules) <= 1


async def test_a_turn_with_a_fault_leaves_no_trace(store: TalkStore) -> None:
    await saved(store, 1)
    watch = turn_watch.begin()
    tracker = await store.get_or_create_tracker("ann")
    for event in spoken(7):
        tracker.update(event, DOMAIN)
    watch.note("something")
    with pytest.raises(TurnFailedError):
        await store.save(tracker)
    again = await store.retrieve("ann")
    assert again is not None
    assert again.get_slot("case") == {"n": 0}


async def test_a_turn_that_does_not_end_in_listening_is_a_fault(store: TalkStore) -> None:
    watch = turn_watch.begin()
    tracker = await store.get_or_create_tracker("ann")
    tracker.update(UserUttered("x"), DOMAIN)
    tracker.update(ActionExecuted("action_triage_turn"), DOMAIN)
    with pytest.raises(TurnFailedError):
        await store.save(tracker)
    assert watch.faults == ["circuit_breaker"]


async def test_a_missing_file_is_a_fault_and_not_an_empty_clinic(store: TalkStore) -> None:
    await saved(store, 1)
    aside = store.path.with_suffix(".aside")
    store.path.rename(aside)
    watch = turn_watch.begin()
    with pytest.raises(OperationalError):
        await store.retrieve("ann")
    assert watch.faults == ["tracker_store.retrieve"]
    assert not store.path.exists()
    with pytest.raises(OperationalError):
        await store.check()
    aside.rename(store.path)
    assert await store.retrieve("ann") is not None
    await store.check()


async def test_a_locked_file_is_a_fault_within_two_seconds_and_stops_nobody_else(store: TalkStore) -> None:
    tracker = await saved(store, 1)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for event in spoken(1):
        tracker.update(event, DOMAIN)
    began, beats = time.monotonic(), 0
    saving = asyncio.ensure_future(store.save(tracker))
    while not saving.done():
        await asyncio.sleep(0.02)
        beats += 1
    assert isinstance(saving.exception(), OperationalError)
    assert time.monotonic() - began < 2.5
    assert beats > 20  # the event loop went on
    with pytest.raises(OperationalError):
        await store.check()
    other.execute("ROLLBACK")
    other.close()
    await store.save(tracker)


async def test_what_is_to_be_forgotten_is_gone_from_the_file(store: TalkStore) -> None:
    tracker = await saved(store, 3)
    tracker.update(UserUttered("delete what I said"), DOMAIN)
    tracker.update(SlotSet("case", {"stage": "stopped"}), DOMAIN)
    tracker.update(SlotSet("forget", True), DOMAIN)
    tracker.update(ActionExecuted("action_listen"), DOMAIN)
    await store.save(tracker)
    again = await store.retrieve("ann")
    assert again is not None
    assert [type(event) for event in again.events] == [SlotSet, ActionExecuted]
    assert again.get_slot("case") == {"stage": "stopped"}
    assert again.get_slot("forget") is None
    await store.delete("ann")
    assert await store.retrieve("ann") is None
