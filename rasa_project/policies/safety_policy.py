"""WEIGH, before anything else: an emergency ends whatever is going on, in process, whatever else is broken."""

from __future__ import annotations

import logging
from datetime import datetime, timezone
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData, confidence_scores_for
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from rasa_project import loaded
from rasa_project.components.finding_extractor import HEARD
from rasa_project.speech import saying_to_json, state_of
from sciatriage.talk.heard_json import heard_from_json
from sciatriage.talk.turn import Path, Turn, take_turn

log = logging.getLogger(__name__)

EMERGENCY_PATHS = (Path.EMERGENCY, Path.CRISIS)
SEQUENCE = ("utter_emergency", "action_record", ACTION_LISTEN_NAME)
"""What happens once an emergency is seen: said, recorded as far as possible, and the person's turn again."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class SafetyPolicy(Policy):
    """Runs the turn itself on every message and takes over where it is an emergency or a crisis; else it abstains."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Above every other policy."""
        return {"priority": 100}

    @staticmethod
    def supported_data() -> SupportedData:
        """Learns from nothing; both kinds of data may be there."""
        return SupportedData.ML_AND_RULE_DATA

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SafetyPolicy:
        """A new policy."""
        return cls(config, model_storage, resource, execution_context)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SafetyPolicy:
        """The same as new: nothing is learned."""
        return cls(config, model_storage, resource, execution_context)

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing to learn."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The next step of the emergency path, or nothing."""
        done = self._actions_since_the_person_spoke(tracker)
        if done is None:
            return self._abstain(domain)
        if not done:
            return self._weigh(tracker, domain)
        if done[0] != SEQUENCE[0] or len(done) >= len(SEQUENCE):
            return self._abstain(domain)
        return self._predict(SEQUENCE[len(done)], domain)

    def _weigh(self, tracker: DialogueStateTracker, domain: Domain) -> PolicyPrediction:
        try:
            turn = turn_of(tracker)
        except Exception:
            log.exception("the safety policy could not weigh a message; the ordinary path answers, or the fail-safe")
            return self._abstain(domain)
        if turn is None or turn.path not in EMERGENCY_PATHS:
            return self._abstain(domain)
        disposition = turn.disposition.value if turn.disposition else "emergency_now"
        events = [
            SlotSet("case", turn.state.to_json()),
            SlotSet("disposition", disposition),
            SlotSet("say_now", [saying_to_json(saying) for saying in turn.sayings]),
        ]
        return self._predict(SEQUENCE[0], domain, events)

    def _predict(self, action: str, domain: Domain, events: list[Any] | None = None) -> PolicyPrediction:
        return self._prediction(confidence_scores_for(action, 1.0, domain), events=events, is_no_user_prediction=True)

    def _abstain(self, domain: Domain) -> PolicyPrediction:
        return self._prediction(self._default_predictions(domain))

    @staticmethod
    def _actions_since_the_person_spoke(tracker: DialogueStateTracker) -> list[str] | None:
        """The names of the actions after the last message, oldest first; None where nobody spoke."""
        done: list[str] = []
        for event in reversed(tracker.events):
            if isinstance(event, UserUttered):
                return done[::-1]
            if isinstance(event, ActionExecuted):
                done.append(event.action_name or "")
        return None


def turn_of(tracker: DialogueStateTracker) -> Turn | None:
    """The turn that the tracker's latest message makes, by the slot `case`; None where there is no message."""
    spoken = tracker.get_last_event_for(UserUttered)
    if not isinstance(spoken, UserUttered):
        return None
    now = datetime.fromtimestamp(spoken.timestamp, tz=timezone.utc)
    told = spoken.parse_data.get(HEARD)
    heard = heard_from_json(told) if told else loaded.ear().hear(spoken.text or "")
    return take_turn(state_of(tracker, now), heard, loaded.knowledge(), now)
