"""The real server as a process of its own, on a free loopback port, with a home of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SERVE = (sys.executable, "-m", "rasa_project.server")
START_SECONDS = 120
STOP_SECONDS = 20


def free_port() -> int:
    """A port of the loopback that nobody listens on just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class RealServer:
    """Starts, is talked to, stops or is killed, and starts again on the same home and port."""

    def __init__(
        self, home: Path, environment: Mapping[str, str] | None = None, command: Sequence[str] = SERVE
    ) -> None:
        self.home = home
        self.command = list(command)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, "SCIATRIAGE_HOME": str(home), "PORT": str(self.port), **(environment or {})}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, wait: bool = True) -> RealServer:
        """Start the process; wait until a whole turn can be served."""
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        if wait:
            self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        """Return once /health/ready says 200; fail where the process ends or takes too long."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self.process is not None
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended at its start:\n{self.log()[-3000:]}")
            try:
                with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5) as reply:
                    if reply.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise AssertionError(f"the server was not ready in {START_SECONDS} s:\n{self.log()[-3000:]}")

    def log(self) -> str:
        """What the process printed."""
        return (self.home / "server.log").read_text(errors="replace")

    def say(self, sender: str, message: Any, timeout: float = 30) -> list[dict[str, Any]]:
        """Send one message over REST; the items of the reply."""
        body = json.dumps({"sender": sender, "message": message}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/webhooks/rest/webhook", body, headers)
        with urllib.request.urlopen(request, timeout=timeout) as reply:
            items: list[dict[str, Any]] = json.load(reply)
        return items

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the process and wait for its end."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(STOP_SECONDS)
        self.process = None
