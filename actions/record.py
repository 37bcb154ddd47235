"""The record of a turn, written after it was spoken: a failing database silences nobody."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import talk
from sciatriage.casebook.book import Casebook
from sciatriage.casebook.opening import open_casebook
from sciatriage.casebook.records import LONGEST, CasebookError, RecordRefusedError, TurnRecord

log = logging.getLogger(__name__)

SECONDS = 0.8
"""How long the person's turn waits for the record; the writing itself goes on."""
NUMBERS = 10
"""How many numbers are tried for a turn whose own is taken."""
PROBE = "probe:"
"""Senders with this prefix are the server's own questions to itself: they are nobody's case."""


class Record(Action):
    """Writes the turn that just ended into the casebook, or erases the person from it. Never raises, never answers."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_record"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Write, in a thread, for as long as the person may wait."""
        if not tracker.sender_id.startswith(PROBE):
            try:
                if tracker.get_slot("forget"):
                    await in_thread(lambda: casebook().erase(tracker.sender_id))
                else:
                    turn = turn_record(tracker)
                    await in_thread(lambda: write(turn))
            except asyncio.TimeoutError:
                log.warning("the casebook is slow; the turn is written when it answers")
            except CasebookError as error:
                log.error("a turn could not be recorded: %s", error)
            except Exception as error:
                log.error("a turn could not be recorded: %s", type(error).__name__)
        return []


async def in_thread(work: Callable[[], object]) -> None:
    """Do the casebook's work outside the event loop, in order, waiting no longer than a person may."""
    await asyncio.wait_for(asyncio.shield(asyncio.get_running_loop().run_in_executor(_thread(), work)), SECONDS)


def write(turn: TurnRecord) -> None:
    """Write a turn. Where one that was written but then not kept has its number, it takes the next that is free."""
    for more in range(NUMBERS):
        try:
            casebook().record(replace(turn, number=turn.number + more))
            return
        except RecordRefusedError:
            if more == NUMBERS - 1:
                raise


@lru_cache(maxsize=1)
def casebook() -> Casebook:
    """The clinic's casebook, opened at the first turn."""
    home = os.environ.get("SCIATRIAGE_HOME")
    folder = Path(home).expanduser() if home else Path(__file__).resolve().parent.parent / "var"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return open_casebook(folder)


def close() -> None:
    """Write what still waits, and let go of the casebook; for a process that ends."""
    if casebook.cache_info().currsize:
        casebook().close()
        casebook.cache_clear()


@lru_cache(maxsize=1)
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="casebook")


def turn_record(tracker: Tracker) -> TurnRecord:
    """The turn that just ended, out of the tracker."""
    spoken = [i for i, event in enumerate(tracker.events) if event.get("event") == "user"]
    message, state = tracker.events[spoken[-1]], talk.state(tracker)
    replies = [_reply(event) for event in tracker.events[spoken[-1] :] if event.get("event") == "bot"]
    customs = [reply["custom"] for reply in replies if reply["custom"]]
    questions = [custom["id"] for custom in customs if custom.get("type") == "question"]
    results = [custom for custom in customs if custom.get("type") == "assessment"]
    told = results[-1] if results else {}
    return TurnRecord(
        case_id=state.case_id,
        sender=tracker.sender_id,
        number=max(0, state.turn - 1),
        at=datetime.fromtimestamp(message["timestamp"], tz=timezone.utc),
        said=message.get("text") or "",
        heard=(message.get("parse_data") or {}).get("heard"),
        asked=questions[-1][: LONGEST["asked"]] if questions else None,
        replies=replies,
        disposition=told.get("disposition"),
        final=bool(told.get("final", False)),
        state=tracker.get_slot("case"),
        knowledge_version=talk.knowledge().fingerprint,
    )


def _reply(event: dict[str, Any]) -> dict[str, Any]:
    data = event.get("data") or {}
    return {"text": event.get("text"), "buttons": data.get("buttons"), "custom": data.get("custom")}
