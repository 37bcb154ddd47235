"""The turn: what was heard goes into the talk, what the talk says goes out."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import talk
from sciatriage.talk.turn import Path, take_turn


class TriageTurn(Action):
    """One turn of the talk."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_triage_turn"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Take the turn, say what it says, keep its state and where it leads."""
        turn = take_turn(talk.state(tracker), talk.heard(tracker), talk.knowledge(), talk.now(tracker))
        talk.say(dispatcher, turn.sayings)
        # An emergency is said by the safety policy; should it come this way, the sayings are complete: no path follows.
        leads_to = "open"
        if turn.path in (Path.SELF_CARE, Path.REFERRAL) and turn.disposition:
            leads_to = turn.disposition.value
        events = [SlotSet("case", turn.state.to_json()), SlotSet("disposition", leads_to)]
        return [*events, SlotSet("forget", True)] if turn.forget else events
