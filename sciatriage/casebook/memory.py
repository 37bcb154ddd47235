"""A casebook in memory: for tests, the terminal, and talks that nobody wants kept."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime

from sciatriage.casebook.records import CaseSummary, RecordRefusedError, TurnRecord, in_utc, newest_first, summarise


class MemoryCasebook:
    """Keeps turns as long as the process lives."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._cases: dict[str, dict[int, TurnRecord]] = {}

    def record(self, turn: TurnRecord) -> None:
        with self._lock:
            turns = self._cases.get(turn.case_id, {})
            if any(other.sender != turn.sender for other in turns.values()):
                raise RecordRefusedError(f"case {turn.case_id} belongs to another sender")
            standing = turns.get(turn.number)
            if standing is None:
                self._cases.setdefault(turn.case_id, {})[turn.number] = replace(turn)
            elif replace(standing, at=turn.at) != turn:
                raise RecordRefusedError(f"turn {turn.number} of case {turn.case_id} is already recorded, and differs")

    def case(self, case_id: str) -> tuple[TurnRecord, ...]:
        with self._lock:
            return tuple(replace(turn) for _, turn in sorted(self._cases.get(case_id, {}).items()))

    def cases_of(self, sender: str) -> tuple[CaseSummary, ...]:
        with self._lock:
            return newest_first([case for case in self._summaries() if case.sender == sender])

    def latest_case(self, sender: str) -> CaseSummary | None:
        return next(iter(self.cases_of(sender)), None)

    def erase(self, sender: str) -> int:
        with self._lock:
            return self._remove([case for case in self._summaries() if case.sender == sender])

    def purge(self, before: datetime) -> int:
        limit = in_utc(before)
        with self._lock:
            return self._remove([case for case in self._summaries() if case.latest < limit])

    def close(self) -> None:
        """Nothing to let go of."""

    def _summaries(self) -> list[CaseSummary]:
        return [
            summarise(case_id, next(iter(turns.values())).sender, list(turns.values()))
            for case_id, turns in self._cases.items()
        ]

    def _remove(self, cases: list[CaseSummary]) -> int:
        return sum(len(self._cases.pop(case.case_id)) for case in cases)
