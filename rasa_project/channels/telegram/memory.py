"""What the channel remembers: which updates it has had, and a few things for as long as there is room."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path
from typing import Generic, TypeVar

logger = logging.getLogger(__name__)

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """A mapping that forgets its oldest entries."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._entries: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """What was put there, or None."""
        return self._entries.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Remember, and forget the oldest if there is no room."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > self._room:
            self._entries.popitem(last=False)

    def pop(self, key: Key) -> Value | None:
        """Take it out."""
        return self._entries.pop(key, None)

    def keys(self) -> list[Key]:
        """All that is remembered, the oldest first."""
        return list(self._entries)

    def first(self, key: Key, value: Value) -> bool:
        """Remember it; True if it was new."""
        new = key not in self._entries
        if new:
            self.put(key, value)
        return new


class SeenUpdates:
    """Each update once, across restarts: the last ids stand in a small file.

    Ids, not the highest id: updates may come out of order, and after a quiet week Telegram starts elsewhere; a
    high-water mark would then drop every message. A disk that fails costs the memory of a restart, nothing else.
    """

    def __init__(self, path: Path | None, room: int = 4000) -> None:
        self._path, self._room, self._written = path, room, 0
        self._ids: Recent[int, None] = Recent(room)
        if path is not None:
            self._load(path)

    def is_new(self, update_id: int) -> bool:
        """True the first time an id comes."""
        if not self._ids.first(update_id, None):
            return False
        self._write(update_id)
        return True

    def _load(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = path.read_text().splitlines() if path.exists() else []
        except OSError as error:
            logger.warning("Telegram: %s can't be read: %s", path, error.strerror)
            return
        for line in lines[-self._room :]:
            if line.isdigit():
                self._ids.first(int(line), None)
        self._written = len(lines)

    def _write(self, update_id: int) -> None:
        if self._path is None:
            return
        whole = self._written > 2 * self._room
        try:
            with self._path.open("w" if whole else "a") as file:
                file.writelines(f"{known}\n" for known in (self._ids.keys() if whole else [update_id]))
            self._written = self._room if whole else self._written + 1
        except OSError as error:
            logger.warning("Telegram: %s can't be written: %s", self._path, error.strerror)
