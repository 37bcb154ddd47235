from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from sciatriage.casebook.book import Casebook
from sciatriage.casebook.memory import MemoryCasebook
from sciatriage.casebook.migrate import migrate
from sciatriage.casebook.records import TurnRecord
from sciatriage.casebook.sql import SqlCasebook
from tests.casebook.throwaway_postgres import ThrowawayPostgres

START = datetime(2024, 3, 1, 9, 30, tzinfo=timezone.utc)


@pytest.fixture
def make_turn() -> Callable[..., TurnRecord]:
    """A turn of case "c1" by sender "rest:ann", minute `number` of its talk; any part can be given."""

    def make(number: int = 0, **given: Any) -> TurnRecord:
        parts: dict[str, Any] = {
            "case_id": "c1",
            "sender": "rest:ann",
            "number": number,
            "at": START + timedelta(minutes=number),
            "said": "I cant feel when I wipe",
            "heard": [{"finding": "saddle_numbness", "status": "present", "start": 2, "end": 23}],
            "asked": "bladder",
            "replies": [{"text": "Can you pass water?", "custom": {"type": "question"}}],
            "disposition": None,
            "final": False,
            "state": {"findings": {"saddle_numbness": "present"}, "values": {"age": 54, "duration_days": 0.5}},
            "knowledge_version": "9f" * 32,
        }
        return TurnRecord(**{**parts, **given})

    return make


@pytest.fixture(scope="session")
def postgres() -> Iterator[ThrowawayPostgres]:
    server = ThrowawayPostgres()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables, of each kind."""
    if request.param == "postgresql":
        server: ThrowawayPostgres = request.getfixturevalue("postgres")
        return server.new_database()
    return f"sqlite:///{tmp_path / 'casebook.sqlite3'}"


@pytest.fixture
def url(empty_url: str) -> str:
    """The address of a database with the casebook's tables, of each kind."""
    migrate(empty_url)
    return empty_url


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Casebook]:
    """An empty casebook of each kind."""
    made: Casebook
    if request.param == "memory":
        made = MemoryCasebook()
    else:
        if request.param == "sqlite":
            address = f"sqlite:///{tmp_path / 'casebook.sqlite3'}"
        else:
            address = request.getfixturevalue("postgres").new_database()
        migrate(address)
        made = SqlCasebook(address)
    yield made
    made.close()
