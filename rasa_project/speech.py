"""The voice of Rasa's own responses: the emergency is put into words in process, from the slot `case` alone."""

from __future__ import annotations

import copy
import logging
from datetime import datetime, timezone
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from rasa_project import loaded, rasa_patches
from rasa_project.turn_watch import note_fault
from sciatriage.talk.saying import Saying
from sciatriage.talk.state import TalkState
from sciatriage.talk.turn import emergency_sayings

log = logging.getLogger(__name__)

AND_THEN = "and_then"
"""Where a response holds the sayings after its first; the project's channels send them as items of their own."""


class Speech(TemplatedNaturalLanguageGenerator):
    """Rasa's templates, except for `utter_emergency`."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        """Take the domain's responses; the agent sets them again once its model is loaded."""
        super().__init__(domain.responses if domain else {})
        rasa_patches.apply()

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The response for an action; for the emergency all its sayings in one response."""
        if utter_action == "utter_emergency":
            try:
                return response(emergency(tracker))
            except Exception:
                note_fault("utter_emergency")
                log.exception("the emergency could not be put into words from the case; the fail-safe answers")
                raise
        return await super().generate(utter_action, tracker, output_channel, **kwargs)


def emergency(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """What to say now: as the safety policy put it, else as the case in the tracker demands."""
    told = tracker.get_slot("say_now")
    if told:
        return list(told)
    now = datetime.now(timezone.utc)
    return [saying_to_json(saying) for saying in emergency_sayings(state_of(tracker, now), loaded.knowledge(), now)]


def state_of(tracker: DialogueStateTracker, now: datetime) -> TalkState:
    """The state of the talk in the slot `case`; a new one at the first message, or where it can't be read any more."""
    kept = tracker.get_slot("case")
    if kept:
        try:
            return TalkState.from_json(kept)
        except (KeyError, TypeError, ValueError):
            log.warning("a talk was kept in a form that can't be read any more; it begins anew")
    return TalkState.new(loaded.region(), now)


def saying_to_json(saying: Saying) -> dict[str, Any]:
    """Rasa's form of a saying: text, buttons and the contract's object."""
    return {"text": saying.text, "buttons": saying.buttons(), "custom": dict(saying.custom)}


def response(sayings: list[dict[str, Any]]) -> dict[str, Any]:
    """One response for some sayings: the first in its own fields, the others under `and_then`."""
    first, *others = copy.deepcopy(sayings)
    return {**first, AND_THEN: others} if others else first
