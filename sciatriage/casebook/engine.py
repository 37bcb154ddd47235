"""Doors to the database: how it is opened, how a transaction begins, and how its failures are told."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, SQLAlchemyError, StatementError
from sqlalchemy.pool import QueuePool

from sciatriage.casebook.records import CasebookError, RecordRefusedError

KINDS = ("sqlite", "postgresql")


def open_engine(url: str, patience: float) -> Engine:
    """An engine for this address; nothing is connected yet.

    `patience` [s] is how long to wait for a lock, a connection or a statement. Raises CasebookError where the address
    is not one the casebook can use; the message never holds its password.
    """
    address = _address(url)
    arguments: dict[str, Any] = {}
    if address.get_backend_name() == "sqlite":
        arguments = {"check_same_thread": False}
    elif "psycopg" in address.get_driver_name() and "connect_timeout" not in address.query:
        arguments = {"connect_timeout": max(1, round(patience))}
    try:
        engine = create_engine(
            address,
            future=True,
            poolclass=QueuePool,
            pool_pre_ping=True,
            pool_timeout=patience,
            hide_parameters=True,
            connect_args=arguments,
        )
    except ImportError as error:
        raise CasebookError(f"the casebook's database needs a driver that isn't installed: {error}") from None
    except SQLAlchemyError as error:
        raise CasebookError(f"the casebook's address can't be used: {_first_line(error)}") from None
    if address.get_backend_name() == "sqlite":
        _prepare_sqlite(engine, Path(str(address.database)), patience)
    else:
        _prepare_postgresql(engine, patience)
    return engine


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads."""
    with engine.begin() as connection:
        yield connection


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: committed at the end, rolled back where anything is raised."""
    with engine.execution_options(casebook_writes=True).begin() as connection:
        yield connection


@contextlib.contextmanager
def told_plainly(task: str) -> Iterator[None]:
    """Turn a database's failure into one sentence ("could not <task>: ...") without a patient's words in it."""
    try:
        yield
    except CasebookError:
        raise
    except (SQLAlchemyError, OSError, ValueError, OverflowError) as error:
        hopeless = isinstance(error, (DataError, ValueError, OverflowError)) or (
            isinstance(error, StatementError) and not isinstance(error, DBAPIError)
        )
        kind = RecordRefusedError if hopeless else CasebookError
        raise kind(f"the casebook could not {task}: {type(error).__name__}: {_first_line(error)}") from None


def _first_line(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise CasebookError("the casebook's address must look like sqlite:///file or postgresql://host/name") from None
    if address.drivername in ("postgres", "postgresql"):  # SQLAlchemy's own choice of driver changes with its version
        address = address.set(drivername="postgresql+psycopg2")
    kind = address.get_backend_name()
    if kind not in KINDS:
        raise CasebookError(f"the casebook can be kept in {' or '.join(KINDS)}, not in {kind!r}")
    if kind == "sqlite" and address.database in (None, "", ":memory:"):
        raise CasebookError("a casebook in SQLite needs a file (sqlite:///path); in memory, use MemoryCasebook")
    return address


def _prepare_sqlite(engine: Engine, file: Path, patience: float) -> None:
    def make_file(*_: object) -> None:
        """The file is its owner's alone from its first moment (SQLite gives -wal and -shm the same mode)."""
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))

    def set_up(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself: `begin` below does
        cursor = connection.cursor()
        for setting in (
            f"busy_timeout = {round(patience * 1000)}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("casebook_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "do_connect", make_file)
    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", begin)


def _prepare_postgresql(engine: Engine, patience: float) -> None:
    def set_up(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.execute(f"SET statement_timeout = {round(patience * 1000)}")
        cursor.close()
        connection.commit()

    event.listen(engine, "connect", set_up)
