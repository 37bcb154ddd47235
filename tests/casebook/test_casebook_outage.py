"""A database that goes away and comes back: nothing is lost, nothing erased returns, nobody waits twice."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from sciatriage.casebook.late import LateCasebook
from sciatriage.casebook.memory import MemoryCasebook
from sciatriage.casebook.migrate import migrate
from sciatriage.casebook.records import CasebookError, RecordRefusedError, TurnRecord
from sciatriage.casebook.sql import SqlCasebook
from tests.casebook.throwaway_postgres import ThrowawayPostgres

Make = Callable[..., TurnRecord]


class Unsteady(MemoryCasebook):
    """A casebook that can be taken away."""

    away = False
    tries = 0

    def record(self, turn: TurnRecord) -> None:
        self._answer()
        super().record(turn)

    def erase(self, sender: str) -> int:
        self._answer()
        return super().erase(sender)

    def purge(self, before: datetime) -> int:
        self._answer()
        return super().purge(before)

    def _answer(self) -> None:
        self.tries += 1
        if self.away:
            raise CasebookError("the casebook is away")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def unsteady() -> Unsteady:
    return Unsteady()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def late(unsteady: Unsteady, clock: Clock) -> LateCasebook:
    return LateCasebook(unsteady, room=5, pause=5.0, clock=clock)


def test_an_outage_loses_nothing(late: LateCasebook, unsteady: Unsteady, clock: Clock, make_turn: Make) -> None:
    late.record(make_turn(0))
    unsteady.away = True
    for number in (1, 2, 3):
        late.record(make_turn(number))
    assert (late.waiting, late.lost, len(unsteady.case("c1"))) == (3, 0, 1)
    unsteady.away = False
    clock.now = 6
    late.record(make_turn(4))
    assert [turn.number for turn in unsteady.case("c1")] == [0, 1, 2, 3, 4]
    assert late.waiting == 0


def test_within_the_pause_nobody_waits_for_a_dead_database(
    late: LateCasebook, unsteady: Unsteady, clock: Clock, make_turn: Make
) -> None:
    unsteady.away = True
    late.record(make_turn(0))
    clock.now = 4.9
    late.record(make_turn(1))
    assert unsteady.tries == 1
    clock.now = 5.0
    late.record(make_turn(2))
    assert unsteady.tries == 2
    unsteady.away = False
    assert late.flush()
    assert len(unsteady.case("c1")) == 3


def test_without_room_the_oldest_goes_and_it_is_told(
    late: LateCasebook, unsteady: Unsteady, make_turn: Make, caplog: pytest.LogCaptureFixture
) -> None:
    unsteady.away = True
    for number in range(7):
        late.record(make_turn(number))
    assert (late.waiting, late.lost) == (5, 2)
    assert "turn 1 of case c1 is lost" in caplog.text
    unsteady.away = False
    assert late.flush()
    assert [turn.number for turn in unsteady.case("c1")] == [2, 3, 4, 5, 6]


def test_a_refused_record_is_not_tried_for_ever(
    late: LateCasebook, unsteady: Unsteady, make_turn: Make, caplog: pytest.LogCaptureFixture
) -> None:
    late.record(make_turn(0))
    with pytest.raises(RecordRefusedError):
        late.record(make_turn(0, said="another"))
    assert late.waiting == 0
    unsteady.away = True
    late.record(make_turn(0, said="another"))
    late.record(make_turn(1))
    unsteady.away = False
    assert late.flush()
    assert late.lost == 1
    assert "given up: turn 0 of case c1" in caplog.text
    assert late.case("c1") == (make_turn(0), make_turn(1))


def test_what_was_erased_in_an_outage_does_not_come_back(
    late: LateCasebook, unsteady: Unsteady, make_turn: Make
) -> None:
    late.record(make_turn(0))
    unsteady.away = True
    late.record(make_turn(1))
    late.record(make_turn(0, case_id="bobs", sender="rest:bob"))
    with pytest.raises(CasebookError, match="erased as soon as the casebook answers"):
        late.erase("rest:ann")
    late.record(make_turn(0, case_id="afterwards"))
    unsteady.away = False
    assert late.flush()
    assert [case.case_id for case in late.cases_of("rest:ann")] == ["afterwards"]
    assert len(late.case("bobs")) == 1


def test_erasing_counts_what_was_waiting(late: LateCasebook, unsteady: Unsteady, make_turn: Make) -> None:
    late.record(make_turn(0))
    unsteady.away = True
    late.record(make_turn(1))
    unsteady.away = False
    assert late.erase("rest:ann") == 2
    assert late.waiting == 0


def test_closing_tells_what_was_never_written(
    late: LateCasebook, unsteady: Unsteady, make_turn: Make, caplog: pytest.LogCaptureFixture
) -> None:
    unsteady.away = True
    late.record(make_turn(0))
    with caplog.at_level(logging.ERROR):
        late.close()
    assert "1 turns or erasures" in caplog.text


def test_no_words_of_a_patient_reach_the_log(
    late: LateCasebook, unsteady: Unsteady, make_turn: Make, caplog: pytest.LogCaptureFixture
) -> None:
    unsteady.away = True
    for number in range(7):
        late.record(make_turn(number, said="my secret"))
    assert "my secret" not in caplog.text
    assert "ann" not in caplog.text


@pytest.fixture
def file(tmp_path: Path) -> Path:
    migrate(f"sqlite:///{tmp_path / 'book.sqlite3'}")
    return tmp_path / "book.sqlite3"


@pytest.fixture
def locked(file: Path) -> Iterator[sqlite3.Connection]:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield other
    other.close()


def test_a_locked_sqlite_file(file: Path, locked: sqlite3.Connection, make_turn: Make) -> None:
    book = SqlCasebook(f"sqlite:///{file}", patience=0.1)
    began = time.monotonic()
    with pytest.raises(CasebookError, match="could not record turn 0 of case c1: OperationalError: database is locked"):
        book.record(make_turn(0, said="my secret"))
    assert time.monotonic() - began < 2
    late = LateCasebook(book, pause=0)
    late.record(make_turn(0))
    late.record(make_turn(1))
    assert late.waiting == 2
    locked.execute("COMMIT")
    late.record(make_turn(2))
    assert [turn.number for turn in late.case("c1")] == [0, 1, 2]
    late.close()


def test_a_home_that_cannot_be_written_yet(tmp_path: Path, make_turn: Make) -> None:
    home = tmp_path / "home"
    home.write_text("a file where the folder should be")
    late = LateCasebook(SqlCasebook(f"sqlite:///{home / 'book.sqlite3'}", migrates=True), pause=0)
    late.record(make_turn(0))
    assert late.waiting == 1
    home.unlink()
    late.record(make_turn(1))
    assert late.waiting == 0
    assert len(late.case("c1")) == 2
    late.close()


def test_postgresql_stops_and_starts(postgres: ThrowawayPostgres, make_turn: Make) -> None:
    late = LateCasebook(SqlCasebook(postgres.new_database(), migrates=True), pause=0)
    late.record(make_turn(0))
    postgres.stop()
    try:
        with pytest.raises(CasebookError, match="could not read case c1: OperationalError"):
            late.case("c1")
        late.record(make_turn(1))
        late.record(make_turn(2))
        assert late.waiting == 2
    finally:
        postgres.start()
    late.record(make_turn(3))
    assert [turn.number for turn in late.case("c1")] == [0, 1, 2, 3]
    assert late.lost == 0
    late.close()


def test_postgresql_restarts_between_two_turns(postgres: ThrowawayPostgres, make_turn: Make) -> None:
    book = SqlCasebook(postgres.new_database(), migrates=True)
    book.record(make_turn(0))
    postgres.stop()
    postgres.start()
    book.record(make_turn(1))
    assert len(book.case("c1")) == 2
    book.close()


def test_postgresql_away_at_start(make_turn: Make) -> None:
    late = LateCasebook(SqlCasebook("postgresql://keeper:hunter2@127.0.0.1:9/none", migrates=True), pause=0)
    late.record(make_turn(0))
    assert late.waiting == 1
    with pytest.raises(CasebookError) as caught:
        late.latest_case("rest:ann")
    assert "hunter2" not in str(caught.value)
