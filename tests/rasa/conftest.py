"""What the Rasa tests share: a model trained once for what lies in the folders, and an agent on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rasa_project.home import ROOT

if TYPE_CHECKING:
    from rasa.core.agent import Agent

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
warnings.filterwarnings("ignore")

TRAINING_SECONDS = 300


@pytest.fixture(scope="session")
def model() -> Path:
    """The newest model, kept in .cache between runs; trained anew only where something it is made of has changed."""
    home = ROOT / ".cache" / "rasa-tests"
    environment = {**os.environ, "SCIATRIAGE_HOME": str(home)}
    command = [sys.executable, "-m", "rasa_project.training"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=TRAINING_SECONDS, capture_output=True)
    return max((home / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)


@pytest.fixture(scope="module")
def home_with_model(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SCIATRIAGE_HOME of one's own with that model in it."""
    home = tmp_path_factory.mktemp("home")
    (home / "models").mkdir()
    shutil.copy(model, home / "models")
    return home


@pytest.fixture
async def agent(home_with_model: Path, monkeypatch: pytest.MonkeyPatch) -> Agent:
    """The server's agent, in this process."""
    from rasa_project.server.agent import load_agent

    monkeypatch.setenv("SCIATRIAGE_HOME", str(home_with_model))
    monkeypatch.delenv("SCIATRIAGE_ACTIONS", raising=False)
    return load_agent()
