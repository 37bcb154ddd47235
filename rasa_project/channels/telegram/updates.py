"""What an update of Telegram's means to this channel. Pure: a dict in, one of a few plain values (or None) out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_LEADING = re.compile(r"^[\s/]+")
_COMMAND = re.compile(r"^/([A-Za-z0-9_]+)(?:@\w+)?(?=\s|$)")
# What Telegram itself writes into a private chat: nobody said anything.
_NOTICES = frozenset({"pinned_message", "message_auto_delete_timer_changed", "chat_background_set",
                      "write_access_allowed", "connected_website", "proximity_alert_triggered"})  # fmt: skip
GREETING = "hello"


@dataclass(frozen=True)
class Said:
    """Words from a person: typed, or written under a picture (`with_media`)."""

    chat: int
    text: str
    with_media: bool = False


@dataclass(frozen=True)
class Unreadable:
    """A picture, a recording, a file: no words. `album` ties the parts of one album together."""

    chat: int
    album: str | None = None


@dataclass(frozen=True)
class Edited:
    """An earlier message was changed."""

    chat: int
    message: int


@dataclass(frozen=True)
class Pressed:
    """A button was pressed. `message` is the message it hangs on; Telegram may withhold its text when it is old."""

    chat: int
    query: str
    data: str
    message: Mapping[str, Any]
    at: float = 0.0  # when it came, on the receiver's clock

    @property
    def message_id(self) -> int:
        """The number of the message the button hangs on."""
        return int(self.message["message_id"])


@dataclass(frozen=True)
class NotMeant:
    """A press that can't count (another person's, or in a group): it is acknowledged and nothing more."""

    chat: int
    query: str


@dataclass(frozen=True)
class InGroup:
    """Someone wrote in a group."""

    chat: int


Event = Said | Unreadable | Edited | Pressed | NotMeant | InGroup


def read_update(update: Mapping[str, Any], at: float = 0.0) -> Event | None:
    """The event in an update, or None where there is none for us (my_chat_member, channel_post, {}, ...)."""
    if "callback_query" in update:
        return _read_press(update["callback_query"], at)
    edited = "edited_message" in update
    message = update.get("edited_message" if edited else "message")
    if not isinstance(message, Mapping):
        return None
    chat, kind = int(message["chat"]["id"]), message["chat"].get("type")
    if (message.get("from") or {}).get("is_bot"):
        return None
    if kind != "private":
        return InGroup(chat) if kind in ("group", "supergroup") and not edited else None
    if edited:
        return Edited(chat, int(message["message_id"]))
    return _read_message(chat, message)


def _read_message(chat: int, message: Mapping[str, Any]) -> Event | None:
    text, caption = message.get("text"), message.get("caption")
    words = plain_words(text if isinstance(text, str) else caption if isinstance(caption, str) else "")
    if words:
        return Said(chat, words, with_media=not isinstance(text, str))
    if _NOTICES & message.keys():
        return None
    album = message.get("media_group_id")
    return Unreadable(chat, str(album) if album else None)


def _read_press(press: Mapping[str, Any], at: float) -> Event:
    query, message, presser = str(press["id"]), press.get("message"), press["from"]["id"]
    if not isinstance(message, Mapping):
        return NotMeant(int(presser), query)
    chat = message["chat"]
    if chat.get("type") != "private" or chat["id"] != presser or press["from"].get("is_bot"):
        return NotMeant(int(chat["id"]), query)
    return Pressed(int(chat["id"]), query, str(press.get("data") or ""), message, at)


def plain_words(text: str) -> str:
    """The text without anything Rasa would take for a command: "/start" greets, "/why@TheBot" is "why"."""
    text = text.strip()
    command = _COMMAND.match(text)
    if command and command.group(1).lower() == "start":
        return GREETING
    if command:
        text = command.group(1) + text[command.end() :]
    return _LEADING.sub("", text)
