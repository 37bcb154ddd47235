"""Bring words to one form: a light stem, and repair of misspelt words against the words the hearing knows.

The stem need not be good English; it only has to give the same answer for a pattern's word and a person's word.
Repair is careful by design: it touches only words of five letters and more that are neither everyday English nor known
here, and it keeps the first letter, since turning a real word into a symptom is worse than missing a misspelt one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

_VOWEL = re.compile(r"[aeiouy]")
_DOUBLED = re.compile(r"([bdgklmnprtv])\1$")
_LONGEST = 20  # longer "words" are not misspelt, they are something else


class Stemmer:
    """Stems by a few rules, with a table of the words the rules get wrong."""

    def __init__(self, exceptions: Mapping[str, str]) -> None:
        self._known: dict[str, str] = dict(exceptions)
        self._exceptions = dict(exceptions)

    def stem(self, word: str) -> str:
        """The stem of a lower-case word."""
        found = self._known.get(word)
        if found is None:
            found = _by_rule(word)
            if len(self._known) < 50_000:  # a cache, bounded so that strange input can't fill the memory
                self._known[word] = found
        return found


def _by_rule(word: str) -> str:
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    base = word
    if base.endswith("ies") and len(base) > 4:
        base = base[:-3] + "y"
    elif base.endswith(("ches", "shes", "sses", "xes", "zes")):
        base = base[:-2]
    elif base.endswith("s") and not base.endswith(("ss", "us", "is")):
        base = base[:-1]
    if base.endswith("ing") and len(base) > 5 and _VOWEL.search(base[:-3]):
        base = _DOUBLED.sub(r"\1", base[:-3])
    elif base.endswith("ied") and len(base) > 4:
        base = base[:-3] + "y"
    elif base.endswith("ed") and len(base) > 4 and _VOWEL.search(base[:-2]):
        base = _DOUBLED.sub(r"\1", base[:-2])
    if len(base) > 4 and base.endswith("e"):
        base = base[:-1]
    return base


def _deletions(word: str, depth: int) -> set[str]:
    found = {word}
    edge = {word}
    for _ in range(depth):
        edge = {w[:i] + w[i + 1 :] for w in edge for i in range(len(w))}
        found |= edge
    return found


def distance(one: str, two: str, limit: int) -> int:
    """Edits between two words, a swap of neighbours counting as one; `limit + 1` where there are more."""
    if abs(len(one) - len(two)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(two, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1] if row[-1] <= limit else limit + 1


class Repair:
    """Finds the known word that an unknown one was meant to be, through an index of words with letters left out."""

    def __init__(self, vocabulary: Iterable[str], everyday: Iterable[str], stemmer: Stemmer) -> None:
        self._stemmer = stemmer
        words = {w for w in vocabulary if w.isascii() and w.isalpha()}
        self._real = words | set(everyday)
        self._real_stems = {stemmer.stem(w) for w in self._real}
        self._index: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(w for w in words if len(w) >= 5):
            for shorter in _deletions(word, _reach(word)):
                self._index[shorter].append(word)
        self._cache: dict[str, str] = {}

    def mend(self, word: str) -> str:
        """The word meant, or the word itself where it is real, short or too far from any."""
        if len(word) < 5 or len(word) > _LONGEST or not word.isascii() or not word.isalpha():
            return word
        if word in self._real or self._stemmer.stem(word) in self._real_stems:
            return word
        found = self._cache.get(word)
        if found is None:
            found = self._nearest(word)
            if len(self._cache) < 20_000:
                self._cache[word] = found
        return found

    def _nearest(self, word: str) -> str:
        reach = _reach(word)
        candidates = {known for shorter in _deletions(word, reach) for known in self._index.get(shorter, ())}
        best, best_cost = word, 99
        for known in sorted(candidates):
            if known[0] != word[0]:
                continue
            cost = distance(word, known, min(reach, _reach(known)))
            if cost <= min(reach, _reach(known)) and cost < best_cost:
                best, best_cost = known, cost
        return best


def _reach(word: str) -> int:
    return 2 if len(word) >= 8 else 1
