"""Bringing what the assistant says to a chat: in pieces that fit, with buttons, in order, and not given up lightly."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_project.channels.telegram.bot_api import BLOCKED, SEND_TRIES, BotApi, RefusedError, UnreachableError
from rasa_project.channels.telegram.keyboard import Board, board_of, listed, rows
from rasa_project.channels.telegram.memory import Recent
from rasa_project.channels.telegram.pieces import pieces
from rasa_project.channels.telegram.words import Words

logger = logging.getLogger(__name__)

NO_KEYBOARD: dict[str, Any] = {"inline_keyboard": []}


class Delivery:
    """Sends items, and knows which message of a chat carries the live buttons."""

    def __init__(self, api: BotApi, words: Words) -> None:
        self._api, self._words = api, words
        self._boards: Recent[tuple[int, int], Board] = Recent(5000)
        self._live: Recent[int, int] = Recent(5000)
        self._undelivered: Recent[int, list[Mapping[str, Any]]] = Recent(1000)

    def board(self, chat: int, message_id: int) -> Board | None:
        """The buttons of a message, if they are remembered."""
        return self._boards.get((chat, message_id))

    def live(self, chat: int) -> int | None:
        """The message with the buttons of the question asked last, if it is remembered."""
        return self._live.get(chat)

    async def deliver(self, chat: int, items: Sequence[Mapping[str, Any]]) -> None:
        """Send the items in order. What can't be sent now is sent before anything else next time."""
        waiting = [*(self._undelivered.pop(chat) or []), *items]
        while waiting:
            try:
                await self._send(chat, waiting[0])
            except UnreachableError:
                self._undelivered.put(chat, waiting)
                logger.error("Telegram: %d item(s) wait for the next contact", len(waiting))
                return
            except RefusedError as error:
                if error.code == BLOCKED:
                    logger.info("Telegram: this chat takes no messages from us")
                    return
                logger.error("Telegram: sendMessage refused: %s", error)
            waiting.pop(0)

    async def show_board(self, chat: int, message_id: int, board: Board) -> None:
        """Show the ticks as they stand."""
        self._boards.put((chat, message_id), board)
        await self._edit(chat, message_id, {"inline_keyboard": rows(board, self._words)})

    async def remove_keyboard(self, chat: int, message_id: int) -> None:
        """Take the buttons off a message."""
        self._boards.pop((chat, message_id))
        if self._live.get(chat) == message_id:
            self._live.pop(chat)
        await self._edit(chat, message_id, NO_KEYBOARD)

    async def _send(self, chat: int, item: Mapping[str, Any]) -> None:
        board = board_of(item, self._words)
        text = str(item.get("text") or "").strip()
        if board is None:
            for piece in pieces(text):
                await self._message(chat, piece)
            return
        text = text or self._words.choose
        *before, last = pieces(f"{text}\n\n{listed(board)}" if board.numbered else text)
        for piece in before:
            await self._message(chat, piece)
        await self._ask(chat, last, board)

    async def _ask(self, chat: int, text: str, board: Board) -> None:
        """Send a question with its buttons; the buttons of the question before it go."""
        earlier = self._live.get(chat)
        if earlier is not None:
            board = board.keeping_ticks_of(self.board(chat, earlier))
        try:
            sent = await self._message(chat, text, {"inline_keyboard": rows(board, self._words)})
        except RefusedError as error:
            if error.code == BLOCKED:
                raise
            logger.error("Telegram: buttons refused: %s", error)
            for piece in pieces(text if board.numbered else f"{text}\n\n{listed(board)}"):
                await self._message(chat, piece)
            return
        message_id = int(sent["message_id"])
        self._boards.put((chat, message_id), board)
        self._live.put(chat, message_id)
        if earlier is not None:
            await self.remove_keyboard(chat, earlier)

    async def _message(self, chat: int, text: str, markup: Mapping[str, Any] | None = None) -> Any:
        fields: dict[str, Any] = {"reply_markup": markup} if markup else {}
        return await self._api.call(
            "sendMessage",
            tries=SEND_TRIES,
            chat_id=chat,
            text=text,
            link_preview_options={"is_disabled": True},
            **fields,
        )

    async def _edit(self, chat: int, message_id: int, markup: Mapping[str, Any]) -> None:
        try:
            await self._api.call("editMessageReplyMarkup", chat_id=chat, message_id=message_id, reply_markup=markup)
        except (RefusedError, UnreachableError) as error:
            logger.info("Telegram: editMessageReplyMarkup: %s", error)
