"""The server: listens at once, answers the fail-safe while it loads, and says so at /health/ready."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import Any

from rasa.core.channels.channel import InputChannel, register
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from rasa_project import loaded
from rasa_project.channels.fail_safe import fail_safe
from rasa_project.channels.rest import LARGEST, GuardedRest
from rasa_project.server.agent import Absent, NotReadyError, load_agent, warm_up
from rasa_project.server.health import Health
from rasa_project.server.page import add_headers, serve_page

log = logging.getLogger(__name__)

TRY_AGAIN_SECONDS = 5.0
"""Between two attempts to load, while something it needs is missing."""


def make_app(host: str, port: int) -> Sanic:
    """The whole server, not yet running; where it will listen is only for its log."""
    fail_safe()  # read while there is time: whatever breaks later, these words are there
    app = Sanic("sciatriage", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.host, app.ctx.port = host, port
    app.ctx.agent = Absent()
    app.ctx.health = Health()
    register(input_channels(), app, route="/webhooks/")
    serve_page(app)
    add_headers(app)
    app.add_route(ready, "/health/ready", methods=["GET"])
    app.error_handler.add(SanicException, refused)
    app.register_listener(start_loading, "after_server_start")
    app.register_listener(stop_loading, "before_server_stop")
    return app


def input_channels() -> list[InputChannel]:
    """REST always; Telegram where its token is set."""
    channels: list[InputChannel] = [GuardedRest()]
    if os.environ.get("SCIATRIAGE_TELEGRAM_TOKEN"):
        from rasa_project.channels.telegram import GuardedTelegram

        channels.append(GuardedTelegram.from_credentials(None))
    return channels


async def ready(request: Request) -> HTTPResponse:
    """200 where a whole turn can be served, else 503 and the reason."""
    reason = await request.app.ctx.health.why_not()
    if reason:
        return response.json({"ready": False, "reason": reason}, status=503)
    return response.json(
        {"ready": True, "model": request.app.ctx.model, "knowledge_version": loaded.knowledge().fingerprint}
    )


async def refused(request: Request, error: SanicException) -> HTTPResponse:
    """Not found, too large, not allowed: the reason in JSON, none of the request in it."""
    reasons = {404: "there is nothing here", 405: "not with this method", 413: f"larger than {LARGEST} bytes"}
    return response.json({"error": reasons.get(error.status_code, "the request can't be served")}, error.status_code)


def address(app: Sanic) -> str:
    """Where the page is."""
    return f"http://{app.ctx.host}:{app.ctx.port}/"


async def start_loading(app: Sanic, _: Any) -> None:
    """Begin to load; the server listens meanwhile."""
    print(f"Loading (about 15 seconds) ... it listens at {address(app)} meanwhile", flush=True)
    app.ctx.loading = asyncio.get_running_loop().create_task(load(app))


async def stop_loading(app: Sanic, _: Any) -> None:
    """At a shutdown give up loading, and write what the casebook still owes."""
    app.ctx.loading.cancel()
    if not isinstance(app.ctx.agent, Absent):
        from actions import record

        await asyncio.get_running_loop().run_in_executor(None, record.close)


async def load(app: Sanic) -> None:
    """Load the agent in a thread, serve one turn, be ready; where that fails, say why and try again."""
    health: Health = app.ctx.health
    while isinstance(app.ctx.agent, Absent):
        try:
            agent = await asyncio.get_running_loop().run_in_executor(None, load_agent)
            await warm_up(agent)
        except Exception as error:
            health.reason = str(error) if isinstance(error, NotReadyError) else type(error).__name__
            log.exception("not loaded; the next attempt in %.0f seconds", TRY_AGAIN_SECONDS)
            await asyncio.sleep(TRY_AGAIN_SECONDS)
            continue
        app.ctx.model = agent.processor.model_filename
        app.ctx.agent = agent
        health.ready({"tracker store": agent.tracker_store.check, "actions": agent.action_endpoint.check})
        print(f"Ready: open {address(app)} in a browser. Ctrl-C stops everything.", flush=True)
        return
