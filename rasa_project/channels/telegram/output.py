"""Rasa's output channel for Telegram: for what is said to a chat that didn't just write (reminders)."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from rasa_project.channels.items import Items
from rasa_project.channels.telegram.delivery import Delivery

PREFIX = "telegram:"  # of a conversation's id (Guard.conversation)


def chat_of(conversation: str) -> int:
    """The chat of a conversation's id."""
    return int(conversation.removeprefix(PREFIX))


class TelegramOutput(OutputChannel):
    """Sends at once. A turn's own items are gathered by the guard and sent when the turn is over."""

    def __init__(self, delivery: Delivery) -> None:
        """Send through this delivery."""
        self._delivery = delivery

    @classmethod
    def name(cls) -> str:
        """The channel's name."""
        return "telegram"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Send one response of Rasa's: an item, or several."""
        gathered = Items(self.name(), recipient_id)
        await gathered.send_response(recipient_id, message)
        await self._delivery.deliver(chat_of(recipient_id), gathered.items)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Send a text."""
        await self.send_response(recipient_id, {"text": text})
