"""Only Telegram may post; every update counts once; none comes back because of us."""

from __future__ import annotations

import pytest

from rasa_project.channels.telegram.settings import derived_secret

from .fake_bot_api import TOKEN
from .person import Person, next_update_id, post


@pytest.mark.parametrize("secret", [None, "", "wrong", "s3cre", "s3crett", "sécret"])
def test_a_forged_update_is_refused(ada, talk, secret):
    update = {"update_id": next_update_id(), "message": ada.message(text="forged")}
    assert post(ada.url, update, secret.encode().decode("latin-1") if secret else secret) == 403
    assert talk.heard == []


def test_without_a_secret_one_is_derived_from_the_token(serve, fake, talk):
    url = serve(secret="").url
    update = {"update_id": next_update_id(), "message": Person(url, fake).message(text="hi")}
    assert post(url, update, "") == 403
    assert post(url, update, derived_secret(TOKEN)) == 200
    fake.wait(lambda: fake.sent(77))


def test_no_getme_and_the_sender_is_the_channels_own(ada, talk, fake):
    ada.say("my calf hurts")
    ada.wait_sent(1)
    assert talk.heard == [("telegram:77", "my calf hurts")]
    assert {call.method for call in fake.calls} == {"sendMessage", "sendChatAction"}


def test_an_update_delivered_twice_is_one_turn(ada, talk):
    update = {"update_id": next_update_id(), "message": ada.message(text="once")}
    assert [post(ada.url, update) for _ in range(3)] == [200, 200, 200]
    ada.say("after")
    ada.wait_sent(2)
    assert talk.texts() == ["once", "after"]


def test_an_update_delivered_again_after_a_restart_is_one_turn(serve, fake, talk):
    ada = Person(serve().url, fake)
    update = {"update_id": next_update_id(), "message": ada.message(text="once")}
    post(ada.url, update)
    ada.wait_sent(1)
    ada.url = serve().url
    assert post(ada.url, update) == 200
    ada.say("after")
    ada.wait_sent(2)
    assert talk.texts() == ["once", "after"]


def test_an_older_update_that_comes_late_is_still_heard(serve, fake, talk):
    ada = Person(serve().url, fake)
    early, late = next_update_id(), next_update_id()
    post(ada.url, {"update_id": late, "message": ada.message(text="late")})
    ada.wait_sent(1)
    ada.url = serve().url
    post(ada.url, {"update_id": early, "message": ada.message(text="early")})
    ada.wait_sent(2)
    assert talk.texts() == ["late", "early"]


@pytest.mark.parametrize(
    "update",
    [
        {},
        [],
        None,
        b"not json",
        b"",
        {"update_id": "7"},
        {"update_id": 1},
        {"update_id": 2, "my_chat_member": {"chat": {"id": 77, "type": "private"}}},
        {"update_id": 3, "channel_post": {"message_id": 1, "chat": {"id": -5, "type": "channel"}, "text": "x"}},
        {"update_id": 4, "message": None},
        {"update_id": 5, "message": {"text": "no chat"}},
        {"update_id": 6, "message": {"chat": {"id": "x", "type": "private"}, "text": "bad chat"}},
        {"update_id": 7, "callback_query": {}},
        {"update_id": 8, "callback_query": None},
        {"update_id": 9, "message": {"message_id": 1, "chat": {"id": 77, "type": "private"}, "pinned_message": {}}},
    ],
)
def test_what_is_not_for_us_is_taken_and_forgotten(ada, talk, update):
    assert post(ada.url, update) == 200
    ada.say("still there?")
    assert ada.wait_sent(1) == ["heard still there?"]
    assert talk.texts() == ["still there?"]
