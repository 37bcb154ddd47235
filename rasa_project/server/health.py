"""Whether a whole turn can be served now, and if not, why."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

FRESH_SECONDS = 1.0
"""How long one look is good for: whoever asks more often gets the same answer."""

Check = Callable[[], Awaitable[None]]


class Health:
    """Says 503 with a reason until ready, then looks at the parts each time it is asked."""

    def __init__(self) -> None:
        """Not ready: nothing is loaded."""
        self.reason: str | None = "the model is loading"
        self._checks: dict[str, Check] = {}
        self._seen = (0.0, self.reason)

    def ready(self, checks: dict[str, Check]) -> None:
        """A turn was served; from now on these parts are looked at, each by a check that raises."""
        self.reason, self._checks, self._seen = None, checks, (0.0, None)

    async def why_not(self) -> str | None:
        """The reason why no turn can be served, None where one can."""
        if self.reason:
            return self.reason
        at, reason = self._seen
        if time.monotonic() - at > FRESH_SECONDS:
            reason = await self._look()
            self._seen = (time.monotonic(), reason)
        return reason

    async def _look(self) -> str | None:
        for name, check in self._checks.items():
            try:
                await check()
            except Exception as error:
                log.error("not ready: %s (%s)", name, type(error).__name__)
                return f"{name} ({type(error).__name__})"
        return None
