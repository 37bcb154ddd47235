"""One waiting line a chat: in order within it, independent between them."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]
LONGEST_JOB = 150.0  # seconds, waiting for Telegram included
LONGEST_LINE = 30  # messages of one chat waiting


class Lines:
    """Runs jobs, one at a time for each chat. A job that fails or hangs costs itself only."""

    def __init__(self) -> None:
        self._waiting: dict[int, deque[Job]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def put(self, chat: int, job: Job, when_full: Job) -> None:
        """Add a job; the first one too many is replaced by `when_full`, those after it are dropped."""
        line = self._waiting.get(chat)
        if line is not None:
            if len(line) <= LONGEST_LINE:
                line.append(job if len(line) < LONGEST_LINE else when_full)
            return
        self._waiting[chat] = deque([job])
        task = asyncio.get_running_loop().create_task(self._work(chat))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def drain(self, seconds: float) -> None:
        """Let what was accepted be answered, but no longer than this; then stop."""
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=seconds)
            for task in late:
                task.cancel()

    async def _work(self, chat: int) -> None:
        line = self._waiting[chat]
        try:
            while line:
                try:
                    await asyncio.wait_for(line.popleft()(), LONGEST_JOB)
                except Exception as error:
                    logger.error("Telegram: an update could not be handled: %s", type(error).__name__)
        finally:
            del self._waiting[chat]
