"""With an action server of its own: dead, hung or talking nonsense, under our server and under plain `rasa run`."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiohttp import web
from rasa_sdk.executor import ActionExecutor

from tests.faults.served import PYTHON, Person, Served, free_port

MODES = ("dead", "hangs", "status 500", "status 400 without a name", "nonsense", "wrong events")


class ActionServer:
    """The project's actions over HTTP, in a thread of the test; `mode` says how it behaves."""

    def __init__(self, port: int) -> None:
        self.port, self.mode = port, "well"
        self._executor = ActionExecutor()
        self._executor.register_package("actions")
        self._loop = asyncio.new_event_loop()
        self._site: web.TCPSite | None = None
        self._runner: web.AppRunner | None = None
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _open(self) -> None:
        app = web.Application(client_max_size=50_000_000)
        app.router.add_post("/webhook", self._run)
        app.router.add_get("/health", self._health)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def _close(self) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _run(self, request: web.Request) -> web.Response:
        call = json.loads(await request.read())
        if self.mode == "hangs":
            await asyncio.sleep(30)
        if self.mode == "status 500":
            return web.json_response({"error": "x"}, status=500)
        if self.mode == "status 400 without a name":
            return web.json_response({"error": "x"}, status=400)
        if self.mode == "nonsense":
            return web.Response(text="<html>proxy error</html>")
        if self.mode == "wrong events":
            return web.json_response({"events": "none", "responses": 7})
        return web.json_response(await self._executor.run(call))

    def be(self, mode: str) -> None:
        """Behave like this from now on."""
        if mode == "dead":
            self._do(self._close())
        elif self._runner is None:
            self._do(self._open())
        self.mode = mode


@pytest.fixture(scope="module")
def actions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ActionServer]:
    patch = pytest.MonkeyPatch()
    patch.setenv("SCIATRIAGE_HOME", str(tmp_path_factory.mktemp("casebook")))
    patch.setenv("SCIATRIAGE_REGION", "gb")
    server = ActionServer(free_port())
    server.be("well")
    yield server
    server.be("dead")
    patch.undo()


@pytest.fixture(scope="module")
def server(serve: Callable[..., Served], actions: ActionServer) -> Served:
    url = f"http://127.0.0.1:{actions.port}/webhook"
    served = serve([PYTHON, "-m", "rasa_project.server"], SCIATRIAGE_ACTIONS=url)
    served.start(wait=False)
    served.wait_for("/health/ready", 200)
    return served


@pytest.fixture(scope="module")
def plain(serve: Callable[..., Served], actions: ActionServer, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """Plain `rasa run` with the project's files; only the port of the actions is another."""
    from rasa_project.home import ROOT

    written = (ROOT / "endpoints.yml").read_text()
    assert ":5055/" in written
    endpoints = tmp_path_factory.mktemp("plain") / "endpoints.yml"
    endpoints.write_text(written.replace(":5055/", f":{actions.port}/"))
    served = serve([])
    arguments = ["--port", str(served.port), "--interface", "127.0.0.1", "--endpoints", str(endpoints)]
    served.command = [PYTHON, "-m", "rasa", "run", *arguments, "--model", str(served.home / "models")]
    served.start(wait=False)
    served.wait_for("/webhooks/rest/", 200)
    return served


def goes_on(served: Served, actions: ActionServer, mode: str) -> None:
    person = Person(served)
    before = person.begin()
    actions.be(mode)
    try:
        assert person.types("I have a fever") == ["fail_safe"]
        danger = Person(served).say("I can't feel when I wipe")
        assert any((item.get("custom") or {}).get("disposition") == "emergency_now" for item in danger)
    finally:
        actions.be("well")
    assert person.types("hello")[-1] == "question"
    after = person.state()
    assert after.case_id == before.case_id
    assert after.case.status("low_back_pain") == before.case.status("low_back_pain")
    assert after.case.status("fever") is not None


@pytest.mark.parametrize("mode", MODES)
def test_a_faulty_action_server(server: Served, actions: ActionServer, mode: str) -> None:
    goes_on(server, actions, mode)


@pytest.mark.parametrize("mode", MODES)
def test_a_faulty_action_server_under_plain_rasa_run(plain: Served, actions: ActionServer, mode: str) -> None:
    goes_on(plain, actions, mode)


def test_readiness_knows_the_action_server(server: Served, actions: ActionServer) -> None:
    actions.be("dead")
    server.wait_for("/health/ready", 503)
    assert "actions" in server.status("/health/ready")[1]
    actions.be("well")
    server.wait_for("/health/ready", 200)


def test_a_database_that_is_gone_is_a_fault_under_plain_rasa_run_too(plain: Served) -> None:
    person = Person(plain)
    before = person.begin()
    aside = plain.database.with_suffix(".aside")
    plain.database.rename(aside)
    assert person.types("I have a fever") == ["fail_safe"]
    danger = Person(plain).say("I can't feel when I wipe")
    assert any((item.get("custom") or {}).get("disposition") == "emergency_now" for item in danger)
    aside.rename(plain.database)
    assert person.types("hello")[-1] == "question"
    assert person.state().case_id == before.case_id
    assert person.state().case.status("fever") is not None
