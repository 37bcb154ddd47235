"""What is done with each event of a chat: words go to the talk, ticks stay here, the rest gets one plain sentence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import singledispatchmethod
from typing import Any

from rasa_project.channels.fail_safe import fail_safe
from rasa_project.channels.items import Item, items_of
from rasa_project.channels.telegram import keyboard
from rasa_project.channels.telegram.bot_api import BotApi, RefusedError, UnreachableError
from rasa_project.channels.telegram.delivery import Delivery
from rasa_project.channels.telegram.memory import Recent
from rasa_project.channels.telegram.updates import (
    Edited,
    Event,
    InGroup,
    NotMeant,
    Pressed,
    Said,
    Unreadable,
    plain_words,
)
from rasa_project.channels.telegram.words import Words

logger = logging.getLogger(__name__)

Respond = Callable[[int, str], Awaitable[list[Item]]]  # (chat, text) -> what the assistant says
DOUBLE_TAP = 1.0  # seconds within which the same press again is the same press
TYPING_SHOWN_BY = 1.0  # seconds an answer waits at most for "typing..." to be shown


class Desk:
    """Handles one event at a time for a chat (Lines sees to that)."""

    def __init__(self, api: BotApi, delivery: Delivery, respond: Respond, words: Words) -> None:
        self._api, self._delivery, self._respond, self._words = api, delivery, respond, words
        self._told: Recent[object, None] = Recent(5000)
        self._taps: Recent[int, tuple[int, str, float]] = Recent(5000)

    @singledispatchmethod
    async def handle(self, event: Event) -> None:
        """Do what the event asks for."""
        raise TypeError(type(event).__name__)

    @handle.register
    async def _(self, event: Said) -> None:
        if event.with_media:
            await self._tell(event.chat, self._words.caption_read)
        live = self._delivery.live(event.chat)
        board = self._delivery.board(event.chat, live) if live is not None else None
        if live is not None and board and board.ticked and event.text.strip(" .!").lower() == self._words.done.lower():
            await self._delivery.remove_keyboard(event.chat, live)
            await self._turn(event.chat, "; ".join(board.ticked_labels()))
            return
        await self._turn(event.chat, event.text)

    @handle.register
    async def _(self, event: Unreadable) -> None:
        if event.album is None or self._told.first((event.chat, "album", event.album), None):
            await self._tell(event.chat, self._words.text_only)

    @handle.register
    async def _(self, event: Edited) -> None:
        if self._told.first((event.chat, "edit", event.message), None):
            await self._tell(event.chat, self._words.edits_unseen)

    @handle.register
    async def _(self, event: InGroup) -> None:
        if self._told.first((event.chat, "group"), None):
            await self._tell(event.chat, self._words.private_only)

    @handle.register
    async def _(self, event: NotMeant) -> None:
        await self._acknowledge(event.query)

    @handle.register
    async def _(self, event: Pressed) -> None:
        if self._is_double_tap(event):
            await self._acknowledge(event.query)
            return
        board = self._delivery.board(event.chat, event.message_id) or keyboard.read_board(event.message)
        number = board.find(event.data) if board else None
        if board is None and (event.data.startswith("#") or keyboard.has_boxes(event.message)):
            await self._lose_ticks(event)
        elif board is not None and number is not None and board.choices[number].box:
            await self._tick(event, board.toggled(number), ticked=number not in board.ticked)
        elif board is not None and event.data == keyboard.DONE and not board.ticked:
            await self._acknowledge(event.query, self._words.tick_first)
        elif board is not None and event.data == keyboard.DONE:
            await self._take(event, self._ticks(event, board))
        elif board is not None and board.ticked:
            await self._acknowledge(event.query, self._words.untick_first)
        else:
            await self._take(event, board.choices[number].payload if board and number is not None else event.data)

    async def overflow(self, chat: int) -> None:
        """Say that messages were left unread."""
        await self._tell(chat, self._words.too_many)

    def _ticks(self, event: Pressed, board: keyboard.Board) -> str:
        """Labels, which are heard whatever became of the talk; payloads where a question's number must be seen."""
        passed = self._delivery.live(event.chat) not in (None, event.message_id)
        split = any(";" in label for label in board.ticked_labels())
        return "; ".join(board.ticked_payloads() if passed or split else board.ticked_labels())

    async def _take(self, event: Pressed, answer: str) -> None:
        """An answer was chosen: no second one from the same buttons."""
        await self._acknowledge(event.query)
        await self._delivery.remove_keyboard(event.chat, event.message_id)
        await self._turn(event.chat, plain_words(answer))

    async def _tick(self, event: Pressed, board: keyboard.Board, ticked: bool) -> None:
        await self._delivery.show_board(event.chat, event.message_id, board)
        await self._acknowledge(event.query, self._words.ticked if ticked else self._words.unticked)

    async def _lose_ticks(self, event: Pressed) -> None:
        await self._acknowledge(event.query)
        await self._delivery.remove_keyboard(event.chat, event.message_id)
        await self._tell(event.chat, self._words.ticks_lost)

    async def _turn(self, chat: int, text: str) -> None:
        if not text:
            await self._tell(chat, self._words.text_only)
            return
        typing = asyncio.ensure_future(self._show_typing(chat))
        try:
            items = await self._respond(chat, text)
        except Exception as error:
            logger.error("Telegram: the guard failed: %s", type(error).__name__)
            items = items_of(str(chat), (fail_safe(),))
        await asyncio.wait({typing}, timeout=TYPING_SHOWN_BY)
        typing.cancel()
        await self._delivery.deliver(chat, items)

    def _is_double_tap(self, event: Pressed) -> bool:
        """The same answer twice at once. Ticking and unticking quickly is not that: the board is still there."""
        tap, last = (event.message_id, event.data), self._taps.get(event.chat)
        self._taps.put(event.chat, (*tap, event.at))
        if self._delivery.board(event.chat, event.message_id) is not None or last is None:
            return False
        return last[:2] == tap and event.at - last[2] < DOUBLE_TAP

    async def _tell(self, chat: int, text: str) -> None:
        await self._delivery.deliver(chat, [{"text": text}])

    async def _acknowledge(self, query: str, toast: str = "") -> None:
        """Stop the button's spinner, in every case."""
        fields = {"text": toast} if toast else {}
        await self._quietly("answerCallbackQuery", callback_query_id=query, **fields)

    async def _show_typing(self, chat: int) -> None:
        await self._quietly("sendChatAction", tries=1, chat_id=chat, action="typing")

    async def _quietly(self, method: str, **fields: Any) -> None:
        try:
            await self._api.call(method, **fields)
        except (RefusedError, UnreachableError) as error:
            logger.info("Telegram: %s: %s", method, error)
