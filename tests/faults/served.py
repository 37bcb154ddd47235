"""A real server process on a free port of the loopback, and a person who talks to it over REST."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from rasa_project.home import ROOT
from sciatriage.talk.state import TalkState

READY_SECONDS = 120
REPLY_SECONDS = 5.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """One server process and its SCIATRIAGE_HOME."""

    def __init__(self, home: Path, command: list[str], port: int | None = None, **environment: str) -> None:
        self.home, self.port, self._command = home, port or free_port(), command
        self._environment = {
            **os.environ,
            "SCIATRIAGE_HOME": str(home),
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
            "RASA_TELEMETRY_ENABLED": "false",
            "SCIATRIAGE_REGION": "gb",
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.home / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )

    def wait_for(self, path: str, status: int) -> None:
        """Wait, but not for ever, until this path answers with this status."""
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            assert self._process is not None
            assert self._process.poll() is None, self.log()
            if self.status(path)[0] == status:
                return
            time.sleep(0.2)
        raise AssertionError(f"{path} never answered {status}: {self.log()}")

    def status(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the process, in the end by force."""
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(15)
        self._process = None

    @property
    def code(self) -> int | None:
        return self._process.poll() if self._process else None

    def log(self) -> str:
        return (self.home / "server.log").read_text(errors="replace")[-4000:]

    def set_fault(self, name: str) -> None:
        (self.home / "fault").write_text(name)

    @property
    def database(self) -> Path:
        return self.home / "conversations.sqlite3"


class Person:
    """Somebody who talks to a server, and the time each reply takes."""

    def __init__(self, served: Served) -> None:
        self.served, self.sender, self.took = served, uuid.uuid4().hex, 0.0

    def say(self, text: str) -> list[dict[str, Any]]:
        body = json.dumps({"sender": self.sender, "message": text}).encode()
        url = f"http://127.0.0.1:{self.served.port}/webhooks/rest/webhook"
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        began = time.monotonic()
        with urllib.request.urlopen(request, timeout=20) as answer:
            items: list[dict[str, Any]] = json.load(answer)
        self.took = time.monotonic() - began
        assert self.took < REPLY_SECONDS, f"{self.took:.1f} seconds"
        assert items, "silence"
        return items

    def types(self, text: str) -> list[str]:
        return [(item.get("custom") or {}).get("type", "") for item in self.say(text)]

    def begin(self) -> TalkState:
        """Go as far as the first clinical question."""
        self.say("my lower back hurts")
        assert self.types("yes")[-1] == "question"
        return self.state()

    def state(self) -> TalkState:
        """The talk as it is kept in the database."""
        with sqlite3.connect(f"{self.served.database.as_uri()}?mode=ro", uri=True) as database:
            query = "SELECT data FROM events WHERE sender_id = ? AND action_name = 'case' ORDER BY id DESC"
            (data,) = database.execute(query, (f"rest:{self.sender}",)).fetchone()
        return TalkState.from_json(json.loads(data)["value"])


PYTHON = sys.executable
