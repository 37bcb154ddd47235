"""The small notation that the lexicon and the other data files are written in, compiled to regular expressions.

    lost [all] (control|feeling) of [my] <bladder>
    word        that word in any of its forms (stems are compared, so "lost" is also "lose" and "losing")
    (a|b c)     one of these            [a]   may be there       <name>  one of a named class of words (classes.yml)
    .. ... .... up to three, five, eight other words, within the clause
    a & b       both in one sentence, in either order

Each pattern knows words it can't do without, so that a message is only tried against patterns that could match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sciatriage.hearing.reading import Reading
from sciatriage.hearing.spelling import Stemmer

Label = TypeVar("Label")
_GAPS = {"..": 3, "...": 5, "....": 8}
# What a gap may hold: no turn of the sentence, and not the beginning of another statement ("cold and my calf ...").
_GAP_WORD = r"(?: (?!but )(?!however )(?!although )(?!and (?:my|i|it|he|she|they) )\w+)"
_ITEM = re.compile(r"\s*(\.{2,4}|[()\[\]|]|<[a-z_0-9]+>|[^\s()\[\]|<>]+)")


class NotationError(ValueError):
    """A pattern that can't be read."""


@dataclass
class Node:
    """A piece of a pattern: its regular expression, and words one of which it needs (None: it may be empty)."""

    regex: str
    needs: list[frozenset[str]] = field(default_factory=list)


