"""A person with a Telegram client: writes and presses; Telegram posts each as an update to the webhook."""

from __future__ import annotations

import itertools
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from .fake_bot_api import FakeBotApi

SECRET = "s3cret"
_update_ids = itertools.count(1000 * (time.time_ns() // 1_000_000_000 % 1_000_000))


def next_update_id() -> int:
    """An update id that no test used before."""
    return next(_update_ids)


def post(url: str, update: Any, secret: str | None = SECRET) -> int:
    """POST an update as Telegram does; the status answered. Bytes are sent as they are."""
    body = update if isinstance(update, bytes) else json.dumps(update).encode()
    headers = {"Content-Type": "application/json"}
    if secret is not None:
        headers["X-Telegram-Bot-Api-Secret-Token"] = secret
    request = urllib.request.Request(f"{url}/webhooks/telegram/webhook", data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@dataclass
class Person:
    """One person in a private chat with the bot."""

    url: str
    fake: FakeBotApi
    id: int = 77
    _numbers: Any = field(default_factory=lambda: itertools.count(100_000))

    def message(self, **fields: Any) -> dict[str, Any]:
        """A message of this person's, as an update holds it."""
        chat = {"id": self.id, "type": "private"}
        who = {"id": self.id, "is_bot": False, "first_name": "Ada"}
        return {"message_id": next(self._numbers), "date": 1, "chat": chat, "from": who, **fields}

    def send(self, **fields: Any) -> int:
        """Post a message (text=, caption=, photo=, ...)."""
        return post(self.url, {"update_id": next_update_id(), "message": self.message(**fields)})

    def say(self, text: str) -> int:
        """Write a text."""
        return self.send(text=text)

    def press(self, data: str, message: dict[str, Any] | None = None, **fields: Any) -> str:
        """Press a button by its data, on the last message with buttons unless told; the query's id."""
        number = next_update_id()
        query = {
            "id": f"q{number}",
            "from": {"id": self.id, "is_bot": False, "first_name": "Ada"},
            "message": message or self.question(),
            "data": data,
            **fields,
        }
        assert post(self.url, {"update_id": number, "callback_query": query}) == 200
        return f"q{number}"

    def press_label(self, label: str) -> str:
        """Press the first button whose words contain this."""
        return self.press(next(button["callback_data"] for button in self.buttons() if label in button["text"]))

    def question(self) -> dict[str, Any]:
        """The last message that has buttons."""
        return [message for message in self.fake.chat(self.id) if message.get("reply_markup")][-1]

    def buttons(self) -> list[dict[str, str]]:
        """Its buttons."""
        return [button for row in self.question()["reply_markup"]["inline_keyboard"] for button in row]

    def sent(self) -> list[str]:
        """The texts the bot sent here."""
        return self.fake.sent(self.id)

    def wait_sent(self, count: int, seconds: float = 5.0) -> list[str]:
        """Wait for so many messages."""
        self.fake.wait(lambda: len(self.sent()) >= count, seconds)
        return self.sent()
