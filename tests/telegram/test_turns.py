"""Words in, sayings out: order, failures, slow and refusing Telegram, long texts."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest

from rasa_project.channels.telegram.bot_api import BotApi, RefusedError, UnreachableError
from rasa_project.channels.telegram.words import load_words

from .person import Person, next_update_id, post

WORDS = load_words()


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/start", "hello"),
        ("/start@SciatriageBot", "hello"),
        ("/start from_poster", "hello"),
        ("/why", "why"),
        ("/why@SciatriageBot please", "why please"),
        ("/numb saddle area", "numb saddle area"),
        ('/inform{"finding":"saddle_numbness"}', 'inform{"finding":"saddle_numbness"}'),
        (' \n//inform{"finding":"x"}', 'inform{"finding":"x"}'),
        ("  both / and  ", "both / and"),
    ],
)
def test_nothing_rasa_would_take_for_a_command_gets_through(ada, talk, typed, heard):
    ada.say(typed)
    ada.wait_sent(1)
    assert talk.texts() == [heard]


def test_a_lone_slash_is_answered(ada, talk):
    ada.say("/")
    assert ada.wait_sent(1) == [WORDS.text_only]
    assert talk.heard == []


def test_one_chat_keeps_its_order_and_others_dont_wait(ada, talk, fake):
    async def slow():
        await asyncio.sleep(0.5)
        return [{"text": "slow"}]

    talk.says["first"] = slow
    ben = Person(ada.url, fake, id=88)
    began = time.monotonic()
    for text in ("first", "second", "third"):
        ada.say(text)
    ben.say("me too")
    assert time.monotonic() - began < 0.4  # all taken before the first is answered
    ben.wait_sent(1)
    assert ada.sent() == []
    assert ada.wait_sent(3) == ["slow", "heard second", "heard third"]


def test_a_failing_turn_is_answered_and_blocks_nobody(ada, talk):
    talk.says |= {"poison": RuntimeError("boom"), "silence": []}
    for text in ("poison", "silence", "fine"):
        assert ada.say(text) == 200
    first, second, third = ada.wait_sent(3)
    assert first
    assert second
    assert third == "heard fine"


def test_one_saying_is_one_message_and_a_response_may_hold_more(ada, talk):
    talk.says["x"] = [
        {"text": "one\n\nstill one", "custom": {"type": "information"}, "and_then": [{"text": "two"}, {"text": ""}]},
        {"custom": {"type": "noted"}, "text": ""},
        {"text": "three *not bold* <b>"},
    ]
    ada.say("x")
    ada.wait_sent(3)
    ada.say("y")
    assert ada.wait_sent(4) == ["one\n\nstill one", "two", "three *not bold* <b>", "heard y"]
    assert all("parse_mode" not in fields for fields in ada.fake.of("sendMessage"))


def test_typing_is_shown(ada, fake):
    ada.say("x")
    ada.wait_sent(1)
    assert fake.of("sendChatAction") == [{"chat_id": 77, "action": "typing"}]


@pytest.mark.parametrize("letter", ["a", "🦵"])
def test_a_long_text_comes_in_whole_pieces(ada, talk, letter):
    sentence = "The leg " + letter * 40 + " hurts. "
    paragraphs = [sentence * 20 + str(n) for n in range(12)]
    talk.says["x"] = [{"text": "\n\n".join(paragraphs), "buttons": [{"title": "Yes", "payload": "~1.1"}]}]
    ada.say("x")
    ada.fake.wait(lambda: any(fields.get("reply_markup") for fields in ada.fake.of("sendMessage", 77)))
    sent = ada.sent()
    assert len(sent) > 1
    assert "\n\n".join(sent) == "\n\n".join(paragraphs)  # cut between paragraphs, nothing lost
    assert [bool(fields.get("reply_markup")) for fields in ada.fake.of("sendMessage", 77)] == [False] * (
        len(sent) - 1
    ) + [True]


def test_told_to_wait_it_waits_and_sends_once(ada, fake):
    fake.fail("sendMessage", 429, times=2, retry_after=0.4)
    began = time.monotonic()
    ada.say("x")
    ada.wait_sent(1)
    assert time.monotonic() - began >= 0.8
    ada.say("y")
    assert ada.wait_sent(2) == ["heard x", "heard y"]


def test_a_broken_telegram_is_tried_again(ada, fake):
    fake.fail("sendMessage", 502, times=2)
    ada.say("x")
    assert ada.wait_sent(1) == ["heard x"]


def test_what_could_not_be_sent_is_sent_first_next_time(ada, fake, talk):
    fake.fail("sendMessage", 429, retry_after=3600)
    ada.say("x")
    fake.wait(lambda: any(call.status == 429 for call in fake.calls))
    ada.say("y")
    assert ada.wait_sent(2) == ["heard x", "heard y"]


def test_a_person_who_blocked_the_bot_stops_nothing(ada, fake):
    fake.fail("sendMessage", 403)
    ada.say("x")
    ada.say("y")
    assert ada.wait_sent(1) == ["heard y"]


def test_refused_buttons_become_a_list(ada, fake, talk):
    talk.says["x"] = [{"text": "Numb?", "buttons": [{"title": "Yes", "payload": "~1.1"}]}]
    fake.fail("sendMessage", 400)
    ada.say("x")
    assert ada.wait_sent(1) == ["Numb?\n\n1. Yes"]


def test_words_and_token_never_reach_the_log(ada, fake, talk, caplog):
    caplog.set_level(logging.DEBUG)
    talk.says["my secret pain"] = RuntimeError("boom")
    fake.fail("sendMessage", 502)
    ada.say("my secret pain")
    ada.wait_sent(1)
    api = BotApi("http://127.0.0.1:9", "123456:hush")
    with pytest.raises(UnreachableError):
        asyncio.run(_call_and_close(api, "sendMessage", text="my secret pain", tries=1))
    assert "Telegram" in caplog.text
    assert "secret pain" not in caplog.text
    assert "hush" not in caplog.text


def test_a_refusal_is_not_repeated(fake):
    with pytest.raises(RefusedError):
        asyncio.run(_call_and_close(BotApi(fake.url, "999:wrong"), "sendMessage", chat_id=1, text="x", tries=3))
    assert len(fake.calls) == 1


def test_a_flood_is_bounded_and_said(ada, talk):
    async def wait():
        await asyncio.sleep(1.5)
        return [{"text": "at last"}]

    talk.says["slow"] = wait
    ada.say("slow")
    for number in range(40):
        ada.say(f"m{number}")
    sent = ada.wait_sent(32, seconds=10)
    assert sent[0] == "at last"
    assert sent[-1] == WORDS.too_many
    assert len(talk.heard) == 31


def test_what_was_accepted_is_answered_before_the_server_stops(server, fake, talk):
    async def slow():
        await asyncio.sleep(0.5)
        return [{"text": "done"}]

    talk.says["x"] = slow
    post(server.url, {"update_id": next_update_id(), "message": Person(server.url, fake).message(text="x")})
    server._run(server.channel._lines.drain(3))
    assert fake.sent(77) == ["done"]


async def _call_and_close(api, method, **fields):
    try:
        return await api.call(method, **fields)
    finally:
        await api.close()
