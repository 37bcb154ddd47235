"""The self-care path: what to do at home, what to watch for, when to come back."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import talk
from sciatriage.talk.turn import conclude


class SelfCarePath(Action):
    """Says the conclusion of a talk that leads there."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_self_care_path"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say the result with its advice and safety net."""
        talk.say(dispatcher, conclude(talk.state(tracker), talk.knowledge(), talk.now(tracker)))
        return []
