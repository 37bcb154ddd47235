"""The migrations make exactly the tables that the program uses, from any number of processes at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from sciatriage.casebook import migrate as migrating
from sciatriage.casebook.engine import open_engine, reading, writing
from sciatriage.casebook.migrate import configuration, migrate, migrate_back, revise
from sciatriage.casebook.records import CasebookError, TurnRecord
from sciatriage.casebook.sql import SqlCasebook
from sciatriage.casebook.tables import metadata


def _tables(url: str) -> set[str]:
    engine = open_engine(url, 5)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_migrated_tables_equal_the_programs(url: str) -> None:
    engine = open_engine(url, 5)
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        inspector = inspect(connection)
        assert inspector.get_pk_constraint("turns")["constrained_columns"] == ["case_id", "number"]
        assert inspector.get_foreign_keys("turns")[0]["options"] == {"ondelete": "CASCADE"}
    engine.dispose()


def test_again_changes_nothing(url: str, make_turn: Callable[..., TurnRecord]) -> None:
    book = SqlCasebook(url)
    book.record(make_turn())
    migrate(url)
    migrate(url)
    assert book.case("c1") == (make_turn(),)
    book.close()


def test_there_and_back(empty_url: str) -> None:
    migrate(empty_url)
    assert _tables(empty_url) == {"cases", "turns", "alembic_version"}
    migrate_back(empty_url)
    assert _tables(empty_url) == {"alembic_version"}
    migrate(empty_url)
    assert _tables(empty_url) == {"cases", "turns", "alembic_version"}


def test_four_processes_at_once(empty_url: str) -> None:
    program = "import sys; from sciatriage.casebook.migrate import migrate; migrate(sys.argv[1])"
    starts = [
        subprocess.Popen([sys.executable, "-c", program, empty_url], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    told = [start.communicate(timeout=60)[1] for start in starts]
    assert [start.returncode for start in starts] == [0, 0, 0, 0], told
    assert _tables(empty_url) == {"cases", "turns", "alembic_version"}


def test_a_second_process_waits_for_the_first(empty_url: str) -> None:
    first = open_engine(empty_url, 5)
    with ThreadPoolExecutor(1) as second:
        with writing(first) as connection:
            migrating._keep_others_out(connection)
            waiting = second.submit(migrate, empty_url)
            with pytest.raises(FutureTimeout):
                waiting.result(timeout=0.5)
        waiting.result(timeout=30)
    first.dispose()
    assert _tables(empty_url) == {"cases", "turns", "alembic_version"}


def test_half_a_migration_leaves_nothing(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def upgrade_then_fail(*arguments: object) -> None:
        real(*arguments)
        raise OSError("the disk is full")

    real = command.upgrade
    monkeypatch.setattr(migrating.command, "upgrade", upgrade_then_fail)
    with pytest.raises(CasebookError, match="could not bring its tables up to date: OSError: the disk is full"):
        migrate(empty_url)
    assert _tables(empty_url) == set()


def test_a_newer_programs_database_is_refused_clearly(url: str) -> None:
    engine = open_engine(url, 5)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(CasebookError, match="use the version that made them, or newer"):
        migrate(url)


def test_the_template_writes_a_migration_that_loads(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "100% mine" / "migrations"
    (home / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako", "versions/0001_cases_and_turns.py"):
        (home / name).write_text((migrating.FOLDER / name).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(migrating, "FOLDER", home)
    revise(url, "0002", "nothing new")
    assert (home / "versions" / "0002_nothing_new.py").exists()
    migrate(url)
    engine = open_engine(url, 5)
    with reading(engine) as connection:
        assert MigrationContext.configure(connection).get_current_revision() == "0002"
        assert ScriptDirectory.from_config(configuration(connection)).get_current_head() == "0002"
    engine.dispose()
