"""A casebook in SQLite or PostgreSQL."""

from __future__ import annotations

import logging
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import case as either
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from sciatriage.casebook.engine import open_engine, reading, told_plainly, writing
from sciatriage.casebook.migrate import migrate_engine
from sciatriage.casebook.records import (
    CasebookError,
    CaseSummary,
    RecordRefusedError,
    TurnRecord,
    in_utc,
    is_storable_text,
    newest_first,
    summarise,
)
from sciatriage.casebook.tables import cases, turns

log = logging.getLogger(__name__)


class SqlCasebook:
    """Keeps turns in the database at `url`, whose tables `migrate(url)` makes.

    `patience` [s] is the longest wait for a lock, a connection or a statement. With `migrates`, the tables are brought
    up to date before first use, so that a database that is away at start costs nothing but the wait.
    Making one connects to nothing; it raises CasebookError only where the address can't be used.
    """

    def __init__(self, url: str, *, patience: float = 5.0, migrates: bool = False) -> None:
        self._engine = open_engine(url, patience)
        self._on_sqlite = self._engine.dialect.name == "sqlite"
        self._insert: Any = sqlite.insert if self._on_sqlite else postgresql.insert
        self._to_migrate = migrates

    def record(self, turn: TurnRecord) -> None:
        with told_plainly(f"record turn {turn.number} of case {turn.case_id}"):
            self._get_ready()
            with writing(self._engine) as connection:
                self._open_case(connection, turn)
                row = asdict(turn)
                del row["sender"]
                written = connection.execute(self._insert(turns).values(row).on_conflict_do_nothing())
                if written.rowcount == 0:
                    self._compare(connection, turn)

    def case(self, case_id: str) -> tuple[TurnRecord, ...]:
        if not is_storable_text(case_id):
            return ()
        wanted = select(cases.c.sender, turns).join(turns).where(cases.c.case_id == case_id).order_by(turns.c.number)
        with told_plainly(f"read case {case_id}"):
            self._get_ready()
            with reading(self._engine) as connection:
                return tuple(_turn(row) for row in connection.execute(wanted))

    def cases_of(self, sender: str) -> tuple[CaseSummary, ...]:
        return self._summaries(sender, cases.c.sender == sender)

    def latest_case(self, sender: str) -> CaseSummary | None:
        newest = (
            select(cases.c.case_id)
            .where(cases.c.sender == sender)
            .order_by(cases.c.latest.desc(), cases.c.case_id.desc())
            .limit(1)
        )
        return next(iter(self._summaries(sender, cases.c.case_id == newest.scalar_subquery())), None)

    def erase(self, sender: str) -> int:
        if not is_storable_text(sender):
            return 0
        return self._remove(cases.c.sender == sender, "erase what a sender said")

    def purge(self, before: datetime) -> int:
        return self._remove(cases.c.latest < in_utc(before), "remove what is past its retention")

    def close(self) -> None:
        self._engine.dispose()

    def _get_ready(self) -> None:
        if self._to_migrate:
            migrate_engine(self._engine)
            self._to_migrate = False

    def _open_case(self, connection: Connection, turn: TurnRecord) -> None:
        """The case's row, made or brought to this turn's time; it stays locked until the turn is written."""
        new = self._insert(cases).values(case_id=turn.case_id, sender=turn.sender, latest=turn.at)
        later = either((new.excluded.latest > cases.c.latest, new.excluded.latest), else_=cases.c.latest)
        kept = new.on_conflict_do_update(
            index_elements=[cases.c.case_id], set_={"latest": later}, where=cases.c.sender == new.excluded.sender
        )
        if connection.execute(kept).rowcount == 0:
            raise RecordRefusedError(f"case {turn.case_id} belongs to another sender")

    def _compare(self, connection: Connection, turn: TurnRecord) -> None:
        wanted = select(turns).where(turns.c.case_id == turn.case_id, turns.c.number == turn.number)
        standing = _turn(connection.execute(wanted).one(), sender=turn.sender)
        if replace(standing, at=turn.at) != turn:
            raise RecordRefusedError(f"turn {turn.number} of case {turn.case_id} is already recorded, and differs")

    def _summaries(self, sender: str, which: Any) -> tuple[CaseSummary, ...]:
        if not is_storable_text(sender):
            return ()
        outline = [turns.c[name] for name in ("case_id", "number", "at", "disposition", "final", "knowledge_version")]
        wanted = select(*outline).join(cases).where(which)
        found: dict[str, list[Any]] = {}
        with told_plainly("read a sender's cases"):
            self._get_ready()
            with reading(self._engine) as connection:
                for row in connection.execute(wanted):
                    found.setdefault(row.case_id, []).append(row)
        return newest_first([summarise(case_id, sender, rows) for case_id, rows in found.items()])

    def _remove(self, which: Any, task: str) -> int:
        chosen = select(cases.c.case_id).where(which).order_by(cases.c.case_id).with_for_update()
        removed = 0
        with told_plainly(task):
            self._get_ready()
            with writing(self._engine) as connection:
                # the cases are locked first, as `record` does: no deadlock, and no turn comes between
                found = list(connection.execute(chosen).scalars())
                for start in range(0, len(found), 500):
                    some = found[start : start + 500]
                    removed += connection.execute(delete(turns).where(turns.c.case_id.in_(some))).rowcount
                    connection.execute(delete(cases).where(cases.c.case_id.in_(some)))
            if self._on_sqlite:
                self._empty_log()
        return removed

    def _empty_log(self) -> None:
        """Take what was removed out of SQLite's write-ahead log too (secure_delete has overwritten it in the file)."""
        connection = self._engine.raw_connection()
        try:
            busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()
        if busy:
            log.warning("removed turns stay in the casebook's write-ahead log until its next checkpoint")


def _turn(row: Any, **more: Any) -> TurnRecord:
    parts = {**row._mapping, **more}
    parts["at"] = in_utc(parts["at"], naive_is_utc=True)
    try:
        return TurnRecord(**parts)
    except (TypeError, RecordRefusedError) as error:
        raise CasebookError(f"a turn in the casebook can't be read: {error}") from None
