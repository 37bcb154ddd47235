"""What a question is about: the answer (knowledge/answers) whose `asked_as` it resembles most."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sciatriage.hearing.reading import Reader, Reading

if TYPE_CHECKING:
    from sciatriage.triage.knowledge import Knowledge

_ENOUGH = 0.6  # share of the words' weight that has to be the same
_SMALL = frozenset(
    "a an the is are am i my me do does did can could will would should it to of for in on be have you what how".split()
)


class Topics:
    """Compares by shared words, rarer words weighing more."""

    def __init__(self, reader: Reader, knowledge: Knowledge | None) -> None:
        self._asked: list[tuple[str, frozenset[str]]] = []
        for topic, answer in knowledge.answers.items() if knowledge is not None else ():
            for sentence in (*answer.asked_as, answer.title):
                self._asked.append((topic, _content(reader.read(sentence))))
        self._weight: dict[str, float] = {}
        for _, stems in self._asked:
            for stem in stems:
                self._weight[stem] = self._weight.get(stem, 0.0) + 1.0
        many = max(1, len(self._asked))
        self._weight = {
            stem: (0.3 if stem in _SMALL else 1.0) * math.log(1 + many / n) for stem, n in self._weight.items()
        }
        self._unknown = math.log(1 + many) if many else 1.0

    def topic(self, reading: Reading) -> str | None:
        """The id of the answer asked for, or None."""
        if not self._asked or len(reading.tokens) > 40:
            return None
        said = _content(reading)
        best, best_score = None, 0.0
        for topic, stems in self._asked:
            shared = sum(self._weight[s] for s in stems & said)
            total = sum(self._weight[s] for s in stems) + 0.5 * sum(self._of(s) for s in said - stems)
            score = shared / total if total else 0.0
            if score > best_score:
                best, best_score = topic, score
        return best if best_score >= _ENOUGH else None

    def _of(self, stem: str) -> float:
        return 0.2 if stem in _SMALL else self._weight.get(stem, 0.6 * self._unknown)


def _content(reading: Reading) -> frozenset[str]:
    return frozenset(t.stem for t in reading.tokens if t.stem[0].isalnum())