class Pattern:
    """One compiled pattern. Compiling waits for the first message that could match."""

    __slots__ = ("_compiled", "_regexes", "needs", "source", "words")

    def __init__(self, source: str, parts: list[Node]) -> None:
        self.source = source
        self._regexes = [part.regex + "(?= )" for part in parts]
        self._compiled: list[re.Pattern[str]] | None = None
        # every word that it names, as against those that only stand in a gap of it
        self.words = frozenset(w for part in parts for w in re.findall(r"\w+", part.regex.replace("\\w", "")))
        # the rarest first: fewer words in a set make it rarer, and longer words are rarer than short ones
        self.needs = sorted((n for part in parts for n in part.needs), key=_commonness)

    def find(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Token spans (half open) where the pattern matches."""
        if self._compiled is None:
            self._compiled = [re.compile(regex) for regex in self._regexes]
        first = self._compiled[0]
        if len(self._compiled) == 1:
            for match in first.finditer(reading.line):
                yield reading.token_at(match.start()), reading.token_at(match.end() - 1) + 1
            return
        yield from self._together(reading)

    def opens(self, line: str) -> int:
        """How far into a line of stems the pattern reaches from its beginning; 0 where it doesn't match there."""
        self._compiled = self._compiled or [re.compile(regex) for regex in self._regexes]
        match = self._compiled[0].match(line)
        return match.end() if match else 0

    def covers(self, line: str) -> bool:
        """Whether the pattern is the whole of a line of stems."""
        return re.fullmatch(self._regexes[0] + " ", line) is not None

    def _together(self, reading: Reading) -> Iterator[tuple[int, int]]:
        assert self._compiled is not None
        found: dict[int, tuple[int, int]] = {}
        for number, regex in enumerate(self._compiled):
            spans: dict[int, tuple[int, int]] = {}
            for match in regex.finditer(reading.line):
                start, stop = reading.token_at(match.start()), reading.token_at(match.end() - 1) + 1
                sentence = reading.sentences[start]
                if number == 0:
                    spans.setdefault(sentence, (start, stop))
                elif sentence in found and sentence not in spans:
                    low, high = found[sentence]
                    if start >= high or stop <= low:
                        spans[sentence] = (min(low, start), max(high, stop))
            found = spans
        yield from found.values()


def _commonness(needed: frozenset[str]) -> float:
    return sum(1.0 / (len(word) ** 2) for word in needed)


class Notation:
    """Reads patterns, given the classes and how a word is brought to its stem."""

    def __init__(self, classes: Mapping[str, list[str]], stemmer: Stemmer, canonical: Callable[[str], str]) -> None:
        self._classes = classes
        self._stemmer = stemmer
        self._canonical = canonical
        self._ready: dict[str, Node] = {}
        self.vocabulary: set[str] = set()

    def compile(self, source: str) -> Pattern:
        """The pattern that a line of notation stands for."""
        return Pattern(source, [self._sequence_of(part) for part in source.split(" & ")])

    @staticmethod
    def sentence(reading: Reading) -> Pattern | None:
        """A sentence already read, as a pattern of its own words, commas aside; None where it has fewer than two."""
        stems = [token.stem for token in reading.tokens if token.stem[0].isalnum()]
        if len(stems) < 2:
            return None
        regex = "(?: [,;:.])?".join(" " + re.escape(stem) for stem in stems)
        return Pattern(" ".join(stems), [Node(regex, [frozenset([stem]) for stem in stems])])

    def _sequence_of(self, text: str) -> Node:
        items = []
        place = 0
        text = text.strip()
        while place < len(text):
            match = _ITEM.match(text, place)
            if match is None:
                raise NotationError(f"can't read {text!r} from character {place}")
            items.append(match.group(1))
            place = match.end()
        node, rest = self._alternatives(items, 0, text)
        if rest != len(items):
            raise NotationError(f"a bracket too many in {text!r}")
        return node

    def _alternatives(self, items: list[str], place: int, text: str) -> tuple[Node, int]:
        options: list[Node] = []
        while True:
            node, place = self._sequence(items, place, text)
            options.append(node)
            if place < len(items) and items[place] == "|":
                place += 1
                continue
            break
        if len(options) == 1:
            return options[0], place
        return either(options), place

    def _sequence(self, items: list[str], place: int, text: str) -> tuple[Node, int]:
        regex: list[str] = []
        needs: list[frozenset[str]] = []
        while place < len(items) and items[place] not in (")", "]", "|"):
            item = items[place]
            if item in ("(", "["):
                inner, place = self._alternatives(items, place + 1, text)
                closing = ")" if item == "(" else "]"
                if place >= len(items) or items[place] != closing:
                    raise NotationError(f"{closing!r} is missing in {text!r}")
                if item == "(":
                    regex.append(f"(?:{inner.regex})")
                    needs.extend(inner.needs)
                else:
                    regex.append(f"(?:{inner.regex})?")
            elif item in _GAPS:
                regex.append(f"{_GAP_WORD}{{0,{_GAPS[item]}}}?")
            elif item.startswith("<"):
                node = self._class(item[1:-1], text)
                regex.append(f"(?:{node.regex})")
                needs.extend(node.needs)
            else:
                for word in self._words(item):
                    regex.append(" " + re.escape(word))
                    needs.append(frozenset([word]))
            place += 1
        return Node("".join(regex), needs), place

    def _words(self, item: str) -> list[str]:
        word = item.replace("'", "").lower()
        if word.isalpha():
            self.vocabulary.add(word)
        return [self._stemmer.stem(part) for part in self._canonical(word).split()]

    def stem(self, word: str) -> str:
        """The stem of a word as it stands in a message's line."""
        return self._stemmer.stem(self._canonical(word))

    def _class(self, name: str, text: str) -> Node:
        if name not in self._ready:
            if name not in self._classes:
                raise NotationError(f"no class <{name}> (in {text!r})")
            self._ready[name] = either([self._sequence_of(str(option)) for option in self._classes[name]])
        return self._ready[name]


def either(options: list[Node]) -> Node:
    """One of several: needs a word of each option's rarest need; nothing where an option needs nothing."""
    regex = "|".join(dict.fromkeys(option.regex for option in options))
    if any(not option.needs for option in options):
        return Node(regex)
    rarest = [min(option.needs, key=_commonness) for option in options]
    return Node(f"(?:{regex})" if len(options) > 1 else regex, [frozenset().union(*rarest)])


class Index(Generic[Label]):
    """Patterns by the words they need; `candidates` gives those a message could match."""

    def __init__(self) -> None:
        self._by_word: dict[str, list[int]] = {}
        self._always: list[int] = []
        self._all: list[tuple[Pattern, Label]] = []

    def add(self, pattern: Pattern, label: Label) -> None:
        number = len(self._all)
        self._all.append((pattern, label))
        if not pattern.needs:
            self._always.append(number)
            return
        for word in pattern.needs[0]:
            self._by_word.setdefault(word, []).append(number)

    def candidates(self, stems: frozenset[str]) -> Iterator[tuple[Pattern, Label]]:
        numbers = set(self._always)
        for stem in stems:
            numbers.update(self._by_word.get(stem, ()))
        for number in sorted(numbers):
            pattern, label = self._all[number]
            if all(not stems.isdisjoint(needed) for needed in pattern.needs[1:]):
                yield pattern, label

    def __len__(self) -> int:
        return len(self._all)
