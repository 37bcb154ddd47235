"""What every action needs: the knowledge, the state and what was heard out of a tracker, sayings into a dispatcher."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from sciatriage.talk.heard_json import heard_from_json
from sciatriage.talk.saying import Saying
from sciatriage.talk.state import TalkState
from sciatriage.triage.knowledge import Knowledge, load_knowledge
from sciatriage.triage.vocabulary import Heard

log = logging.getLogger(__name__)

_loaded: list[Knowledge] = []


def use_knowledge(knowledge: Knowledge) -> None:
    """Share a knowledge that this process has loaded already."""
    _loaded[:] = [knowledge]


def knowledge() -> Knowledge:
    """The clinicians' knowledge, loaded once."""
    if not _loaded:
        use_knowledge(load_knowledge())
    return _loaded[0]


def now(tracker: Tracker) -> datetime:
    """The time of the person's last message: the clock of the turn, the same one the safety policy reads."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return datetime.fromtimestamp(event["timestamp"], tz=timezone.utc)
    return datetime.now(timezone.utc)


def heard(tracker: Tracker) -> Heard:
    """What was heard in the last message."""
    message: dict[str, Any] = tracker.latest_message or {}
    return heard_from_json(message.get("heard") or {"text": message.get("text") or ""})


def state(tracker: Tracker) -> TalkState:
    """The state of the talk, a new one at the first message."""
    kept = tracker.get_slot("case")
    if kept:
        try:
            return TalkState.from_json(kept)
        except (KeyError, TypeError, ValueError):
            log.warning("a talk was kept in a form that can't be read any more; it begins anew")
    return TalkState.new(os.environ.get("SCIATRIAGE_REGION") or None, now(tracker))


def say(dispatcher: CollectingDispatcher, sayings: Iterable[Saying]) -> None:
    """Each saying as one response: text, buttons and the contract's object together."""
    for saying in sayings:
        dispatcher.utter_message(text=saying.text, buttons=saying.buttons(), json_message=dict(saying.custom))
