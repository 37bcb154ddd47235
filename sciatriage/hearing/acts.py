"""The dialogue act of a message: what the person does by it (answers, asks back, goes back, stops), from acts.yml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sciatriage.hearing.lexicon import NEGATORS, lines_of
from sciatriage.hearing.notation import Index, Notation
from sciatriage.hearing.reading import Reading
from sciatriage.triage.vocabulary import Act

_LONG = 25  # a message longer than this tells something, whatever it says besides
_ANSWERS = (Act.UNSURE, Act.NONE_OF_THESE, Act.DENY, Act.AFFIRM)
# Where a message is several things at once, the first of these it is counts.
_COMMANDS = (
    Act.STOP, Act.START_AGAIN, Act.GO_BACK, Act.ASK_SUMMARY, Act.ASK_HUMAN, Act.ASK_CHANGE, Act.ASK_URGENT,
    Act.ASK_WHY, Act.ASK_MEANING, Act.SKIP,
)  # fmt: skip
# What is told besides counts for more than these.
_ASIDE = (Act.ASK_WHY, Act.ASK_CHANGE, Act.ASK_MEANING, Act.SKIP)


class Acts:
    """Recognises acts."""

    def __init__(self, rules: Mapping[str, Any], notation: Notation) -> None:
        self._fillers = frozenset(notation.stem(str(word)) for word in rules["fillers"])
        self._whole = _index(rules["whole"], notation)
        self._opens = _index(rules["opens"], notation)
        self._anywhere = _index(rules["anywhere"], notation)
        self._question = _index({Act.ASK_QUESTION.value: rules["question"]}, notation)

    def act(self, reading: Reading, told: bool) -> Act:
        """The act. `told`: findings were heard in the message."""
        plain = [t.stem for t in reading.tokens if t.stem[0].isalnum()]
        if not plain:
            return Act.TELL
        if not told:
            whole = self._whole_act(plain, reading)
            if whole is not None:
                return whole
        if len(plain) <= _LONG:
            command = self._first(self._found(self._anywhere, reading), _COMMANDS)
            if command is not None and not (told and command in _ASIDE):
                return command
        opening = self._opening(plain, reading)
        if opening in _ANSWERS or (opening is Act.SKIP and not told):
            return opening
        if not told:
            if self.asks(reading):
                return Act.ASK_QUESTION
            if opening is Act.THANKS and len(plain) < 12:
                return Act.THANKS
            if opening is Act.GREET and len(plain) < 5:
                return Act.GREET
        return Act.TELL

    def asks(self, reading: Reading) -> bool:
        """Whether the message asks something: a sentence that begins as questions do, or ends in a question mark."""
        if any(t.stem == "?" for t in reading.tokens):
            return True
        starts = [0, *(i + 1 for i, t in enumerate(reading.tokens) if t.stem in ".!,;")]
        for start in starts:
            if [t.word for t in reading.tokens[start : start + 1]] == ["done"]:
                continue  # (its stem is that of "do")
            stems = [t.stem for t in reading.tokens[start:] if t.stem[0].isalnum()]
            for line in self._unfilled(stems):
                if any(p.opens(line) for p, _ in self._question.candidates(reading.stems)):
                    return True
        return False

    def _whole_act(self, plain: list[str], reading: Reading) -> Act | None:
        if len(plain) > _LONG:
            return None
        candidates = list(self._whole.candidates(reading.stems))
        for line in self._unfilled(plain):
            acts = [act for pattern, act in candidates if pattern.covers(line)]
            if acts:
                return self._first(acts, (*_COMMANDS, *_ANSWERS, Act.THANKS, Act.GREET))
        return None

    def _opening(self, plain: list[str], reading: Reading) -> Act | None:
        candidates = list(self._opens.candidates(reading.stems))
        for line in self._unfilled(plain)[:2]:
            reaches = [(pattern.opens(line), act) for pattern, act in candidates]
            reaches = [(reach, act) for reach, act in reaches if reach]
            if reaches:
                furthest = max(reach for reach, _ in reaches)
                found = self._first([act for reach, act in reaches if reach == furthest], tuple(Act))
                # "no numbness" tells of a finding denied; "no, ..." and "no I ..." answer
                return None if found is Act.DENY and not _answers(reading, self._fillers) else found
        return None

    def _found(self, index: Index[Act], reading: Reading) -> list[Act]:
        return [
            act for pattern, act in index.candidates(reading.stems) if next(pattern.find(reading), None) is not None
        ]

    @staticmethod
    def _first(found: Iterable[Act], order: tuple[Act, ...]) -> Act | None:
        acts = set(found)
        return next((act for act in order if act in acts), None)

    def _unfilled(self, plain: list[str]) -> list[str]:
        """The line as it is, without fillers before it, and without fillers around it."""
        first, last = 0, len(plain)
        while first < last - 1 and plain[first] in self._fillers:
            first += 1
        # ("I am not well": there the last word is no filler)
        while last > first + 1 and plain[last - 1] in self._fillers and plain[last - 2] not in NEGATORS:
            last -= 1
        return [
            "".join(" " + w for w in words) + " " for words in (plain, plain[first:], plain[first:last], plain[:last])
        ]


def _answers(reading: Reading, fillers: frozenset[str]) -> bool:
    """Whether an opening "no" is an answer of its own, not the first word of "no numbness"."""
    stems = [t.stem for t in reading.tokens]
    while len(stems) > 1 and (stems[0] in fillers or stems[0] in ",."):
        stems = stems[1:]
    if stems[0] not in ("no", "not") or len(stems) < 2:
        return True
    if stems[0] == "not":
        return True
    return not stems[1].isalnum() or stems[1] in _AFTER_A_NO


_AFTER_A_NO = frozenset(
    "i it he she they we but my the just only not nothing never none because although and that there dont havent thank "
    "this well actually sorry so".split()
)


def _index(rules: Mapping[str, str], notation: Notation) -> Index[Act]:
    index: Index[Act] = Index()
    for name, block in rules.items():
        for source in lines_of(block):
            index.add(notation.compile(source), Act(name))
    return index
