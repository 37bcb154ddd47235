"""Where conversations are kept: SQLite in SCIATRIAGE_HOME, outside the event loop, and honest about its faults.

Rasa's own store works in the event loop, so a locked database stops everybody; Rasa's wrapper turns a failed read into
a new conversation and a failed write into memory that nobody reads. Here a fault is noted on the turn and raised, a
turn with a fault is not written, and a conversation that was left in mid-turn is put right as it is read.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.pool import NullPool

from rasa_project import home, rasa_patches
from rasa_project.turn_watch import TurnFailedError, TurnWatch, current, note_fault

log = logging.getLogger(__name__)
T = TypeVar("T")

SECONDS = 2.0
"""How long one reading or writing may take before the turn goes without."""
TURNS = 3
"""How many turns of a conversation Rasa gets to see: its rules look back no further, and its time grows with each."""
BEFORE = "sciatriage_events_before"
"""The attribute of a tracker that counts the stored events it wasn't given."""
BUSY_SECONDS = 1.0
"""How long SQLite waits for a lock that another process holds."""


class TalkStore(TrackerStore, SerializedTrackerAsText):
    """Conversations in one table of events, as Rasa's SQL store lays it out."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        db: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Open, and on first use make, `db` (default: conversations.sqlite3 in SCIATRIAGE_HOME)."""
        super().__init__(domain, event_broker)
        rasa_patches.apply()
        self.path = Path(db).resolve() if db else home.home() / "conversations.sqlite3"
        # Made here and nowhere else: a file that goes missing later is a fault, not an empty clinic.
        self._make()
        # With NullPool each session has a connection of its own, so any thread may take the next one.
        self.engine = sa.create_engine("sqlite://", creator=self._connect, poolclass=NullPool, hide_parameters=True)
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="conversations")

    def _make(self) -> None:
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            engine = sa.create_engine("sqlite://", creator=lambda: connection, poolclass=sa.pool.StaticPool)
            SQLTrackerStore.Base.metadata.create_all(engine)
        finally:
            connection.close()
        self.path.chmod(0o600)

    def _connect(self) -> sqlite3.Connection:
        uri = f"{self.path.as_uri()}?mode=rw"
        return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)

    async def _off_loop(self, what: str, work: Callable[[], T]) -> T:
        """Do database work in a thread, within its time; a fault is noted on the turn and raised."""
        try:
            return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(self._threads, work), SECONDS)
        except Exception as error:
            note_fault(what)
            if not isinstance(error, TurnFailedError):
                log.error("%s failed: %s", what, type(error).__name__)
            raise

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's last turns (its memory is the slot `case`), None where there is none yet."""
        return await self._retrieve(sender_id, TURNS)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The whole conversation."""
        return await self._retrieve(conversation_id, None)

    async def _retrieve(self, sender_id: str, turns: int | None) -> DialogueStateTracker | None:
        events, before = await self._off_loop("tracker_store.retrieve", lambda: self._read(sender_id, turns))
        if not events:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        setattr(tracker, BEFORE, before)
        if tracker.latest_action_name != ACTION_LISTEN_NAME:
            # Left in mid-turn (a circuit breaker in a version before this one): Rasa would never answer again.
            log.warning("a conversation was left in mid-turn; it listens again")
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that are new. A turn with a fault, or one that doesn't end in listening, is not written."""
        watch = current()
        if watch is not None and tracker.latest_action_name not in (ACTION_LISTEN_NAME, None):
            watch.note("circuit_breaker")
        _refuse_if_failed(watch)
        await self.stream_events(tracker)
        await self._off_loop("tracker_store.save", lambda: self._write(tracker, watch))

    async def keys(self) -> list[str]:
        """The sender ids of all conversations."""
        event = SQLTrackerStore.SQLEvent

        def read() -> list[str]:
            with sa.orm.Session(self.engine) as session:
                return [sender for (sender,) in session.query(event.sender_id).distinct()]

        return await self._off_loop("tracker_store.keys", read)

    async def delete(self, sender_id: str) -> None:
        """Forget a conversation."""
        event = SQLTrackerStore.SQLEvent

        def forget() -> None:
            with sa.orm.Session(self.engine) as session:
                session.query(event).filter(event.sender_id == sender_id).delete()
                session.commit()

        await self._off_loop("tracker_store.delete", forget)

    async def check(self) -> None:
        """Raise where the database can't be written now."""

        def write_nothing() -> None:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                connection.exec_driver_sql("SELECT 1 FROM events LIMIT 1")
                connection.exec_driver_sql("ROLLBACK")

        await self._off_loop("tracker_store.check", write_nothing)

    def _read(self, sender_id: str, turns: int | None) -> tuple[list[dict[str, Any]], int]:
        """The events of the last turns (None: of all), and how many come before them."""
        event = SQLTrackerStore.SQLEvent
        with sa.orm.Session(self.engine) as session:
            ids = session.query(event.id).filter(event.sender_id == sender_id)
            since = None
            if turns is not None:
                spoken = ids.filter(event.type_name == UserUttered.type_name).order_by(event.id.desc())
                since = spoken.offset(turns - 1).limit(1).scalar()
            rows = session.query(event.data).filter(event.sender_id == sender_id, event.id >= (since or 0))
            events = [json.loads(data) for (data,) in rows.order_by(event.id)]
            return events, ids.filter(event.id < since).count() if since else 0

    def _write(self, tracker: DialogueStateTracker, watch: TurnWatch | None) -> None:
        event = SQLTrackerStore.SQLEvent
        with sa.orm.Session(self.engine) as session:
            stored = session.query(event).filter(event.sender_id == tracker.sender_id)
            if tracker.get_slot("forget"):
                stored.delete()
                events = _only_where_it_stands(tracker)
            else:
                events = list(tracker.events)[stored.count() - getattr(tracker, BEFORE, 0) :]
            for new in events:
                data = new.as_dict()
                session.add(
                    event(
                        sender_id=tracker.sender_id,
                        type_name=new.type_name,
                        timestamp=data.get("timestamp"),
                        intent_name=((data.get("parse_data") or {}).get("intent") or {}).get("name"),
                        action_name=data.get("name"),
                        data=json.dumps(data),
                    )
                )
            session.flush()
            _refuse_if_failed(watch)
            session.commit()


def _only_where_it_stands(tracker: DialogueStateTracker) -> list[Event]:
    """What is left of a conversation whose words are to be forgotten: a talk that has stopped, and is listening."""
    return [SlotSet("case", tracker.get_slot("case")), ActionExecuted(ACTION_LISTEN_NAME)]


def _refuse_if_failed(watch: TurnWatch | None) -> None:
    if watch is not None and watch.failed:
        raise TurnFailedError("this turn had a fault and is not kept; its message is")
