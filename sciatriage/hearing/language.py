"""Which language a message is in, where that is plain: by its script, or by its small words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

_WORD = re.compile(r"[^\W\d_]+")
_LOOK_AT = 600  # characters; the language of a message shows early


class Languages:
    """Guesses a language from languages.yml."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        self._words = {language: frozenset(map(str, words)) for language, words in rules["words"].items()}
        self._english = frozenset(map(str, rules["english"]))
        self._scripts = [(language, low, high) for language, (low, high) in rules["scripts"].items()]
        self._letters: dict[str, frozenset[str]] = {k: frozenset(v) for k, v in rules["letters"].items()}

    def language(self, text: str) -> str:
        """An ISO 639-1 code; "en" unless the words plainly say otherwise."""
        sample = text[:_LOOK_AT].lower()
        letters = [c for c in sample if c.isalpha()]
        if not letters:
            return "en"
        if not sample.isascii():
            script = self._script(letters)
            if script:
                return script
        words = _WORD.findall(sample)
        english = sum(word in self._english for word in words)
        counts = {language: sum(word in known for word in words) for language, known in self._words.items()}
        best: str = max(counts, key=lambda language: counts[language])
        score = counts[best]
        enough = score >= 3 or (score == 2 and len(words) <= 4)
        if enough and score > 1.5 * english and score >= 0.25 * len(words):
            return best
        return "en"

    def _script(self, letters: list[str]) -> str | None:
        counts: Counter[str] = Counter()
        for letter in letters:
            code = ord(letter)
            for language, low, high in self._scripts:
                if low <= code <= high:
                    counts[language] += 1
                    break
        if not counts:
            return None
        best, many = counts.most_common(1)[0]
        if many < 0.4 * len(letters) or many < 2:
            return None
        if best == "zh" and counts.get("ja", 0):
            return "ja"
        seen = set(letters)
        if best == "ru" and seen & self._letters["uk"]:
            return "uk"
        if best == "ar":
            if seen & self._letters["ur"]:
                return "ur"
            if len(seen & self._letters["fa"]) >= 2:
                return "fa"
        return best
