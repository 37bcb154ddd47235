"""The one protocol of the casebook: what any hand that keeps the record can do."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sciatriage.casebook.records import CaseSummary, TurnRecord


class Casebook(Protocol):
    """A record of talks. Every method may be called from any thread, and raises CasebookError where it fails."""

    def record(self, turn: TurnRecord) -> None:
        """Keep this turn. The same turn again (its time may differ) changes nothing.

        Raises RecordRefusedError where another turn already stands under this case and number, or where the case is
        another sender's: what is written stays as it was written.
        """

    def case(self, case_id: str) -> tuple[TurnRecord, ...]:
        """The turns of a case in their order; empty where there is no such case."""

    def cases_of(self, sender: str) -> tuple[CaseSummary, ...]:
        """This sender's cases, the latest first."""

    def latest_case(self, sender: str) -> CaseSummary | None:
        """This sender's case with the latest turn, if any."""

    def erase(self, sender: str) -> int:
        """Remove all that this sender said. Returns how many turns were removed."""

    def purge(self, before: datetime) -> int:
        """Retention: remove every case whose last turn is older than `before` (aware). Returns the turns removed."""

    def close(self) -> None:
        """Let go of files and connections."""
