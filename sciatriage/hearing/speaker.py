"""Whom a message is about: the person typing, or somebody they speak for. The signs are data (speaker.yml)."""

from __future__ import annotations

from collections.abc import Mapping

from sciatriage.hearing.lexicon import lines_of
from sciatriage.hearing.notation import Index, Notation
from sciatriage.hearing.reading import Reading


class Speaker:
    """Tells "self" from "other"."""

    def __init__(self, rules: Mapping[str, str], notation: Notation) -> None:
        self._index: Index[str] = Index()
        for kind, block in rules.items():
            for line in lines_of(block):
                self._index.add(notation.compile(line), kind)

    def about(self, reading: Reading, helpers: list[tuple[int, int]]) -> str | None:
        """ "self", "other" or None. `helpers` are spans where another person only reports ("my wife says")."""
        kinds = ("other", "outright", "alone", "past", "self", "not_self", "recent")
        spans: dict[str, list[tuple[int, int]]] = {kind: [] for kind in kinds}
        for pattern, kind in self._index.candidates(reading.stems):
            spans[kind].extend(pattern.find(reading))
        plain = sum(t.stem[0].isalnum() for t in reading.tokens)
        own = [s for s in spans["self"] if not any(a <= s[0] < b for a, b in spans["not_self"])]
        other = [s for s in spans["other"] if not any(a < s[1] and s[0] < b for a, b in helpers)]
        if own:
            return "self"
        if spans["outright"] or any(stop - first >= plain for first, stop in spans["alone"]):
            return "other"
        return "other" if other or (spans["past"] and spans["recent"]) else None
