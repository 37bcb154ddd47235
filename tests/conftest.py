"""What every test shares: the knowledge, a model trained once for what lies in the folders, and the real server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sciatriage.triage.knowledge import Knowledge, load_knowledge
from tests.real_server import ROOT, RealServer

if TYPE_CHECKING:
    from tests.telegram.fake_bot_api import FakeBotApi

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

TRAINING_SECONDS = 300


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The clinicians' knowledge as it stands."""
    return load_knowledge()


@pytest.fixture(scope="session")
def model() -> Path:
    """The newest model, kept in .cache between runs; trained anew only where something it is made of has changed."""
    home = ROOT / ".cache" / "tests"
    environment = {**os.environ, "SCIATRIAGE_HOME": str(home)}
    command = [sys.executable, "-m", "rasa_project.training"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, timeout=TRAINING_SECONDS, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return max((home / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)


@pytest.fixture(scope="module")
def home_with_model(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SCIATRIAGE_HOME of one's own with that model in it."""
    return make_home(model, tmp_path_factory.mktemp("home"))


def make_home(model: Path, home: Path) -> Path:
    """Put the model into a home."""
    (home / "models").mkdir(parents=True)
    shutil.copy(model, home / "models")
    return home


@pytest.fixture(scope="session")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """One real server with actions in process, shared by all tests that only talk to it."""
    running = RealServer(make_home(model, tmp_path_factory.mktemp("served")))
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(scope="session")
def server_url(server: RealServer) -> str:
    """Its address."""
    return server.url


@dataclass(frozen=True)
class TelegramServer:
    """A real server that believes the fake Bot API to be Telegram."""

    url: str
    fake: FakeBotApi


@pytest.fixture(scope="module")
def telegram_server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TelegramServer]:
    """A real server with Telegram switched on, beside a fake Bot API on loopback."""
    from tests.telegram.fake_bot_api import FakeBotApi

    fake = FakeBotApi()
    fake.start()
    environment = {
        "SCIATRIAGE_TELEGRAM_TOKEN": "123456:test",
        "SCIATRIAGE_TELEGRAM_SECRET": "s3cret",
        "SCIATRIAGE_TELEGRAM_API_BASE": fake.url,
    }
    running = RealServer(make_home(model, tmp_path_factory.mktemp("telegram")), environment)
    try:
        yield TelegramServer(running.start().url, fake)
    finally:
        running.stop()
        fake.stop()
