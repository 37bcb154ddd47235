"""A Bot API on loopback, as strict as the real one where it matters: 64-byte data, 4096 UTF-16 units, 429 on demand.

Runs in a thread and loop of its own, with keep-alive. `calls` holds every call in order; `chat(id)` the messages as a
person's client would show them now.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "123456:test"


@dataclass
class Call:
    """One call of the bot's. `status` is what was answered."""

    method: str
    fields: dict[str, Any]
    status: int = 200


@dataclass
class FakeBotApi:
    """Start it, give its `url` to the channel as the API base, look at `calls`."""

    token: str = TOKEN
    calls: list[Call] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self._messages: dict[tuple[int, int], dict[str, Any]] = {}
        self._numbers = itertools.count(1)
        self._faults: deque[tuple[str, int, float]] = deque()
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._runner: web.AppRunner | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="fake Bot API")

    def start(self) -> FakeBotApi:
        """Listen on a free port."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def stop(self) -> None:
        """Stop listening and end the thread."""
        if self._runner is not None:
            asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
            self._runner = None
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)

    def fail(self, method: str, status: int, times: int = 1, retry_after: float = 0.2) -> None:
        """Answer the next calls of a method with this status."""
        self._faults.extend([(method, status, retry_after)] * times)

    def of(self, method: str, chat: int | None = None) -> list[dict[str, Any]]:
        """The fields of the successful calls of a method, of one chat or all."""
        with self._changed:
            return [
                call.fields
                for call in self.calls
                if call.method == method and call.status == 200 and chat in (None, call.fields.get("chat_id"))
            ]

    def sent(self, chat: int) -> list[str]:
        """The texts sent to a chat."""
        return [fields["text"] for fields in self.of("sendMessage", chat)]

    def chat(self, chat: int) -> list[dict[str, Any]]:
        """The bot's messages in a chat, keyboards as they are now."""
        with self._changed:
            return [message for (where, _), message in sorted(self._messages.items()) if where == chat]

    def wait(self, done: Callable[[], Any], seconds: float = 5.0) -> Any:
        """Wait until `done()` is true, looking again after every call; returns it. Fails with the calls so far."""
        with self._changed:
            if not self._changed.wait_for(done, seconds):
                raise AssertionError("\n".join(["not in time; the calls were:", *map(str, self.calls)]))
            return done()

    async def _listen(self) -> None:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _answer(self, request: web.Request) -> web.Response:
        call = Call(request.match_info["method"], await request.json())
        with self._changed:
            body = self._body(request.match_info["token"], call)
            call.status = int(body.get("error_code", 200))
            self.calls.append(call)
            self._changed.notify_all()
        return web.json_response(body, status=call.status)

    def _body(self, token: str, call: Call) -> dict[str, Any]:
        if token != self.token:
            return _refusal(401, "Unauthorized")
        for fault in self._faults:
            if fault[0] == call.method:
                self._faults.remove(fault)
                extra = {"parameters": {"retry_after": fault[2]}} if fault[1] == 429 else {}
                return _refusal(fault[1], "as asked for") | extra
        method = getattr(self, f"_{call.method}", None)
        return method(call.fields) if method else _refusal(404, "Not Found")

    def _sendMessage(self, fields: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        text = fields.get("text") or ""
        if not text.strip():
            return _refusal(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            return _refusal(400, "Bad Request: message is too long")
        if wrong := _wrong_keyboard(fields.get("reply_markup")):
            return wrong
        chat, number = fields["chat_id"], next(self._numbers)
        message = {"message_id": number, "date": 1, "chat": {"id": chat, "type": "private"}, "text": text}
        if fields.get("reply_markup"):
            message["reply_markup"] = fields["reply_markup"]
        self._messages[chat, number] = message
        return {"ok": True, "result": message}

    def _editMessageReplyMarkup(self, fields: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        message = self._messages.get((fields["chat_id"], fields["message_id"]))
        if message is None:
            return _refusal(400, "Bad Request: message to edit not found")
        markup = fields.get("reply_markup") or {"inline_keyboard": []}
        if wrong := _wrong_keyboard(markup):
            return wrong
        if markup == message.get("reply_markup", {"inline_keyboard": []}):
            return _refusal(400, "Bad Request: message is not modified")
        new = {key: value for key, value in message.items() if key != "reply_markup"}
        if markup["inline_keyboard"]:
            new["reply_markup"] = markup
        self._messages[fields["chat_id"], fields["message_id"]] = new
        return {"ok": True, "result": new}

    def _answerCallbackQuery(self, fields: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        if len(fields.get("text", "")) > 200:
            return _refusal(400, "Bad Request: MESSAGE_TOO_LONG")
        return {"ok": True, "result": True}

    def _sendChatAction(self, fields: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"ok": True, "result": True}

    def _setWebhook(self, fields: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"ok": True, "result": True}


def _refusal(code: int, description: str) -> dict[str, Any]:
    return {"ok": False, "error_code": code, "description": description}


def _wrong_keyboard(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    for button in (button for row in (markup or {}).get("inline_keyboard", []) for button in row):
        if not button.get("text"):
            return _refusal(400, "Bad Request: BUTTON_TEXT_INVALID")
        if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
            return _refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return None
