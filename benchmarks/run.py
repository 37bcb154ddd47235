"""`make bench`: latency over REST, training, start-up and memory, beside Rasa's default pipeline in the same run.

Both bots are trained on the same data and answer the same messages with the same actions: ours as `make run` serves
it (casebook on, actions in process), Rasa's default pipeline and policies as plain `rasa run` with an action server.
Latency is timed from here, one request after another; machines are noisy, so read the figures as ratios.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TALKS = 12
TURNS = 101
AT = (5, 100)
AROUND = 2  # turns before and after that are timed with it, for enough figures
START_SECONDS = 180
TRAIN_SECONDS = 3000
MESSAGES = ("why do you ask?", "what do you mean?", "what have you understood so far?", "thanks")


@dataclass
class Figures:
    """What was measured of one bot. Times are in seconds, latencies in milliseconds, memory in MB."""

    name: str
    training: float = 0.0
    start_up: float = 0.0
    memory: float = 0.0
    latencies: dict[int, list[float]] = field(default_factory=dict)
    silent: int = 0


def main() -> None:
    """Measure both and print one table."""
    with tempfile.TemporaryDirectory() as folder:
        ours = measure_ours(Path(folder) / "ours")
        default = measure_default(Path(folder) / "default")
    print_table(ours, default)


def measure_ours(home: Path) -> Figures:
    """This project's bot as `make run` starts it."""
    figures = Figures("sciatriage")
    home.mkdir()
    environment = {"SCIATRIAGE_HOME": str(home)}
    say("training ours")
    figures.training = timed([sys.executable, "-m", "rasa_project.training"], ROOT, environment)
    port = free_port()
    environment["PORT"] = str(port)
    process, figures.start_up = started(
        [sys.executable, "-m", "rasa_project.server"], ROOT, environment, f"http://127.0.0.1:{port}/health/ready"
    )
    try:
        talk(figures, port)
        figures.memory = resident(process.pid)
    finally:
        end(process)
    return figures


def measure_default(folder: Path) -> Figures:
    """Rasa's default pipeline and policies on the same domain, data and actions."""
    figures = Figures("Rasa's default")
    folder.mkdir()
    for part in ("data", "knowledge", "actions", "sciatriage", "rasa_project"):
        (folder / part).symlink_to(ROOT / part)
    shutil.copy(ROOT / "domain.yml", folder)
    importer = "rasa_project.importers.knowledge_importer.KnowledgeImporter"
    config = f"recipe: default.v1\nassistant_id: default\nlanguage: en\nimporters:\n  - name: {importer}\n"
    (folder / "config.yml").write_text(config + "pipeline: null\npolicies: null\n")
    (folder / "credentials.yml").write_text("rest:\n")
    actions_port, port = free_port(), free_port()
    (folder / "endpoints.yml").write_text(f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n")
    environment = {"SCIATRIAGE_HOME": str(folder / "home"), "SANIC_HOST": "127.0.0.1"}
    say("training Rasa's default pipeline on the same data (minutes)")
    figures.training = timed([sys.executable, "-m", "rasa", "train", "--quiet"], folder, environment)
    actions_command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions_port)]
    actions, actions_start = started(actions_command, folder, environment, f"http://127.0.0.1:{actions_port}/health")
    command = [sys.executable, "-m", "rasa", "run", "--port", str(port), "--interface", "127.0.0.1"]
    try:
        process, figures.start_up = started(command, folder, environment, f"http://127.0.0.1:{port}/")
        try:
            talk(figures, port)
            figures.memory = resident(process.pid) + resident(actions.pid)
            figures.start_up += actions_start
        finally:
            end(process)
    finally:
        end(actions)
    return figures


def talk(figures: Figures, port: int) -> None:
    """Hold the talks one after another and keep the latencies around the turns asked for."""
    say(f"talking to {figures.name}")
    figures.latencies = {at: [] for at in AT}
    for _ in range(TALKS):
        sender = uuid.uuid4().hex
        for turn in range(1, TURNS + 1 + AROUND):
            message = "my left calf cramps since 3 days" if turn == 1 else MESSAGES[turn % len(MESSAGES)]
            milliseconds, items = post(port, sender, "ok" if turn == 2 else message)
            figures.silent += items == 0
            for at in AT:
                if abs(turn - at) <= AROUND:
                    figures.latencies[at].append(milliseconds)


def post(port: int, sender: str, message: str) -> tuple[float, int]:
    """Milliseconds and number of items of one turn."""
    body = json.dumps({"sender": sender, "message": message}).encode()
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as reply:
        items = json.load(reply)
    return (time.perf_counter() - began) * 1000, len(items)


def timed(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> float:
    """Seconds that a command takes; its output is shown only where it fails."""
    began = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment, "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        timeout=TRAIN_SECONDS,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - began


def started(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], url: str
) -> tuple[subprocess.Popen[bytes], float]:
    """A process, and the seconds until its address answers 200."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment, "RASA_TELEMETRY_ENABLED": "false"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while time.perf_counter() - began < START_SECONDS:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return process, time.perf_counter() - began
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    end(process)
    sys.exit(f"{' '.join(command)} did not start")


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to stop, then make it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


def resident(pid: int) -> float:
    """MB that a process holds in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


def free_port() -> int:
    """A free loopback port."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def percentile(figures: Sequence[float], share: float) -> float:
    """The value below which this share (0 to 1) of the figures lies."""
    return statistics.quantiles(figures, n=100, method="inclusive")[round(share * 100) - 1]


def print_table(*measured: Figures) -> None:
    """One row a figure, one column a bot."""
    rows: list[tuple[str, list[str]]] = []
    for at in AT:
        for share in (0.5, 0.95, 0.99):
            cells = [f"{percentile(one.latencies[at], share):.1f}" for one in measured]
            rows.append((f"turn {at}, p{share * 100:.0f} [ms]", cells))
    rows += [
        ("training [s]", [f"{one.training:.1f}" for one in measured]),
        ("start-up until a turn is served [s]", [f"{one.start_up:.1f}" for one in measured]),
        ("memory, all its processes [MB]", [f"{one.memory:.0f}" for one in measured]),
        ("turns without an answer", [str(one.silent) for one in measured]),
    ]
    counted = len(measured[0].latencies[AT[0]])
    print(f"| {counted} turns a row | " + " | ".join(one.name for one in measured) + " |")
    print("|---" * (len(measured) + 1) + "|")
    for label, cells in rows:
        print(f"| {label} | " + " | ".join(cells) + " |")


def say(what: str) -> None:
    """Progress on standard error."""
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
