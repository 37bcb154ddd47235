"""Conversations against the real bot with real actions: once with actions in process, once over the action server."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conftest import make_home
from tests.patients.player import LADDER, answer
from tests.real_server import ROOT, RealServer, free_port

WRITTEN = YAML(typ="safe").load(Path(__file__).parent / "transcripts.yml")["conversations"]
STEPS = 30
EXPECTATIONS = {"asks", "asks_about", "concludes", "says", "never_says", "floor"}


@pytest.fixture(scope="module")
def action_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Rasa's usual action server with our actions, as a process of its own."""
    port = free_port()
    home = tmp_path_factory.mktemp("actions")
    environment = {**os.environ, "SCIATRIAGE_HOME": str(home), "SANIC_HOST": "127.0.0.1"}
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)]
    with (home / "actions.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/webhook"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def server_with_action_server(
    action_server: str, model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RealServer]:
    """A real server whose actions run in that other process."""
    home = make_home(model, tmp_path_factory.mktemp("apart"))
    running = RealServer(home, {"SCIATRIAGE_ACTIONS": action_server})
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(scope="module", params=["in process", "action server"])
def bot(request: pytest.FixtureRequest) -> Iterator[RealServer]:
    """The bot, both ways; prints how many conversations passed each way."""
    name = "server" if request.param == "in process" else "server_with_action_server"
    before = request.session.testsfailed
    held: list[str] = []
    server = request.getfixturevalue(name)
    server.held = held
    yield server
    failed = request.session.testsfailed - before
    print(f"\nconversations with actions {request.param}: {len(held)} passed, {failed} failed")


@pytest.mark.parametrize("name", WRITTEN)
def test_conversation(name: str, bot: RealServer) -> None:
    sender = f"{name}-{random.randrange(10**9)}"
    said: list[tuple[str, Any]] = []
    items: list[dict[str, Any]] = []
    for number, step in enumerate(WRITTEN[name], 1):
        assert set(step["bot"]) <= EXPECTATIONS, f"unknown expectation in {name}, step {number}"
        if "person" in step:
            items = _say(bot, sender, str(step["person"]), said)
        else:
            items = _answer_rest(bot, sender, items, step, said)
        _check(step["bot"], items, f"{name}, step {number}\n" + "\n".join(f"{who}: {what}" for who, what in said))
    bot.held.append(name)  # type: ignore[attr-defined]


def _say(bot: RealServer, sender: str, text: str, said: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    items = bot.say(sender, text)
    said.append(("person", text))
    said += [("bot", f"{(item.get('custom') or {}).get('type')}: {item.get('text')}") for item in items]
    assert items, "silence"
    return items


def _answer_rest(
    bot: RealServer, sender: str, items: list[dict[str, Any]], step: Mapping[str, Any], said: list[tuple[str, Any]]
) -> list[dict[str, Any]]:
    dice = random.Random(sender)
    for _ in range(STEPS):
        question = _question(items)
        if question is None or (step.get("until") and _about(question) & set(step["until"])):
            return items
        items = _say(bot, sender, answer(question, step["rest"], dice), said)
    raise AssertionError(f"no end after {STEPS} answers")


def _question(items: list[dict[str, Any]]) -> dict[str, Any] | None:
    customs = [item.get("custom") or {} for item in items]
    return next((custom for custom in reversed(customs) if custom.get("type") == "question"), None)


def _about(question: Mapping[str, Any]) -> set[str]:
    return {*question["findings"], question["value"] or "", question["id"]}


def _check(expected: Mapping[str, Any], items: list[dict[str, Any]], where: str) -> None:
    customs = [item.get("custom") or {} for item in items]
    question = _question(items)
    results = [custom for custom in customs if custom.get("type") == "assessment"]
    said = {custom.get(key) for custom in customs for key in ("id", "type")}
    if "asks" in expected:
        assert question is not None, where
        assert question["id"] == expected["asks"], where
    if "asks_about" in expected:
        assert question is not None, where
        assert _about(question) & set(expected["asks_about"]), where
    if "concludes" in expected:
        assert [result["disposition"] for result in results] == [expected["concludes"]], where
    elif "asks" in expected:
        assert not results, where
    assert set(expected.get("says", ())) <= said, where
    assert not set(expected.get("never_says", ())) & said, where
    if "floor" in expected:
        # What the case demands so far isn't told as a result; the state of the talk's own words shows it.
        assert any(custom.get("floor") for custom in customs), where
        assert all(
            LADDER.index(custom["floor"]) >= LADDER.index(expected["floor"])
            for custom in customs
            if custom.get("floor")
        ), where


def _wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"nothing answers at {url}")
