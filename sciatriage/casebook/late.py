"""A casebook that outlives an outage: what could not be written waits in memory and is written first."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sciatriage.casebook.book import Casebook
from sciatriage.casebook.records import CasebookError, CaseSummary, RecordRefusedError, TurnRecord

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Erasure:
    sender: str


class LateCasebook:
    """Wraps a casebook; while that fails, turns (at most `room`, the oldest given up first) and erasures wait here.

    They are written, in order, before the next turn that is recorded `pause` seconds or more after the last failure
    (so an outage doesn't cost every turn the wait for a dead database), and by `flush`. `clock` gives seconds.
    """

    def __init__(
        self, book: Casebook, *, room: int = 1000, pause: float = 5.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._book = book
        self._room = room
        self._pause = pause
        self._clock = clock
        self._lock = threading.RLock()
        self._waiting: deque[TurnRecord | _Erasure] = deque()
        self._again_at: float | None = None
        self._lost = 0

    @property
    def waiting(self) -> int:
        """How many turns and erasures wait to be written; 0 while all is well."""
        return len(self._waiting)

    @property
    def lost(self) -> int:
        """How many turns were given up for want of room or because they were refused when their time came."""
        return self._lost

    def record(self, turn: TurnRecord) -> None:
        """Write this turn, or keep it until the casebook answers again. Raises only RecordRefusedError."""
        with self._lock:
            if self._caught_up():
                try:
                    self._book.record(turn)
                    return
                except RecordRefusedError:
                    raise
                except CasebookError as error:
                    self._failed(error)
            self._keep(turn)

    def flush(self) -> bool:
        """Try now to write what waits, pause or not. True where nothing waits any more."""
        with self._lock:
            self._again_at = None
            return self._caught_up()

    def erase(self, sender: str) -> int:
        """As the casebook's. Where that fails, CasebookError is raised and the erasure waits to be done first."""
        with self._lock:
            kept = [late for late in self._waiting if late.sender != sender]
            forgotten = sum(isinstance(late, TurnRecord) and late.sender == sender for late in self._waiting)
            self._waiting = deque(kept)
            try:
                return forgotten + self._book.erase(sender)
            except RecordRefusedError:
                raise
            except CasebookError as error:
                self._failed(error)
                self._waiting.append(_Erasure(sender))
                raise CasebookError(f"{error}; it will be erased as soon as the casebook answers") from None

    def case(self, case_id: str) -> tuple[TurnRecord, ...]:
        """As the casebook's, once what waits has been tried."""
        self._try_first()
        return self._book.case(case_id)

    def cases_of(self, sender: str) -> tuple[CaseSummary, ...]:
        """As the casebook's, once what waits has been tried."""
        self._try_first()
        return self._book.cases_of(sender)

    def latest_case(self, sender: str) -> CaseSummary | None:
        """As the casebook's, once what waits has been tried."""
        self._try_first()
        return self._book.latest_case(sender)

    def purge(self, before: datetime) -> int:
        """As the casebook's, once what waits has been tried."""
        self._try_first()
        return self._book.purge(before)

    def close(self) -> None:
        """Try once more to write what waits, then close the casebook."""
        if not self.flush():
            log.error("the casebook closes with %d turns or erasures that were never written", self.waiting)
        self._book.close()

    def _try_first(self) -> None:
        with self._lock:
            self._caught_up()

    def _caught_up(self) -> bool:
        if self._again_at is not None and self._clock() < self._again_at:
            return False
        while self._waiting:
            late = self._waiting[0]
            try:
                if isinstance(late, _Erasure):
                    self._book.erase(late.sender)
                else:
                    self._book.record(late)
            except RecordRefusedError as error:
                self._lost += isinstance(late, TurnRecord)
                log.error("given up: %s", error)
            except CasebookError as error:
                self._failed(error)
                return False
            self._waiting.popleft()
        if self._again_at is not None:
            self._again_at = None
            log.warning("the casebook answers again; nothing waits")
        return True

    def _failed(self, error: CasebookError) -> None:
        self._again_at = self._clock() + self._pause
        log.warning("%s; %d waiting", error, len(self._waiting))

    def _keep(self, turn: TurnRecord) -> None:
        self._waiting.append(turn)
        turns = [late for late in self._waiting if isinstance(late, TurnRecord)]
        if len(turns) > self._room:
            self._waiting.remove(turns[0])
            self._lost += 1
            log.error("no room to wait: turn %d of case %s is lost", turns[0].number, turns[0].case_id)
