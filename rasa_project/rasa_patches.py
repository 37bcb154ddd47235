"""Four changes to Rasa 3.6 while it runs, each a few lines, each with a test that fails when Rasa's names change.

- An action's answer is checked with a validator built once (Rasa checks the constant schema itself on every call:
  25 of 30 ms of a turn).
- The class of an event is looked up once (Rasa walks all subclasses for every event of a conversation).
- A call to the action server ends after 3 seconds (Rasa: 300, in a constant), that of the record after 1.
- A failed action is noted on the turn, so the channel knows (Rasa logs it and stays silent).
"""

from __future__ import annotations

import asyncio
import logging
from functools import lru_cache
from typing import Any

from rasa_project.turn_watch import current, note_fault

log = logging.getLogger(__name__)

ACTION_SECONDS = 3.0
RECORD_SECONDS = 1.0
BEST_EFFORT = frozenset({"action_record"})
"""Actions whose failure costs the person nothing: speech comes before record."""


@lru_cache(maxsize=1)
def apply() -> None:
    """Make the changes, once a process."""
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
    from rasa.shared.core.events import Event

    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    run_once = RemoteAction.run

    async def run(self: RemoteAction, *args: Any, **kwargs: Any) -> Any:
        name, watch = self.name(), current()
        if name in BEST_EFFORT and watch is not None and watch.failed:
            return []  # this turn won't be kept: there is nothing to record
        seconds = RECORD_SECONDS if name in BEST_EFFORT else ACTION_SECONDS
        try:
            return await asyncio.wait_for(run_once(self, *args, **kwargs), seconds)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            if name not in BEST_EFFORT:
                note_fault(name)
            log.error("%s failed: %s", name, type(error).__name__)
            raise

    RemoteAction._validate_action_result = validate
    RemoteAction.run = run
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))
