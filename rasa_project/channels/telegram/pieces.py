"""A long text in pieces that Telegram takes: 4096 UTF-16 units at most, cut where a reader would pause."""

from __future__ import annotations

import re

LIMIT = 4096
# Where to cut, the best first: a blank line, a line's end, a sentence's end, a space.
_BREAKS = tuple(re.compile(pattern) for pattern in (r"\n\s*\n", r"\n", r"(?<=[.!?…])\s+", r"\s+"))


def units(text: str) -> int:
    """Length as Telegram counts: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def pieces(text: str, limit: int = LIMIT) -> list[str]:
    """The text cut into pieces of at most `limit`; none is blank, nothing but space at the cuts is lost."""
    rest, cut_off = text.strip(), []
    while units(rest) > limit:
        head = _head(rest, limit)
        cut = _last_break(head, rest)
        cut_off.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [piece for piece in [*cut_off, rest] if piece]


def _head(text: str, limit: int) -> str:
    head = text[:limit]
    while units(head) > limit:
        head = head[: len(head) - max(1, (units(head) - limit) // 2)]
    return head


def _last_break(head: str, text: str) -> int:
    """Where to cut: the last break of the best kind in the second half of the head, else of any kind, else its end."""
    window = text[: len(head) + 1]
    for earliest in (len(head) // 2, 1):
        for kind in _BREAKS:
            places = [found.start() for found in kind.finditer(window) if earliest <= found.start() <= len(head)]
            if places:
                return places[-1]
    return len(head)
