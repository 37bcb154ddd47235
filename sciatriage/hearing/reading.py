"""Read a message: characters to tokens, each with its place in the text as typed.

Everything after this works on `Reading.line`, the stems with one space before each, so that a pattern is one regular
expression; `Reading.span` leads back from tokens to code points of what the person typed.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sciatriage.hearing.spelling import Repair, Stemmer

_TOKEN = re.compile(r"w/o\b|\d+(?:[.,]\d+)?(?![\d.,]*\w)|[^\W_]+(?:'[^\W_]+)*|\.{2,}|[.,;:!?\n()/&+=]| - |--+")
_GLUED = re.compile(r"(\d+)(?!am$|pm$|st$|nd$|rd$|th$)([a-z]{1,12})")  # "3days", "54yo"
_SINGLE = {ord(c): "'" for c in "’‘‛`´ʼ＇′"}
_DASHES = {ord(c): " - " for c in "–—―−"}
_SENTENCE_END = frozenset(".!?;")
_OWNERS = frozenset("it he she that there what who here where this".split())


@dataclass(frozen=True)
class Token:
    """One normalised word or mark; `start` and `end` are code points of the text as typed."""

    word: str
    stem: str
    start: int
    end: int


@dataclass
class Reading:
    """A message as tokens."""

    text: str
    tokens: tuple[Token, ...]
    line: str = ""
    starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        parts: list[str] = []
        place = 0
        for token in self.tokens:
            self.starts.append(place)
            parts.append(" " + token.stem)
            place += len(token.stem) + 1
        self.line = "".join(parts) + " "

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(token.stem for token in self.tokens)

    @cached_property
    def words(self) -> str:
        """As `line`, of the words before stemming."""
        return "".join(" " + token.word for token in self.tokens) + " "

    @cached_property
    def word_starts(self) -> list[int]:
        places, place = [], 0
        for token in self.tokens:
            places.append(place)
            place += len(token.word) + 1
        return places

    @cached_property
    def sentences(self) -> list[int]:
        """For each token, the number of its sentence."""
        numbers, current = [], 0
        for token in self.tokens:
            numbers.append(current)
            if token.stem in _SENTENCE_END:
                current += 1
        return numbers

    def token_at(self, place: int) -> int:
        """The token that a place in `line` belongs to."""
        return bisect.bisect_right(self.starts, place) - 1

    def word_at(self, place: int) -> int:
        """The token that a place in `words` belongs to."""
        return bisect.bisect_right(self.word_starts, place) - 1

    def span(self, first: int, stop: int) -> tuple[int, int]:
        """Code points from the first token to the last before `stop`."""
        return self.tokens[first].start, self.tokens[stop - 1].end


def fold(text: str) -> tuple[str, list[int]]:
    """The text in plain lower case, and for each of its characters the place it came from."""
    lowered = text.lower() if text.isascii() else ""
    if lowered and len(lowered) == len(text):
        return lowered, list(range(len(text)))
    out: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = _plain(char)
        out.append(plain)
        places.extend([place] * len(plain))
    return "".join(out), places


def _plain(char: str) -> str:
    code = ord(char)
    if code < 128:
        return char.lower()
    if code in _SINGLE:
        return "'"
    if code in _DASHES:
        return " - "
    kind = unicodedata.category(char)
    if kind in ("Cf", "Mn"):  # zero-width marks, joiners and loose accents say nothing
        return ""
    if kind[0] in "CZS":
        return "\n" if kind == "Zl" else " "
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if unicodedata.category(c) != "Mn")
    return plain.lower()


class Reader:
    """Turns text into a Reading, by the tables of words.yml."""

    def __init__(self, tables: Mapping[str, Mapping[str, str]], stemmer: Stemmer) -> None:
        self._stands_for = {k: tuple(str(v).split()) for k, v in tables["stands_for"].items()}
        self._join = {tuple(k.split()): v for k, v in tables["join"].items()}
        self._spelt = {str(k): str(v) for k, v in tables["spelt"].items()}
        self._stemmer = stemmer
        self.repair: Repair | None = None  # made once the lexicon's words are known

    def canonical(self, word: str) -> str:
        """The word or words that one word is brought to (the patterns of the data files go through here too)."""
        many = self._stands_for.get(word)
        return " ".join(many) if many else self._spelt.get(word, word)

    def read(self, text: str, offset: int = 0) -> Reading:
        """Read text; `offset` is added to every place, for a part cut from a longer message."""
        folded, places = fold(text)
        pieces: list[tuple[str, int, int]] = []
        for match in _TOKEN.finditer(folded):
            start, end = places[match.start()] + offset, places[match.end() - 1] + 1 + offset
            for word in self._words(match.group()):
                self._add(pieces, word, start, end)
        tokens = tuple(Token(w, self._stemmer.stem(w), s, e) for w, s, e in pieces)
        return Reading(text, tokens)

    def _words(self, raw: str) -> tuple[str, ...]:
        first = raw[0]
        if not (first.isalnum()):
            return (_mark(raw),)
        if raw == "w/o":
            return ("without",)
        if first.isdigit():
            glued = _GLUED.fullmatch(raw)
            if glued:
                return (glued.group(1), *self._one(glued.group(2)))
            return (raw.replace(",", ".") if raw.count(",") == 1 and len(raw.split(",")[1]) < 3 else raw,)
        if "'" in raw:
            return self._with_apostrophe(raw)
        return self._one(raw)

    def _with_apostrophe(self, raw: str) -> tuple[str, ...]:
        stem, _, tail = raw.rpartition("'")
        stem = stem.replace("'", "")
        if tail == "t" and stem.endswith("n"):
            return self._one(stem + "t")
        endings = {"m": "am", "ve": "have", "re": "are", "ll": "will", "d": "would"}
        if tail in endings:
            return (*self._one(stem), endings[tail])
        if tail == "s":
            return (*self._one(stem), "is") if stem in _OWNERS else self._one(stem)
        return self._one(stem + tail)

    def _one(self, word: str) -> tuple[str, ...]:
        many = self._stands_for.get(word)
        if many:
            return many
        known = self._spelt.get(word)
        if known is None and self.repair is not None:
            mended = self.repair.mend(word)
            known = self._spelt.get(mended, mended)
        return (known if known is not None else word,)

    def _add(self, pieces: list[tuple[str, int, int]], word: str, start: int, end: int) -> None:
        if pieces:
            before, place, _ = pieces[-1]
            joined = self._join.get((before, word))
            if joined is not None and " " not in joined:
                pieces[-1] = (joined, place, end)
                return
        pieces.append((word, start, end))


def _mark(raw: str) -> str:
    if raw == "\n":
        return "."
    if raw.startswith(".."):
        return ","
    if "-" in raw:
        return "-"
    if raw in "&+":
        return "and"
    return raw if raw in ".,;:!?/=" else ","
