"""Are these words plain? Short sentences, everyday words, a reading age, and no telephone number outside a region.

What is plain stands in knowledge/plain_words.yml; here it is only measured. Pure: text in, what to do about it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

Where = tuple[str | int, ...]  # the keys from the top of a file to a text

_NOT_WORDS = frozenset({"ask_in", "narrower_than", "when", "sources", "reviewed"})  # keys of ids, or for clinicians
_THEIR_OWN = frozenset({"heard_as", "asked_as"})  # people's own words, as they type them
_ORDINARY = "xxxxx"  # a blank or a term people need counts as a word of ordinary length

_ABBREVIATIONS = frozenset("e.g. i.e. etc. vs. approx. dr. mr. mrs. ms. prof. st. no. a.m. p.m.".split())
_STOP = re.compile(r"[.!?…]+[\"'”’)]*(?=\s|$)")
_BLANK = re.compile(r"\{\w*\}")
_WORD = re.compile(r"[^\s—–/]*[^\W_][^\s—–/]*")
_LETTERS = re.compile(r"[^\W\d_]+")
_NO_LETTER = re.compile(r"[\W_]+")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_ID = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")

_UNIT = (
    r"(?:%|°|(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|times|people|steps?|m?g|kg|ml|litres?|liters?|"
    r"[ckm]?m|met(?:re|er)s?|miles?|yards?|degrees?|per)\b)"
)
_DIGITS = r"\d+(?:[ -]\d+)*"
_NUMBER = re.compile(rf"(?<![\w.,:+]){_DIGITS}(?![\d]|[.,:]\d)")
_MEASURED = re.compile(rf"(?:\s*(?:to|or|and|-|–)\s*\d+)*(?:\s+more)?\s*{_UNIT}", re.I)
_BEFORE_A_SHARE = re.compile(r"\d\s+(?:in|out of)\s+$")
_BEFORE_A_CALL = re.compile(r"\b(?:call|phone|ring|dial|text)(?:ing)?(?:\s+[a-z']+){0,2}\s*$", re.I)
_DIGIT = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_IN_WORDS = re.compile(rf"\b(?:(?:double|triple)[ -]{_DIGIT}|{_DIGIT}(?:[ ,-]+{_DIGIT}){{2,}})\b", re.I)


def sentences(text: str) -> list[str]:
    """The sentences of a text. A line of its own, such as a heading or an item of a list, is one without a stop too."""
    found = []
    for line in text.splitlines():
        start = 0
        for stop in _STOP.finditer(line):
            if not _ends_here(line, stop):
                continue
            found.append(line[start : stop.end()])
            start = stop.end()
        found.append(line[start:])
    return [one.strip() for one in found if _WORD.search(one)]


def _ends_here(line: str, stop: re.Match[str]) -> bool:
    """Whether this stop ends a sentence: not that of "e.g." or an initial, and not dots within one."""
    rest = line[stop.end() :].lstrip()
    if not rest or stop.group() != ".":
        return not (rest[:1].islower() and stop.group() in ("...", "…"))
    word = line[: stop.end()].rsplit(None, 1)[-1].lstrip("(\"'").casefold()
    return word not in _ABBREVIATIONS and not (len(word) == 2 and word[0].isalpha() and word != "i.")


def words(text: str) -> list[str]:
    """The words of a text; a blank such as {emergency}, a number or an abbreviation is one."""
    return _WORD.findall(text)


def service_number(text: str) -> str | None:
    """What looks like a number to call: 3 digits or more that measure nothing, 2 after "call", or said in words."""
    for found in _NUMBER.finditer(text):
        if _MEASURED.match(text, found.end()) or _BEFORE_A_SHARE.search(text, 0, found.start()):
            continue
        digits = sum(one.isdigit() for one in found.group())
        if digits > 2 or (digits == 2 and _BEFORE_A_CALL.search(text, 0, found.start())):
            return found.group()
    spoken = _IN_WORDS.search(text)
    return spoken.group() if spoken else None


class Measure(NamedTuple):
    """What the reading age rests on: how many words, letters (digits too) and sentences."""

    words: int
    letters: int
    sentences: int

    @property
    def age(self) -> float:
        """The grade of the Automated Readability Index (Senter and Smith 1967) plus 5 years."""
        if not self.words:
            return 0.0
        return 4.71 * self.letters / self.words + 0.5 * self.words / self.sentences - 21.43 + 5


@dataclass(frozen=True)
class PlainWords:
    """What plain means, from knowledge/plain_words.yml.

    `say` maps a hard word (or its beginning and a star) to what to say instead; `terms` are names people need;
    `not_shown` are the sections that only clinicians read.
    """

    longest_sentence: int
    longest_word: int
    reading_age: float
    judged_from: int
    say: Mapping[str, str]
    terms: frozenset[str]
    not_shown: frozenset[str] = frozenset()

    def measure(self, text: str) -> Measure:
        """Count words, letters and sentences; a blank and a term have the letters of an ordinary word."""
        bare = _BLANK.sub(_ORDINARY, text) if "{" in text else text
        if any(map(bare.casefold().__contains__, self.terms)):
            bare = self._any_term.sub(_ORDINARY, bare)
        return Measure(len(words(text)), len(_NO_LETTER.sub("", bare)), len(sentences(text)))

    def faults(self, text: str, explained: str = "", measure: Measure | None = None) -> Iterator[str]:
        """What is not plain, and what to do about it. Hard words that stand in `explained` too are let be."""
        measure = measure or self.measure(text)
        if measure.words > self.longest_sentence:
            for sentence in sentences(text):
                length = len(words(sentence))
                if length > self.longest_sentence:
                    yield (
                        f"a sentence of {length} words ('{_beginning(sentence)}'); "
                        f"make two of it, {self.longest_sentence} words each at most"
                    )
        if self.is_too_old(measure):
            yield f"'{_beginning(text)}' {self.lower(measure)}"
        yield from self._hard_words(text, explained)

    def is_too_old(self, measure: Measure) -> bool:
        """Whether the reading age is too high, and the text long enough to tell."""
        return measure.words >= self.judged_from and measure.age > self.reading_age

    def lower(self, measure: Measure) -> str:
        """How high the reading age is, and what to do about it."""
        return (
            f"reads at the age of {measure.age:.1f}; "
            f"use shorter sentences and shorter words until it is {self.reading_age:g} at most"
        )

    @cached_property
    def _any_term(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, self.terms))})\b", re.I)

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        return tuple(key[:-1] for key in self.say if key.endswith("*"))

    @cached_property
    def _found_easy(self) -> set[str]:
        return set(self.terms)  # and what was looked up since: the same few words make up most texts

    def _hard_words(self, text: str, explained: str) -> Iterator[str]:
        bare = _BLANK.sub(" ", text).casefold()
        for word in sorted(set(_LETTERS.findall(bare)) - self._found_easy):
            instead = self._instead(word)
            if instead is None and len(word) <= self.longest_word:
                self._found_easy.add(word)
                continue
            if word in explained.casefold() or not _is_unexplained(word, bare):
                continue
            if instead is not None:
                yield f"say '{instead}' instead of '{word}', or explain it in brackets right after it"
            else:
                yield (
                    f"'{word}' has {len(word)} letters; say it in words of at most {self.longest_word}, "
                    "or add it to the terms of plain_words.yml if it is a name people need"
                )

    def _instead(self, word: str) -> str | None:
        if word in self.say:
            return self.say[word]
        if not word.startswith(self._beginnings):
            return None
        return next(self.say[one + "*"] for one in self._beginnings if word.startswith(one))


def _is_unexplained(word: str, text: str) -> bool:
    """Whether a hard word stands alone: not before brackets, not in them, and not after "called"."""
    return re.search(rf"(?<!called )\b{word}\b(?!\s*\(\))", _IN_BRACKETS.sub("()", text)) is not None


def _beginning(text: str) -> str:
    first = text.split()
    return " ".join(first[:6]) + (" ..." if len(first) > 6 else "")


def shown_texts(entries: Any, path: Where = ()) -> Iterator[tuple[Where, str]]:
    """Every text below `path` that people may be shown, with the keys that lead to it.

    All text counts, whatever its key, so that a new field is checked from its first day. Left out are ids, conditions,
    what a clinician reads (sources, reviewed), and people's own words.
    """
    if isinstance(entries, str):
        if not _ID.fullmatch(entries):
            yield path, entries
    elif isinstance(entries, dict):
        for key, below in entries.items():
            is_condition = key == "for" and path[:1] == ("advice",)
            if key not in _NOT_WORDS and key not in _THEIR_OWN and not is_condition:
                yield from shown_texts(below, (*path, key))
    elif isinstance(entries, list):
        for index, below in enumerate(entries):
            yield from shown_texts(below, (*path, index))


def faults_of_file(read: Mapping[str, Any], plain: PlainWords, is_region: bool) -> Iterator[tuple[Where, str]]:
    """What people are shown of one file of the knowledge and is not plain: where, and what to do about it.

    The reading age of short texts is judged too: by all the texts of their entry together.
    """
    for section, entries in read.items():
        if section in plain.not_shown:
            continue
        of_entry: dict[Where, list[Measure]] = {}
        for path, text in shown_texts(entries, (section,)):
            measure = plain.measure(text)
            of_entry.setdefault(path[:2], []).append(measure)
            for says in plain.faults(text, _asked(entries, path) if section == "answers" else "", measure):
                yield path, says
            number = None if is_region else service_number(text)
            if number:
                says = f"'{number}' looks like a number to call, without a region; keep it in regions/, "
                yield path, says + "and write {emergency}, {urgent} or {crisis} here"
        for path, measures in of_entry.items():
            together = Measure(*map(sum, zip(*measures, strict=True)))
            if len(measures) > 1 and plain.is_too_old(together):
                yield path, f"'{path[-1]}' with all its texts {plain.lower(together)}"


def _asked(answers: Any, path: Where) -> str:
    """The title of the answer that `path` leads into."""
    answer = answers[path[1]] if len(path) > 1 else None
    return str(answer.get("title", "")) if isinstance(answer, dict) else ""
