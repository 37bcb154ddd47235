"""Brings a casebook's tables up to date, at start and by program (no alembic.ini)."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from sciatriage.casebook.engine import open_engine, told_plainly, writing
from sciatriage.casebook.records import CasebookError

FOLDER = Path(__file__).parent / "migrations"
PATIENCE = 60.0  # seconds to wait for another process that is migrating
_LOCK_KEY = 7_246_283  # PostgreSQL's advisory lock for "the casebook is being migrated"; any number of our own

_one_at_a_time = threading.Lock()  # Alembic's `context` is one per process


def migrate(url: str) -> None:
    """Make the casebook's tables, or bring them up to date. Safe to call again, and from two processes at once.

    All of it happens or nothing does. Raises CasebookError where the database can't be reached within 60 s or was
    written by a newer Sciatriage.
    """
    engine = open_engine(url, PATIENCE)
    try:
        migrate_engine(engine)
    finally:
        engine.dispose()


def migrate_engine(engine: Engine) -> None:
    """The same on an engine from `open_engine`; its patience is how long another migrating process is waited for."""
    with _one_at_a_time, told_plainly("bring its tables up to date"), writing(engine) as connection:
        _keep_others_out(connection)
        try:
            command.upgrade(configuration(connection), "head")
        except CommandError as error:
            raise CasebookError(
                f"the casebook's tables were not made by this Sciatriage or an older one ({error}): "
                "use the version that made them, or newer"
            ) from None


def migrate_back(url: str, revision: str = "base") -> None:
    """Take the tables back to `revision` ("base": none, "-1": one step). What stood in dropped tables is gone."""
    engine = open_engine(url, PATIENCE)
    try:
        with _one_at_a_time, told_plainly("take its tables back"), writing(engine) as connection:
            _keep_others_out(connection)
            command.downgrade(configuration(connection), revision)
    finally:
        engine.dispose()


def revise(url: str, revision: str, message: str) -> None:
    """For developers: write versions/<revision>_<message>.py from what `tables` has and the database at `url` lacks."""
    engine = open_engine(url, PATIENCE)
    try:
        with _one_at_a_time, told_plainly("write a migration"), writing(engine) as connection:
            command.revision(configuration(connection), message, autogenerate=True, rev_id=revision)
    finally:
        engine.dispose()


def configuration(connection: Connection) -> Config:
    """Alembic's configuration, working on this connection and inside its transaction."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _keep_others_out(connection: Connection) -> None:
    """One process migrates at a time. On SQLite the transaction itself holds the write lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT set_config('lock_timeout', current_setting('statement_timeout'), true)"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
