"""Real servers for the fault tests, each with a home of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import make_home
from tests.faults.served import Served


@pytest.fixture(scope="module")
def serve(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Makes servers, not yet running, and ends them."""
    made: list[Served] = []

    def make(command: list[str], **environment: str) -> Served:
        made.append(Served(make_home(model, tmp_path_factory.mktemp("home")), command, **environment))
        return made[-1]

    yield make
    for served in made:
        served.stop()
