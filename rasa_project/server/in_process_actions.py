"""The actions without an action server: Rasa's endpoint, answered by the SDK's executor in this process."""

from __future__ import annotations

import os
from typing import Any

import aiohttp
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

SETTING = "SCIATRIAGE_ACTIONS"
IN_PROCESS = "in_process"


class InProcessActions(EndpointConfig):
    """Looks like an endpoint to Rasa; a request runs the action here."""

    def __init__(self) -> None:
        """With every action of the package `actions`."""
        super().__init__(url=IN_PROCESS, enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Run the action that the call names."""
        return await self._executor.run(kwargs["json"])

    async def check(self) -> None:
        """Raise where no action could run."""
        if "action_triage_turn" not in self._executor.actions:
            raise LookupError("the actions are not registered")


class ActionServer(EndpointConfig):
    """The usual action server, at $SCIATRIAGE_ACTIONS."""

    def __init__(self, url: str) -> None:
        """At this address (…/webhook)."""
        super().__init__(url=url, enable_selective_domain=True)

    async def check(self) -> None:
        """Raise where it doesn't answer within a second."""
        health = self.url.rsplit("/", 1)[0] + "/health"
        timeout = aiohttp.ClientTimeout(total=1.0)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(health) as answer:
            answer.raise_for_status()


def action_endpoint() -> InProcessActions | ActionServer:
    """As $SCIATRIAGE_ACTIONS says: `in_process` (default) or an address."""
    setting = os.environ.get(SETTING, "").strip() or IN_PROCESS
    return InProcessActions() if setting == IN_PROCESS else ActionServer(setting)
