"""Telegram's Bot API over HTTP: one `call`, patient with a busy or broken Telegram, silent about what was said."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp

logger = logging.getLogger(__name__)

LONGEST_WAIT = 60.0  # seconds: a longer `retry_after` is not waited for
FIRST_PAUSE = 0.5  # seconds before the second try; each further pause is twice as long
CALL_TIMEOUT = aiohttp.ClientTimeout(total=10)
SEND_TRIES = 5  # for what must arrive: about eight seconds of trying
BLOCKED = 403  # the person blocked the bot or deleted the account


class RefusedError(Exception):
    """Telegram understood and said no; trying again would not help."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {description}")
        self.code = code


class UnreachableError(Exception):
    """Every try failed: no network, a server error, or asked to wait too long."""


class BotApi:
    """The bot's end of the line. The session belongs to the loop that first calls."""

    def __init__(self, base: str, token: str) -> None:
        self._root = f"{base}/bot{token}"
        self._session: aiohttp.ClientSession | None = None

    async def call(self, method: str, *, tries: int = 2, **fields: Any) -> Any:
        """Call one method and return its result; raises RefusedError or UnreachableError."""
        pause = FIRST_PAUSE
        for attempt in range(1, tries + 1):
            status, body = await self._post(method, fields)
            if body.get("ok") is True:
                return body.get("result")
            if status == 429:
                wait = _retry_after(body)
                if wait > LONGEST_WAIT:
                    break
            elif 400 <= status < 500:
                raise RefusedError(status, str(body.get("description", ""))[:120])
            else:
                wait, pause = pause, pause * 2
            if attempt < tries:
                await asyncio.sleep(wait)
        logger.warning("Telegram: %s failed (last status %s)", method, status or "none")
        raise UnreachableError(method)

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, method: str, fields: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """One HTTP exchange; status 0 when there was none. Errors are named by kind: their text holds the token."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=CALL_TIMEOUT)
        status = 0
        try:
            async with self._session.post(f"{self._root}/{method}", json=fields) as answer:
                status = answer.status
                body = await answer.json(content_type=None)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            logger.info("Telegram: %s: %s", method, type(error).__name__)
            return status, {}
        return status, body if isinstance(body, dict) else {}


def _retry_after(body: dict[str, Any]) -> float:
    parameters = body.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return max(0.0, float(seconds)) if isinstance(seconds, (int, float)) else 1.0
