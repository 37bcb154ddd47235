"""A real server whose faults can be switched on, and a person who talks to it over REST."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sciatriage.talk.state import TalkState
from tests.real_server import ROOT, START_SECONDS, RealServer, free_port

__all__ = ["PYTHON", "Person", "Served", "free_port"]

REPLY_SECONDS = 5.0


class Served(RealServer):
    """A real server of any command, and its SCIATRIAGE_HOME."""

    def __init__(self, home: Path, command: Sequence[str], **environment: str) -> None:
        # A faulty server is a script of the tests: it must find the project all the same.
        super().__init__(home, {"PYTHONPATH": str(ROOT), "SCIATRIAGE_REGION": "gb", **environment}, command)

    def wait_for(self, path: str, status: int) -> None:
        """Wait, but not for ever, until this path answers with this status."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self.process is not None
            assert self.process.poll() is None, self.log()
            if self.status(path)[0] == status:
                return
            time.sleep(0.2)
        raise AssertionError(f"{path} never answered {status}: {self.log()}")

    def status(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    @property
    def code(self) -> int | None:
        return self.process.poll() if self.process else None

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
