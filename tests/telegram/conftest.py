"""The channel in a Sanic server on loopback, with a scripted talk behind it and a fake Telegram in front."""

from __future__ import annotations

import asyncio
import itertools
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic

from rasa_project.channels.telegram import GuardedTelegram, bot_api

from .fake_bot_api import TOKEN, FakeBotApi
from .person import SECRET, Person

_names = itertools.count()


@dataclass
class Talk:
    """The scripted talk: `says` maps a text to the responses for it; every other text is echoed."""

    says: dict[str, list[dict[str, Any]] | Exception | Callable[[], Awaitable[list[dict[str, Any]]]]] = field(
        default_factory=dict
    )
    heard: list[tuple[str, str]] = field(default_factory=list)

    async def handle_message(self, message: UserMessage) -> None:
        """What a Rasa agent does with a message, as far as a channel sees it."""
        self.heard.append((message.sender_id, message.text))
        answer = self.says.get(message.text, [{"text": f"heard {message.text}"}])
        if isinstance(answer, Exception):
            raise answer
        for response in answer if isinstance(answer, list) else await answer():
            await message.output_channel.send_response(message.sender_id, dict(response))

    def texts(self) -> list[str]:
        """All texts heard so far."""
        return [text for _, text in self.heard]


class ChannelServer:
    """A Sanic server with the channel alone, in a thread and loop of its own."""

    def __init__(self, talk: Talk) -> None:
        self.channel = GuardedTelegram.from_credentials(None)
        self._app = Sanic(f"telegram_test_{next(_names)}", configure_logging=False)
        self._app.ctx.agent = talk
        register([self.channel], self._app, route="/webhooks/")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="channel server")
        self._thread.start()
        self._run(self._start())

    def stop(self) -> None:
        """Stop as a server does: listeners first."""
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _start(self) -> None:
        self._server = await self._app.create_server("127.0.0.1", self.port, return_asyncio_server=True)
        await self._server.startup()
        await self._server.before_start()
        await self._server.after_start()

    async def _stop(self) -> None:
        await self._server.before_stop()
        await self._server.close()
        await self._server.after_stop()


@pytest.fixture
def fake() -> Iterator[FakeBotApi]:
    """A fake Bot API."""
    api = FakeBotApi().start()
    yield api
    api.stop()


@pytest.fixture
def talk() -> Talk:
    """The scripted talk."""
    return Talk()


@pytest.fixture
def serve(
    fake: FakeBotApi, talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., ChannelServer]]:
    """Start a server with the channel; called again, it is a restart on the same SCIATRIAGE_HOME."""
    running: list[ChannelServer] = []
    monkeypatch.setenv("SCIATRIAGE_HOME", str(tmp_path))
    monkeypatch.setattr(bot_api, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(Sanic, "test_mode", True)  # more than one server in a process

    def start(**settings: str) -> ChannelServer:
        while running:
            running.pop().stop()
        for name, value in {"token": TOKEN, "secret": SECRET, "api_base": fake.url, **settings}.items():
            monkeypatch.setenv(f"SCIATRIAGE_TELEGRAM_{name.upper()}", value)
        running.append(ChannelServer(talk))
        return running[-1]

    yield start
    while running:
        running.pop().stop()


@pytest.fixture
def server(serve: Callable[..., ChannelServer]) -> ChannelServer:
    """A running channel."""
    return serve()


@pytest.fixture
def ada(server: ChannelServer, fake: FakeBotApi) -> Person:
    """A person in a private chat."""
    return Person(server.url, fake)
