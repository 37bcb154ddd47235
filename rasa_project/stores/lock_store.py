"""The lock that keeps a person's messages in order, in memory; who waits looks every 0.05 seconds, not every 1."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore

from rasa_project.turn_watch import note_fault

POLL_SECONDS = 0.05


class PromptLockStore(InMemoryLockStore):
    """Rasa's ticket lock with a shorter poll."""

    def __init__(self, endpoint_config: Any = None) -> None:
        """Nothing to configure."""
        super().__init__()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = POLL_SECONDS,
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the conversation's lock; whoever can't get it has that noted on the turn."""
        try:
            ticket = self.issue_ticket(conversation_id, lock_lifetime)
        except Exception:
            note_fault("lock_store")
            raise
        try:
            yield await self._acquire_lock(conversation_id, ticket, wait_time_in_seconds)
        finally:
            self.cleanup(conversation_id, ticket)
