"""The input channel: checks who calls, takes each update once, answers 200 at once, and leaves the rest to the desk."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from rasa_project.channels.guard import Guard, OnNewMessage
from rasa_project.channels.items import Item
from rasa_project.channels.telegram.bot_api import BotApi
from rasa_project.channels.telegram.delivery import Delivery
from rasa_project.channels.telegram.desk import Desk
from rasa_project.channels.telegram.lines import Lines
from rasa_project.channels.telegram.memory import SeenUpdates
from rasa_project.channels.telegram.output import TelegramOutput
from rasa_project.channels.telegram.registration import register_webhook
from rasa_project.channels.telegram.settings import Settings, read_settings
from rasa_project.channels.telegram.updates import read_update
from rasa_project.channels.telegram.words import load_words
from rasa_project.home import home

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
DRAIN = 8.0  # seconds given at shutdown to what was already accepted


class GuardedTelegram(InputChannel):
    """POST /webhooks/telegram/webhook."""

    def __init__(self, settings: Settings) -> None:
        """Without a token the channel is off and says so at GET /webhooks/telegram/."""
        self.settings = settings
        self.guard = Guard(self.name())
        self._api = BotApi(settings.api_base, settings.token)
        self._delivery = Delivery(self._api, load_words())
        self._lines = Lines()
        self._registration: asyncio.Task[None] | None = None

    @classmethod
    def name(cls) -> str:
        """The channel's name: in the address, and before the colon of its sender ids."""
        return "telegram"

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> GuardedTelegram:
        """From credentials.yml, or the environment where that says nothing."""
        return cls(read_settings(credentials))

    def get_output_channel(self) -> OutputChannel:
        """For messages nobody just asked for."""
        return TelegramOutput(self._delivery)

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes; `on_new_message` takes a message and sends to its output channel."""
        routes = Blueprint("telegram_webhook")
        if self.settings.token:
            self._serve(routes, on_new_message)

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok" if self.settings.token else "off: SCIATRIAGE_TELEGRAM_TOKEN not set"})

        return routes

    def _serve(self, routes: Blueprint, on_new_message: OnNewMessage) -> None:
        async def respond(chat: int, text: str) -> list[Item]:
            return await self.guard.answer(on_new_message, str(chat), text)

        desk = Desk(self._api, self._delivery, respond, load_words())
        seen = SeenUpdates(home() / "telegram" / f"seen_{self.settings.bot_id}.txt")

        @routes.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            if not self._is_telegram(request):
                return response.text("", status=403)
            try:
                self._accept(request.json, desk, seen)
            except Exception as error:  # an update we can't read must not come back for ever
                kind = "no JSON" if isinstance(error, SanicException) else type(error).__name__
                logger.error("Telegram: an update could not be read: %s", kind)
            return response.text("")

        @routes.listener("after_server_start")
        async def start(app: Any, loop: Any) -> None:
            if self.settings.webhook_url:
                self._registration = asyncio.ensure_future(register_webhook(self._api, self.settings))

        @routes.listener("before_server_stop")
        async def stop(app: Any, loop: Any) -> None:
            if self._registration is not None:
                self._registration.cancel()
            await self._lines.drain(DRAIN)
            await self._api.close()

    def _is_telegram(self, request: Request) -> bool:
        given = request.headers.get(SECRET_HEADER) or ""
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.settings.secret.encode())

    def _accept(self, update: Any, desk: Desk, seen: SeenUpdates) -> None:
        """Put an update in its chat's line, the first time it comes."""
        number = update.get("update_id") if isinstance(update, Mapping) else None
        if not isinstance(number, int) or not seen.is_new(number):
            return
        event = read_update(update, asyncio.get_running_loop().time())
        if event is not None:
            self._lines.put(event.chat, partial(desk.handle, event), partial(desk.overflow, event.chat))
