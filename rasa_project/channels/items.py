"""What the bot says, one item a saying: text, buttons and the contract's object together, never split."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.channels.channel import OutputChannel

from sciatriage.talk.saying import Saying

Item = dict[str, Any]

AND_THEN = "and_then"
"""Where a response of rasa_project/speech.py holds the sayings after its first."""


class Items(OutputChannel):
    """Gathers what one turn says."""

    def __init__(self, channel: str, recipient: str) -> None:
        """For this channel and the recipient as the channel knows them."""
        self._channel = channel
        self._recipient = recipient
        self.items: list[Item] = []

    def name(self) -> str:  # type: ignore[override]
        """The channel's name, as Rasa's responses may ask for it."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a response as an item, and those that follow it as items of their own."""
        self.items.append(item(self._recipient, message))
        self.items += [item(self._recipient, told) for told in message.get(AND_THEN) or []]


def item(recipient: str, told: dict[str, Any]) -> Item:
    """One item of the contract."""
    made: Item = {"recipient_id": recipient, "text": told.get("text") or ""}
    if told.get("buttons"):
        made["buttons"] = told["buttons"]
    if told.get("custom"):
        made["custom"] = told["custom"]
    return made


def items_of(recipient: str, sayings: Iterable[Saying]) -> list[Item]:
    """Sayings as items."""
    return [
        item(recipient, {"text": saying.text, "buttons": saying.buttons(), "custom": dict(saying.custom)})
        for saying in sayings
    ]


def tells_emergency(told: Item) -> bool:
    """Whether an item sends the person for help now."""
    custom = told.get("custom") or {}
    return custom.get("type") == "crisis" or custom.get("disposition") == "emergency_now"
