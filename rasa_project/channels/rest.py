"""REST: one POST in, a list of items out; the contract's form, and a reason in JSON for what can't be read."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from rasa_project.channels.guard import Guard
from rasa_project.channels.incoming import sender_problem

LARGEST = 200_000
"""Bytes of one request."""


class GuardedRest(RestInput):
    """Rasa's REST channel with a guard before it."""

    def __init__(self) -> None:
        """With a guard of its own."""
        self.guard = Guard(self.name())

    @classmethod
    def name(cls) -> str:
        """The same as Rasa's, so the address stays /webhooks/rest/webhook."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two routes: is it there, and a message."""
        routes = Blueprint("sciatriage_rest", "sciatriage_rest")

        @routes.route("/", methods=["GET"])
        async def there(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if len(request.body) > LARGEST:
                return refuse(f"the request is larger than {LARGEST} bytes", 413)
            read, problem = read_message(request.body)
            if problem:
                return refuse(problem)
            return response.json(await self.guard.answer(on_new_message, read["sender"], read["message"]))

        return routes


def read_message(body: bytes) -> tuple[dict[str, str], str]:
    """Sender and message of a request, and what is wrong with it ("" where nothing is)."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}, "the request is not JSON"
    if not isinstance(told, dict):
        return {}, "the request is not a JSON object"
    problem = sender_problem(told.get("sender"))
    if problem:
        return {}, problem
    if not isinstance(told.get("message"), str):
        return {}, "'message' must be a string"
    return {"sender": told["sender"], "message": told["message"]}, ""


def refuse(reason: str, status: int = 400) -> HTTPResponse:
    """An error with its reason."""
    return response.json({"error": reason}, status=status)
