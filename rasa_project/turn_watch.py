"""What goes wrong in one turn, seen from the channel.

Rasa swallows most faults: an action that fails is logged and the turn goes on, a tracker that can't be read becomes a
new conversation. Whoever meets a fault notes it here; the guard at the channel reads it, and the tracker store keeps
no turn that had one. So a turn is either whole, or it never was and its message is kept for the next.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field


class TurnFailedError(Exception):
    """The turn can't be completed or kept."""


@dataclass
class TurnWatch:
    """The faults of one turn, by the name of what failed. `over` says that nobody waits for this turn any more."""

    faults: list[str] = field(default_factory=list)
    over: bool = False

    def note(self, what: str) -> None:
        """Remember a fault (the name of a part, never a person's words)."""
        self.faults.append(what)

    @property
    def failed(self) -> bool:
        """Whether this turn must not be kept."""
        return self.over or bool(self.faults)


_CURRENT: ContextVar[TurnWatch | None] = ContextVar("sciatriage_turn", default=None)


def begin() -> TurnWatch:
    """Start watching the turn of the current task; tasks started from here on share the watch."""
    watch = TurnWatch()
    _CURRENT.set(watch)
    return watch


def current() -> TurnWatch | None:
    """The watch of the turn under way, None outside of one."""
    return _CURRENT.get()


def note_fault(what: str) -> None:
    """Note a fault on the turn under way, if any."""
    watch = current()
    if watch is not None:
        watch.note(what)
