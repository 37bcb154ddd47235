"""The project's server with a switch: while $SCIATRIAGE_HOME/fault names a fault, that is what goes wrong.

Started by the tests of this folder as a process of its own.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

SWITCH = Path(os.environ["SCIATRIAGE_HOME"]) / "fault"
PATHS = ("action_self_care_path", "action_referral_path")


def fault() -> str:
    return SWITCH.read_text().strip() if SWITCH.exists() else ""


def break_things() -> None:
    from rasa.core.policies.policy import PolicyPrediction
    from rasa.core.processor import MessageProcessor

    from actions import record
    from rasa_project.server.in_process_actions import InProcessActions
    from rasa_project.stores.lock_store import PromptLockStore
    from sciatriage.hearing.ear import Ear

    request, hear, ticket = InProcessActions.request, Ear.hear, PromptLockStore.issue_ticket
    predict, write = MessageProcessor._predict_next_with_tracker, record.write

    async def faulty_request(self: Any, *args: Any, **kwargs: Any) -> Any:
        action = kwargs["json"]["next_action"]
        if fault() == "action_raises" and action == "action_triage_turn":
            raise RuntimeError(action)
        if fault() == "action_hangs" and action == "action_triage_turn":
            await asyncio.sleep(60)
        if fault() == "path_raises" and action in PATHS:
            raise RuntimeError(action)
        if fault() == "record_hangs" and action == "action_record":
            await asyncio.sleep(60)
        return await request(self, *args, **kwargs)

    def faulty_hear(self: Any, text: str) -> Any:
        if fault() == "hearing":
            raise RuntimeError("deaf")
        return hear(self, text)

    def faulty_ticket(self: Any, *args: Any, **kwargs: Any) -> Any:
        if fault() == "lock":
            raise RuntimeError("no lock")
        return ticket(self, *args, **kwargs)

    def faulty_predict(self: Any, tracker: Any) -> Any:
        if fault() == "circuit_breaker":
            return PolicyPrediction.for_action_name(self.domain, "action_record")
        return predict(self, tracker)

    def faulty_write(turn: Any) -> None:
        if fault() == "record_raises":
            raise OSError("disk full")
        write(turn)

    InProcessActions.request = faulty_request
    Ear.hear = faulty_hear
    PromptLockStore.issue_ticket = faulty_ticket
    MessageProcessor._predict_next_with_tracker = faulty_predict
    record.write = faulty_write


if __name__ == "__main__":
    from rasa_project.server import agent, app, logs

    logs.set_up()
    load = agent.load_agent

    def load_then_break() -> Any:
        loaded = load()
        break_things()
        return loaded

    app.load_agent = load_then_break
    port = int(os.environ["PORT"])
    app.make_app("127.0.0.1", port).run(host="127.0.0.1", port=port, workers=1, access_log=False, motd=False)
