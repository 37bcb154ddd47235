"""What the assistant says: one item of the contract (text, options, custom) at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Option:
    """A button: the words on it, what pressing it sends, and the finding or value it stands for."""

    label: str
    payload: str
    finding: str | None = None
    value: str | float | None = None

    def to_json(self) -> dict[str, Any]:
        return {"label": self.label, "payload": self.payload, "finding": self.finding, "value": self.value}


@dataclass(frozen=True)
class Saying:
    """One item sent to the person. `custom` is the contract's object (its "type" names the kind)."""

    text: str
    options: tuple[Option, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)

    def buttons(self) -> list[dict[str, str]]:
        """Rasa's and Telegram's form of the options: title and payload."""
        return [{"title": option.label, "payload": option.payload} for option in self.options]
