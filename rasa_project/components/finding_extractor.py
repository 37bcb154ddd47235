"""HEAR: each message through the project's ear; what was heard becomes Rasa entities and one JSON for the talk."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from rasa_project import loaded
from rasa_project.turn_watch import note_fault
from sciatriage.talk.heard_json import heard_to_json
from sciatriage.triage.vocabulary import Heard

log = logging.getLogger(__name__)

HEARD = "heard"
"""The key of the message, of its parse data and so of the tracker's latest message that holds the JSON."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FindingExtractor(GraphComponent):
    """Calls the ear. Needs no training; the ear's data counts in the fingerprint, so a retraining follows an edit."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FindingExtractor:
        """A new component; the ear is loaded with the model, not at the first message."""
        loaded.ear()
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A hash of all that decides what is heard: the knowledge, the hearing's code and its data files."""
        return hearing_fingerprint()

    def process(self, messages: list[Message]) -> list[Message]:
        """Put entities (appended) and the JSON of all that was heard into each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            try:
                heard = loaded.ear().hear(text)
            except Exception:
                note_fault("hearing")
                raise
            found = [self._entity(mention) for mention in heard_to_json(heard)["mentions"]]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
            set_heard(message, heard)
        return messages

    @staticmethod
    def _entity(mention: dict[str, Any]) -> dict[str, Any]:
        """Rasa's form of a mention: `value` is the finding, the rest as extra keys."""
        extra = {key: mention[key] for key in ("status", "text", "by", "side")}
        return {
            "entity": "finding",
            "value": mention["finding"],
            "start": mention["start"],
            "end": mention["end"],
            "confidence_entity": mention["confidence"],
            "confidence": mention["confidence"],
            "extractor": "FindingExtractor",
            **extra,
        }


def set_heard(message: Message, heard: Heard) -> None:
    """Write the JSON of what was heard into the message and its output."""
    message.set(HEARD, heard_to_json(heard), add_to_output=True)


def hearing_fingerprint() -> str:
    """A hash of the knowledge's fingerprint and of every file of the hearing."""
    import sciatriage.hearing

    digest = hashlib.sha256(loaded.knowledge().fingerprint.encode())
    folder = Path(sciatriage.hearing.__file__ or "").parent
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
