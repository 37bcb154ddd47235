"""The lexicon: for every finding the ways people say it, kept in lexicon/<area>.yml and matched here.

An entry may hold `hear` (said so), `maybe` (too loose to be sure: heard as uncertain), `absent` (the words themselves
say it isn't so, "my bladder is fine"), `unless` (look-alikes: what overlaps one is not heard) and `yields_to`
(findings that say it more exactly: what overlaps one of theirs is not heard as well).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sciatriage.hearing.notation import Index, Notation, NotationError, Pattern
from sciatriage.hearing.reading import Reading

KINDS = ("hear", "maybe", "absent", "unless")
LABEL = "label"
HEARD_AS = "heard_as"
NEGATORS = frozenset(
    """no not never without isnt arent wasnt dont doesnt didnt havent hasnt cant couldnt wont barely hardly unable
    nor""".split()
)
_EVERYWHERE = "everywhere"  # look-alikes of every finding (lexicon/lookalikes.yml)


@dataclass(frozen=True)
class Sighting:
    """A pattern that matched: tokens `first` to before `stop`; `kind` is hear, maybe or absent.

    `words` are those the pattern names; `pattern` is the pattern itself.
    """

    finding: str
    kind: str
    first: int
    stop: int
    by: str
    words: frozenset[str] = frozenset()
    pattern: Pattern | None = field(default=None, compare=False)

    def owns(self, reading: Reading, first: int, stop: int) -> bool:
        """Whether tokens in the span are words of the finding ("no strength"), not in a gap ("leg isn't weak").

        They are its own where the pattern no longer matches without them.
        """
        stems = {t.stem for t in reading.tokens[first:stop]}
        if self.pattern is None or not stems <= self.words:
            return False
        rest = (*reading.tokens[self.first : first], *reading.tokens[stop : self.stop])
        return not self.pattern.covers("".join(" " + t.stem for t in rest) + " ")


def load_yaml(path: Path) -> Any:
    """One data file; ruamel's safe reader refuses a key given twice."""
    return YAML(typ="safe", pure=False).load(path.read_text(encoding="utf-8"))


