"""The last word on a message's dialogue act: the same in Rasa's intent and in what the talk receives."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from rasa_project.components.finding_extractor import HEARD, set_heard
from sciatriage.talk.heard_json import heard_from_json
from sciatriage.triage.vocabulary import Act, Heard

PAYLOAD = re.compile(r"~\d+\.\d+")
INTENT_RANKING = "intent_ranking"

HARMLESS = frozenset(
    {
        Act.UNSURE,
        Act.ASK_WHY,
        Act.ASK_CHANGE,
        Act.ASK_MEANING,
        Act.ASK_SUMMARY,
        Act.ASK_HUMAN,
        Act.ASK_URGENT,
        Act.ASK_QUESTION,
        Act.THANKS,
        Act.GREET,
    }
)
"""Acts that do no harm where they are guessed wrongly: the open question stays open.

No, none of these, skip, go back, start again and stop settle or lose something ("I want to end my life" is close to
"I want to stop", "not that bad" to "no"): those need words that show them plainly. A guessed yes needs more.
"""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ActResolver(GraphComponent):
    """Settles between what the words plainly show and what the classifier believes.

    An act the ear heard by its patterns wins. Findings, values or a pressed option are told. Else the classifier
    decides where it is sure enough and a wrong guess would do no harm; the rest is told, and the talk asks again.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The confidence from which the classifier is believed, and from which it is believed that it heard a yes."""
        return {"sure_from": 0.6, "sure_of_yes_from": 0.9}

    def __init__(self, sure_from: float, sure_of_yes_from: float) -> None:
        """Believe the classifier from these confidences on."""
        self._sure_from = {**dict.fromkeys(HARMLESS, sure_from), Act.AFFIRM: sure_of_yes_from}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ActResolver:
        """A new component from its configuration."""
        return cls(float(config["sure_from"]), float(config["sure_of_yes_from"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Settle the act of each message and write it into its intent and into what was heard."""
        for message in messages:
            heard = heard_from_json(message.get(HEARD) or {"text": message.get(TEXT) or ""})
            guess = message.get(INTENT) or {}
            act, confidence = self.settle(heard, guess.get(INTENT_NAME_KEY), guess.get(PREDICTED_CONFIDENCE_KEY) or 0.0)
            ranking = [told for told in message.get(INTENT_RANKING) or [] if told.get(INTENT_NAME_KEY) != act.value]
            intent = {INTENT_NAME_KEY: act.value, PREDICTED_CONFIDENCE_KEY: confidence}
            message.set(INTENT, intent, add_to_output=True)
            message.set(INTENT_RANKING, [intent, *ranking[:4]], add_to_output=True)
            set_heard(message, replace(heard, act=act))
        return messages

    def settle(self, heard: Heard, guess: str | None, confidence: float) -> tuple[Act, float]:
        """The act, and how sure it is."""
        if heard.act is not Act.TELL:
            return heard.act, 1.0
        if heard.mentions or heard.values or PAYLOAD.search(heard.text) or not heard.text.strip():
            return Act.TELL, 1.0
        try:
            guessed = Act(guess or "")
        except ValueError:
            return Act.TELL, 1.0
        if confidence >= self._sure_from.get(guessed, 2.0) and not heard.unheard:
            return guessed, float(confidence)
        return Act.TELL, float(confidence) if guessed is Act.TELL else 1.0 - float(confidence)
