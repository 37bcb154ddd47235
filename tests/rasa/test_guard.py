"""The guard: a reply always comes, no word is lost, an emergency is never held back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from rasa_project import turn_watch
from rasa_project.channels import fail_safe, guard
from rasa_project.channels.guard import Guard
from rasa_project.channels.held import MOST_SENDERS, MOST_TEXTS, HeldMessages
from rasa_project.channels.items import Item

Bot = Callable[[UserMessage], Awaitable[Any]]
EMERGENCY = {"type": "assessment", "disposition": "emergency_now"}


class Answering:
    """Answers every message with its text, and remembers them; fails while `fault` is set."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.fault: Callable[[UserMessage], Awaitable[None]] | None = None

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append((message.sender_id, message.text))
        if self.fault:
            await self.fault(message)
        else:
            await say(message, message.text or "(nothing)")


async def say(message: UserMessage, text: str, custom: dict[str, Any] | None = None) -> None:
    await message.output_channel.send_response(message.sender_id, {"text": text, "custom": custom})


def kinds(items: list[Item]) -> list[str]:
    return [(item.get("custom") or {}).get("type", "saying") for item in items]


async def raises(message: UserMessage) -> None:
    raise RuntimeError("broken")


async def silent(message: UserMessage) -> None:
    pass


async def hangs(message: UserMessage) -> None:
    await asyncio.sleep(60)


async def says_then_notes_a_fault(message: UserMessage) -> None:
    await say(message, "half an answer")
    turn_watch.note_fault("tracker_store.save")


async def emergency_then_raises(message: UserMessage) -> None:
    await say(message, "Call now", EMERGENCY)
    raise RuntimeError("broken")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "SECONDS", 0.4)
    monkeypatch.setattr(guard, "SECOND_TRY_SECONDS", 0.1)
    monkeypatch.setattr(guard, "last_word", lambda text: ())


async def test_what_the_bot_says_comes_through_whole() -> None:
    bot = Answering()
    items = await Guard("rest").answer(bot, "ann", "one\n\ntwo")
    assert items == [{"recipient_id": "ann", "text": "one\n\ntwo"}]
    assert bot.heard == [("rest:ann", "one\n\ntwo")]


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("fault", [raises, silent, hangs, says_then_notes_a_fault])
async def test_a_fault_gives_the_fail_safe_in_time_and_the_message_is_kept(fault: Bot) -> None:
    bot, door = Answering(), Guard("rest")
    bot.fault = fault
    began = time.monotonic()
    assert kinds(await door.answer(bot, "ann", "first")) == ["fail_safe"]
    assert kinds(await door.answer(bot, "ann", "second")) == ["fail_safe"]
    assert kinds(await door.answer(bot, "ann", "second")) == ["fail_safe"]
    assert time.monotonic() - began < 3 * 0.9
    bot.fault = None
    assert (await door.answer(bot, "ann", "third"))[0]["text"] == "first\nsecond\nthird"
    assert (await door.answer(bot, "ann", "fourth"))[0]["text"] == "fourth"


@pytest.mark.usefixtures("short")
async def test_an_emergency_is_sent_even_where_the_turn_fails_and_is_heard_again() -> None:
    bot, door = Answering(), Guard("rest")
    bot.fault = emergency_then_raises
    items = await door.answer(bot, "ann", "danger")
    assert [item["text"] for item in items] == ["Call now"]
    bot.fault = None
    assert (await door.answer(bot, "ann", "more"))[0]["text"] == "danger\nmore"


@pytest.mark.usefixtures("short")
async def test_one_message_that_cannot_be_understood_does_not_silence_those_after_it() -> None:
    async def poison(message: UserMessage) -> None:
        if "poison" in (message.text or ""):
            raise ValueError("poison")
        await say(message, message.text or "")

    door = Guard("rest")
    assert kinds(await door.answer(poison, "ann", "poison")) == ["fail_safe"]
    items = await door.answer(poison, "ann", "next")
    assert kinds(items) == ["information", "saying"]
    assert items[1]["text"] == "next"


@pytest.mark.usefixtures("short")
async def test_messages_of_one_person_keep_their_order_and_others_do_not_wait() -> None:
    began: list[str] = []

    async def slow(message: UserMessage) -> None:
        began.append(message.text or "")
        await asyncio.sleep(0.05)
        await say(message, message.text or "")

    door = Guard("rest")
    at = time.monotonic()
    await asyncio.gather(*(door.answer(slow, sender, text) for text in "123" for sender in ("ann", "ben")))
    assert time.monotonic() - at < 0.3
    assert began == ["1", "1", "2", "2", "3", "3"]


@pytest.mark.usefixtures("short")
async def test_who_waits_behind_a_hanging_message_is_answered_in_time_too() -> None:
    bot, door = Answering(), Guard("rest")
    bot.fault = hangs
    at = time.monotonic()
    first, second = await asyncio.gather(door.answer(bot, "ann", "first"), door.answer(bot, "ann", "second"))
    assert kinds(first) == kinds(second) == ["fail_safe"]
    assert time.monotonic() - at < 0.9
    bot.fault = None
    assert set((await door.answer(bot, "ann", "third"))[0]["text"].split("\n")) == {"first", "second", "third"}


@pytest.mark.usefixtures("short")
async def test_a_connection_that_breaks_costs_no_word() -> None:
    bot, door = Answering(), Guard("rest")
    bot.fault = hangs
    waiting = asyncio.ensure_future(door.answer(bot, "ann", "first"))
    await asyncio.sleep(0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    bot.fault = None
    assert (await door.answer(bot, "ann", "second"))[0]["text"] == "first\nsecond"


async def test_a_very_long_message_is_cut_and_that_is_said() -> None:
    bot = Answering()
    items = await Guard("rest").answer(bot, "ann", "a" * 25_000)
    assert kinds(items) == ["information", "saying"]
    assert len(bot.heard[0][1]) == 20_000


async def test_an_empty_message_is_answered() -> None:
    assert await Guard("rest").answer(Answering(), "ann", "  ")


async def test_channels_do_not_share_a_conversation() -> None:
    bot = Answering()
    await Guard("rest").answer(bot, "7", "x")
    await Guard("telegram").answer(bot, "7", "x")
    assert {sender for sender, _ in bot.heard} == {"rest:7", "telegram:7"}


def test_the_fail_safe_has_the_regions_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_safe.fail_safe.cache_clear()
    monkeypatch.setenv("SCIATRIAGE_REGION", "us")
    said = fail_safe.fail_safe()
    fail_safe.fail_safe.cache_clear()
    assert "911" in said.text
    assert "{" not in said.text
    assert said.custom["type"] == "fail_safe"


def test_the_fail_safe_needs_not_even_the_knowledge(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise OSError("no knowledge")

    fail_safe.fail_safe.cache_clear()
    monkeypatch.setattr(fail_safe.loaded, "knowledge", broken)
    said = fail_safe.fail_safe()
    fail_safe.fail_safe.cache_clear()
    assert said.text == fail_safe.LAST_RESORT
    assert said.custom["type"] == "fail_safe"


def test_what_is_held_is_bounded() -> None:
    held = HeldMessages()
    for number in range(MOST_TEXTS + 5):
        held.hold("ann", f"text {number}")
    assert held.with_new("ann", "new").count("\n") == MOST_TEXTS
    for number in range(MOST_SENDERS):
        held.hold(f"sender {number}", "text")
    assert held.with_new("ann", "new") == "new"
