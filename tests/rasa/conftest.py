"""What the Rasa tests share: an agent on the model, in this process."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from rasa.core.agent import Agent

warnings.filterwarnings("ignore")


@pytest.fixture
async def agent(home_with_model: Path, monkeypatch: pytest.MonkeyPatch) -> Agent:
    """The server's agent, in this process."""
    from rasa_project.server.agent import load_agent

    monkeypatch.setenv("SCIATRIAGE_HOME", str(home_with_model))
    monkeypatch.delenv("SCIATRIAGE_ACTIONS", raising=False)
    return load_agent()