def lines_of(block: str | None) -> list[str]:
    """The lines of a block, without comments and empty ones."""
    lines = (line.split(" #")[0].strip() for line in (block or "").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


class Lexicon:
    """All patterns of all findings."""

    def __init__(self, folder: Path, notation: Notation) -> None:
        self._index: Index[tuple[str, str, str]] = Index()
        self._yields: dict[str, frozenset[str]] = {}
        self.counts: dict[str, int] = {}
        for path in sorted(folder.glob("*.yml")):
            if path.name != "classes.yml":
                self._add_area(path, notation)

    @property
    def findings(self) -> frozenset[str]:
        return frozenset(self.counts)

    def _add_area(self, path: Path, notation: Notation) -> None:
        area: Mapping[str, Mapping[str, Any]] = load_yaml(path)
        for finding, entry in area.items():
            odd = set(entry) - {*KINDS, "yields_to"}
            if odd:
                raise NotationError(f"{path.name}: {finding} has {sorted(odd)}; known are {KINDS} and yields_to")
            self._yields[finding] = frozenset(entry.get("yields_to", ()))
            for kind in KINDS:
                for source in lines_of(entry.get(kind)):
                    self._add(finding, kind, source, path.name, notation)

    def _add(self, finding: str, kind: str, source: str, where: str, notation: Notation) -> None:
        try:
            pattern = notation.compile(source)
        except NotationError as error:
            raise NotationError(f"{where}: {finding}: {error}") from None
        if kind != "unless" and not pattern.needs:
            raise NotationError(f"{where}: {finding}: {source!r} would match nothing at all")
        self._index.add(pattern, (finding, kind, source))
        if kind == "hear":
            self.counts[finding] = self.counts.get(finding, 0) + 1

    def add_sentences(self, finding: str, sentences: Iterable[Reading], origin: str) -> None:
        """Whole sentences (a finding's `heard_as`, its `label`), as patterns of their own words."""
        for reading in sentences:
            pattern = Notation.sentence(reading)
            if pattern is not None:
                self._index.add(pattern, (finding, "hear", f"{origin}: {pattern.source}"))
                self.counts[finding] = self.counts.get(finding, 0) + 1

    def search(self, reading: Reading, only: frozenset[str] | None = None) -> list[Sighting]:
        """What is said in a reading, each finding's overlapping matches merged into the longest."""
        found: list[Sighting] = []
        barred: dict[str, list[tuple[int, int]]] = {}
        for pattern, label in self._index.candidates(reading.stems):
            finding, kind, source = label
            if only is not None and finding not in only and finding != _EVERYWHERE:
                continue
            for first, stop in pattern.find(reading):
                if kind == "unless":
                    barred.setdefault(finding, []).append((first, stop))
                else:
                    found.append(Sighting(finding, kind, first, stop, source, pattern.words, pattern))
        everywhere = barred.get(_EVERYWHERE, [])
        found = [s for s in found if not _touches(s, everywhere)]
        # (what says that all is well needs no guard: "ok when I walk")
        found = [
            s
            for s in found
            # nor does a sentence of the knowledge's own
            if s.kind == "absent" or s.by.startswith(HEARD_AS) or not _touches(s, barred.get(s.finding, []))
        ]
        # "the numbness never goes away" is no "goes away"
        found = [s for s in found if s.kind != "absent" or not _is_turned_round(s, reading)]
        # "bladder fine bowel leaking": "fine" belongs to what stands before it
        hear = [s for s in found if s.kind == "hear"]
        found = [
            s
            for s in found
            if s.kind != "absent" or reading.tokens[s.first].stem in NEGATORS or not any(_runs_on(s, h) for h in hear)
        ]
        return self._settle(found)

    def _settle(self, found: list[Sighting]) -> list[Sighting]:
        # an option's label, repeated as the answer, names its own finding and no other
        labels: list[Sighting] = []
        for label in sorted((s for s in found if s.by.startswith(LABEL)), key=lambda s: s.first - s.stop):
            if not any(_overlap(label, longer) for longer in labels):
                labels.append(label)
        found = [s for s in found if s in labels or not any(_within(s, label) for label in labels)]
        kept: list[Sighting] = []
        # sure words win over loose ones, then the longer match
        for sighting in sorted(found, key=lambda s: (s.kind == "maybe", -(s.stop - s.first), s.first)):
            rivals = [k for k in kept if k.finding == sighting.finding and _overlap(k, sighting)]
            # "not able to stand": what begins earlier has the "not" in it
            late = [k for k in rivals if k.kind == "absent" and sighting.kind == "hear" and sighting.first < k.first]
            if len(late) == len(rivals):
                kept = [k for k in kept if k not in late]
                kept.append(sighting)
        spans: dict[str, list[tuple[int, int]]] = {}
        for sighting in (k for k in kept if k.kind != "maybe"):
            spans.setdefault(sighting.finding, []).append((sighting.first, sighting.stop))
        kept = [
            s for s in kept if not any(_touches(s, spans.get(other, [])) for other in self._yields.get(s.finding, ()))
        ]
        return sorted(kept, key=lambda s: (s.first, s.stop, s.finding))


def _is_turned_round(seen: Sighting, reading: Reading) -> bool:
    """Whether a negation stands in a gap of what would say that all is well."""
    places = (i for i in range(seen.first + 1, seen.stop) if reading.tokens[i].stem in NEGATORS)
    return any(not seen.owns(reading, place, place + 1) for place in places)


def _runs_on(well: Sighting, ill: Sighting) -> bool:
    """Whether what would say that all is well ends in the beginning of what says that it isn't."""
    return well.finding == ill.finding and well.first < ill.first == well.stop - 1 < ill.stop - 1


def _overlap(one: Sighting, two: Sighting) -> bool:
    return one.first < two.stop and two.first < one.stop


def _within(one: Sighting, two: Sighting) -> bool:
    return two.first <= one.first and one.stop <= two.stop


def _touches(sighting: Sighting, spans: list[tuple[int, int]]) -> bool:
    return any(sighting.first < stop and first < sighting.stop for first, stop in spans)
