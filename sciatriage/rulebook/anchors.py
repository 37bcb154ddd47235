"""The anchor of each entry on the page, and an id as plain words."""

from __future__ import annotations

import re


def anchor(kind: str, id_: str) -> str:
    """The page's id for an entry: `rule-numb_saddle`. Whatever an address can't hold becomes a dash."""
    return f"{kind}-{re.sub(r'[^A-Za-z0-9_.-]', '-', id_)}"


def plain(id_: str) -> str:
    """An id as words: `numb_saddle` is "Numb saddle"."""
    words = id_.removeprefix("reason_").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
