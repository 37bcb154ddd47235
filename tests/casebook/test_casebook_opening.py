"""Where the casebook is kept, who may read it, and that erased words are gone from the disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from sciatriage.casebook.engine import open_engine, reading
from sciatriage.casebook.opening import casebook_url, open_casebook
from sciatriage.casebook.records import CasebookError, TurnRecord
from sciatriage.casebook.sql import SqlCasebook

Make = Callable[..., TurnRecord]


@pytest.fixture(autouse=True)
def _no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCIATRIAGE_CASEBOOK_URL", raising=False)


@pytest.mark.parametrize("name", ["home", "a clinic's home", "100%#home", "é:@home"])
def test_in_the_home_folder_for_its_owner_alone(tmp_path: Path, name: str, make_turn: Make) -> None:
    home = tmp_path / name
    usual = os.umask(0)
    try:
        book = open_casebook(home)
        assert not home.exists()
        book.record(make_turn())
    finally:
        os.umask(usual)
    assert book.waiting == 0
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in home.iterdir()}
    assert files == dict.fromkeys(("casebook.sqlite3", "casebook.sqlite3-wal", "casebook.sqlite3-shm"), 0o600)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    book.close()
    again = open_casebook(home)
    assert again.case("c1") == (make_turn(),)
    again.close()


def test_a_home_the_address_cannot_hold(tmp_path: Path) -> None:
    with pytest.raises(CasebookError, match="question mark"):
        casebook_url(tmp_path / "what?")


def test_the_setting_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIATRIAGE_CASEBOOK_URL", "postgresql://db/casebook")
    assert casebook_url(tmp_path) == "postgresql://db/casebook"
    monkeypatch.setenv("SCIATRIAGE_CASEBOOK_URL", " ")
    assert casebook_url(tmp_path) == f"sqlite:///{tmp_path}/casebook.sqlite3"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "must look like"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("mysql://me:hunter2@db/x", "not in 'mysql'"),
        ("postgresql+nodriver://me:hunter2@db/x", "can't be used"),
        ("postgresql+asyncpg://me:hunter2@db/x", "casebook"),
        ("postgresql://me:hunter2@db:port/x", "must look like"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_at_once(url: str, says: str) -> None:
    with pytest.raises(CasebookError, match=says) as caught:
        SqlCasebook(url)
    assert "hunter2" not in str(caught.value)


def test_sqlite_is_set_up_as_promised(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'b.sqlite3'}", patience=2.5)
    with reading(engine) as connection:
        names = ("journal_mode", "busy_timeout", "foreign_keys", "secure_delete", "synchronous")
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in names}
    engine.dispose()
    expected = {"journal_mode": "wal", "busy_timeout": 2500, "foreign_keys": 1, "secure_delete": 1, "synchronous": 2}
    assert found == expected


def test_erased_words_are_gone_from_the_disk(tmp_path: Path, make_turn: Make) -> None:
    book = open_casebook(tmp_path)
    for number in range(20):
        book.record(make_turn(number, said="the unmistakable words" * 50))
    assert book.waiting == 0
    assert any(b"unmistakable" in file.read_bytes() for file in tmp_path.iterdir())
    assert book.erase("rest:ann") == 20
    assert not any(
        b"unmistakable" in file.read_bytes() or b"rest:ann" in file.read_bytes() for file in tmp_path.iterdir()
    )
    book.close()


def test_tables_that_are_missing_are_told(tmp_path: Path, make_turn: Make) -> None:
    book = SqlCasebook(f"sqlite:///{tmp_path / 'b.sqlite3'}")
    with pytest.raises(CasebookError, match="no such table"):
        book.record(make_turn())
    book.close()
