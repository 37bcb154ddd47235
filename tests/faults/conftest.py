"""Real servers for the fault tests; the model is trained once and kept in .cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rasa_project.home import ROOT

sys.path.insert(0, str(Path(__file__).parent))

from served import PYTHON, Served

TRAINING_SECONDS = 300


@pytest.fixture(scope="session")
def model() -> Path:
    """The newest model, trained anew only where something it is made of has changed."""
    home = ROOT / ".cache" / "rasa-tests"
    environment = {**os.environ, "SCIATRIAGE_HOME": str(home)}
    command = [PYTHON, "-m", "rasa_project.training"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=TRAINING_SECONDS, capture_output=True)
    return max((home / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)


@pytest.fixture(scope="module")
def serve(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Makes servers, each with a home of its own, and ends them."""
    made: list[Served] = []

    def make(command: list[str], **environment: str) -> Served:
        home = tmp_path_factory.mktemp("home")
        (home / "models").mkdir()
        shutil.copy(model, home / "models")
        made.append(Served(home, command, **environment))
        return made[-1]

    yield make
    for served in made:
        served.stop()
