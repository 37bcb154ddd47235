"""Settings, and telling Telegram where we are."""

from __future__ import annotations

import socket
import urllib.request

import pytest

from rasa_project.channels.telegram import GuardedTelegram

from .fake_bot_api import FakeBotApi
from .person import Person

HOOK = "https://clinic.example/webhooks/telegram/webhook"


def test_the_webhook_is_registered(serve, fake):
    serve(webhook_url=HOOK)
    fake.wait(lambda: fake.of("setWebhook"))
    assert fake.of("setWebhook") == [
        {"url": HOOK, "secret_token": "s3cret", "allowed_updates": ["message", "callback_query"]}
    ]


def test_without_an_address_nothing_is_registered(ada, fake):
    ada.say("x")
    ada.wait_sent(1)
    assert fake.of("setWebhook") == []


def test_registration_is_tried_until_it_works(serve, fake):
    fake.fail("setWebhook", 502)
    serve(webhook_url=HOOK)
    fake.wait(lambda: fake.of("setWebhook"))


def test_a_telegram_that_is_away_stops_nothing(serve, talk, fake):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    server = serve(webhook_url=HOOK, api_base=nowhere)
    with urllib.request.urlopen(f"{server.url}/webhooks/telegram/", timeout=5) as answer:
        assert answer.status == 200
    assert Person(server.url, fake).say("x") == 200


def test_without_a_token_it_is_off(monkeypatch):
    monkeypatch.delenv("SCIATRIAGE_TELEGRAM_TOKEN", raising=False)
    assert GuardedTelegram.from_credentials(None).settings.token == ""
    assert GuardedTelegram.from_credentials({"token": "${SCIATRIAGE_TELEGRAM_TOKEN}"}).settings.token == ""


def test_the_environment_comes_before_credentials(monkeypatch):
    for name in ("TOKEN", "SECRET", "API_BASE", "WEBHOOK_URL"):
        monkeypatch.delenv(f"SCIATRIAGE_TELEGRAM_{name}", raising=False)
    given = {"token": "1:a", "secret": "x", "api_base": "http://a/", "webhook_url": HOOK}
    settings = GuardedTelegram.from_credentials(given).settings
    assert (settings.token, settings.secret, settings.api_base, settings.webhook_url) == ("1:a", "x", "http://a", HOOK)
    monkeypatch.setenv("SCIATRIAGE_TELEGRAM_TOKEN", "2:b")
    assert GuardedTelegram.from_credentials(given).settings.token == "2:b"
    assert "2:b" not in repr(GuardedTelegram.from_credentials(given).settings)


@pytest.mark.parametrize(
    ("field", "value", "code"), [("text", "x" * 4097, 400), ("text", " ", 400), ("text", "x", 200)]
)
def test_the_fake_is_strict(fake: FakeBotApi, field, value, code):
    from .fake_bot_api import Call

    assert fake._body(fake.token, Call("sendMessage", {"chat_id": 1, field: value})).get("error_code", 200) == code
