"""A server without a model: it listens, says what is missing, answers the fail-safe and serves the page."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rasa_project.home import ROOT
from tests.faults.served import PYTHON, Person, Served


@pytest.fixture(scope="module")
def server(serve: Callable[..., Served]) -> Served:
    served = serve([PYTHON, "-m", "rasa_project.server"])
    model(served).rename(served.home / "aside.tar.gz")
    served.start(wait=False)
    served.wait_for("/health/ready", 503)
    return served


def model(served: Served) -> Path:
    return next((served.home / "models").glob("*.tar.gz"))


def ask(served: Served, path: str, body: bytes | None = None) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{served.port}{path}", body)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def post(served: Served, message: Any) -> tuple[int, dict[str, Any]]:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    status, _, answer = ask(served, "/webhooks/rest/webhook", body)
    return status, json.loads(answer)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"message": "x"}, "sender"),
        ({"sender": "", "message": "x"}, "sender"),
        ({"sender": 7, "message": "x"}, "sender"),
        ({"sender": "a"}, "message"),
        ({"sender": "a", "message": None}, "message"),
        ({"sender": "a", "message": ["x"]}, "message"),
        (b"not json", "JSON"),
        (b"[]", "JSON"),
        (b"\xff\xfe", "JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(server: Served, message: Any, reason: str) -> None:
    status, answer = post(server, message)
    assert status == 400
    assert reason in answer["error"]


def test_what_is_too_large_is_refused(server: Served) -> None:
    status, answer = post(server, {"sender": "a", "message": "x" * 210_000})
    assert status == 413
    assert "larger" in answer["error"]


@pytest.mark.parametrize(
    ("path", "status"), [("/nothing", 404), ("/webhooks/rest/webhook", 405), ("/../Makefile", 404)]
)
def test_what_is_not_there_is_said_so(server: Served, path: str, status: int) -> None:
    code, _, answer = ask(server, path)
    assert code == status
    assert json.loads(answer)["error"]


def test_the_page_is_served_with_strict_headers(server: Served) -> None:
    for file in [path for path in (ROOT / "widget" / "page").iterdir() if path.suffix in (".html", ".js", ".css")]:
        status, headers, body = ask(server, f"/page/{file.name}")
        assert (status, body) == (200, file.read_bytes())
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert ask(server, "/")[2] == (ROOT / "widget" / "page" / "index.html").read_bytes()


def test_it_says_what_is_missing_and_once_it_is_there_answers_what_was_said(server: Served) -> None:
    person = Person(server)
    assert person.types("my lower back hurts") == ["fail_safe"]
    until = time.monotonic() + 20
    while "no model" not in (reason := json.loads(server.status("/health/ready")[1])["reason"]):
        assert time.monotonic() < until, reason
        time.sleep(0.2)
    (server.home / "aside.tar.gz").rename(server.home / "models" / "sciatriage-1.tar.gz")
    server.wait_for("/health/ready", 200)
    person.say("hello")
    assert person.state().case.status("low_back_pain") is not None


def test_the_state_lies_in_its_home_and_is_nobody_elses_to_read(server: Served) -> None:
    assert server.database.exists()
    assert (server.database.stat().st_mode & 0o777) == 0o600
