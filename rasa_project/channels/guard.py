"""A reply always comes: whatever fails behind a channel, the person hears within 5 seconds and no word is lost.

Every channel hands its messages to a `Guard` and delivers what it returns. A turn counts only if it ended well (no
fault noted, something said, conversation kept); else its output is dropped unless it tells an emergency, the message is
held, and the fail-safe is said. What is held is heard together with the next message.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.channels.channel import UserMessage
from ruamel.yaml import YAML

from rasa_project import turn_watch
from rasa_project.channels.fail_safe import fail_safe, last_word
from rasa_project.channels.held import HeldMessages
from rasa_project.channels.incoming import LONGEST, clean
from rasa_project.channels.items import Item, Items, items_of, tells_emergency
from sciatriage.talk.saying import Saying

log = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

SECONDS = 4.5
"""From a message to its reply, waiting for the message before it included."""
SECOND_TRY_SECONDS = 1.0
"""What must be left of them to try the new message without those held before it."""


@dataclass(frozen=True)
class Outcome:
    """How a turn ended: what it said, and what failed (nothing where it went well)."""

    items: list[Item]
    fault: str | None


class Guard:
    """Stands between one channel and Rasa."""

    def __init__(self, channel: str) -> None:
        """For the channel of this name, which also keeps its senders apart from those of other channels."""
        self.channel = channel
        self._held = HeldMessages()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def conversation(self, sender: str) -> str:
        """The conversation's id in the tracker: a sender of one channel is nobody on another."""
        return f"{self.channel}:{sender}"

    async def answer(
        self, on_new_message: OnNewMessage, sender: str, text: str, metadata: dict[str, Any] | None = None
    ) -> list[Item]:
        """What to reply to this message; never empty, never late, never an exception."""
        until = time.monotonic() + SECONDS
        cleaned, cut = clean(text)
        notices = [notice("cut", read=f"{LONGEST:,}")] if cut else []
        turn = self._turns.setdefault(sender, asyncio.Lock())
        try:
            await asyncio.wait_for(turn.acquire(), SECONDS - SECOND_TRY_SECONDS)
        except asyncio.TimeoutError:
            return self._give_up(sender, cleaned, Outcome([], "the message before it"))
        try:
            together = self._held.with_new(sender, cleaned)
            outcome = await self._turn(on_new_message, sender, together, metadata, until)
            left = until - time.monotonic()
            if outcome.fault and together != cleaned and left > SECOND_TRY_SECONDS and not _told(outcome):
                # Something held may be what can't be understood: it must not silence all that comes after it.
                alone = await self._turn(on_new_message, sender, cleaned, metadata, until)
                if not alone.fault:
                    outcome, notices = alone, [*notices, notice("lost")]
            if outcome.fault:
                return self._give_up(sender, cleaned, outcome)
            self._held.clear(sender)
            return [*items_of(sender, notices), *outcome.items]
        except asyncio.CancelledError:
            self._held.hold(sender, cleaned)  # the person's connection broke before there was a reply
            raise
        finally:
            turn.release()

    async def _turn(
        self, on_new_message: OnNewMessage, sender: str, text: str, metadata: dict[str, Any] | None, until: float
    ) -> Outcome:
        watch = turn_watch.begin()
        output = Items(self.channel, sender)
        message = UserMessage(text, output, self.conversation(sender), input_channel=self.channel, metadata=metadata)
        try:
            await asyncio.wait_for(on_new_message(message), max(0.1, until - time.monotonic()))
        except asyncio.TimeoutError:
            watch.note("time")
        except Exception as error:
            if not watch.failed:
                watch.note(type(error).__name__)
                log.exception("a turn failed")
        if not output.items and not watch.failed:
            watch.note("silence")
        fault = ", ".join(dict.fromkeys(watch.faults)) or None
        watch.over = True
        return Outcome(output.items, fault)

    def _give_up(self, sender: str, text: str, outcome: Outcome) -> list[Item]:
        """Hold the message; send the emergency if there is one, else the fail-safe."""
        log.error("fail-safe on %s: %s", self.channel, outcome.fault)
        heard = self._held.with_new(sender, text)
        self._held.hold(sender, text)
        if _told(outcome):
            return outcome.items
        return items_of(sender, last_word(heard) or (fail_safe(),))


def _told(outcome: Outcome) -> bool:
    return any(tells_emergency(item) for item in outcome.items)


def notice(name: str, **fields: str) -> Saying:
    """A saying of the channel's own."""
    return Saying(_notices()[name].format(**fields), custom={"type": "information", "id": name})


@lru_cache(maxsize=1)
def _notices() -> dict[str, str]:
    told = YAML(typ="safe").load(Path(__file__).with_name("notices.yml"))
    return {name: str(text).strip() for name, text in told.items()}
