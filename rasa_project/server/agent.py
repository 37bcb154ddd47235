"""The agent: the newest model with this project's stores and actions, and no wrapper that hides a fault."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any

from rasa_project import home, loaded, rasa_patches, training
from rasa_project.channels.items import Items
from rasa_project.turn_watch import begin

if TYPE_CHECKING:
    from rasa.core.agent import Agent

log = logging.getLogger(__name__)


class NotReadyError(Exception):
    """There is no agent yet, or no model for one."""


class Absent:
    """Stands where the agent will be: every message meets a fault at once, so the channel's guard answers."""

    async def handle_message(self, message: Any) -> None:
        """Nobody is here yet."""
        raise NotReadyError("the model is still loading")


def load_agent() -> Agent:
    """Load everything a turn needs. Slow (imports TensorFlow): call it in a thread."""
    model = home.newest_model()
    if model is None:
        raise NotReadyError("there is no model yet: python -m rasa_project.training makes one")
    if model != training.model_for(training.fingerprint()):
        log.warning("%s is not the model of today's files: python -m rasa_project.training makes that", model.name)
    from rasa.core.agent import Agent
    from rasa.core.lock_store import LockStore
    from rasa.core.nlg import NaturalLanguageGenerator
    from rasa.core.tracker_store import TrackerStore
    from rasa.core.utils import AvailableEndpoints

    from rasa_project.server.in_process_actions import action_endpoint

    rasa_patches.apply()
    _share_knowledge()
    endpoints = AvailableEndpoints.read_endpoints(str(home.ROOT / "endpoints.yml"))
    store = TrackerStore.create(endpoints.tracker_store)
    agent = Agent(
        generator=NaturalLanguageGenerator.create(endpoints.nlg, None),
        tracker_store=store,
        lock_store=LockStore.create(endpoints.lock_store),
        action_endpoint=action_endpoint(),
    )
    # Rasa wraps every store in one that turns a fault into forgetting; ours raises, and the guard answers.
    agent.tracker_store = store
    agent.load_model(model)
    log.info("model %s loaded", model.name)
    return agent


def _share_knowledge() -> None:
    from actions import talk

    talk.use_knowledge(loaded.knowledge())


async def warm_up(agent: Agent) -> None:
    """Serve one whole turn (the first costs most) and forget it. Raises where it isn't answered."""
    from rasa.core.channels.channel import UserMessage

    watch = begin()
    output = Items("probe", "probe")
    sender = f"probe:{uuid.uuid4().hex}"
    await agent.handle_message(UserMessage("hello", output, sender, input_channel="probe"))
    if watch.failed or not output.items:
        raise NotReadyError(f"the first turn was not answered: {', '.join(watch.faults) or 'silence'}")
    await agent.tracker_store.delete(sender)
