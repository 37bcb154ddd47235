"""Three-valued conditions: what a rule's `when` says, and how far the open answers could still move it.

A condition is never a bool. Its truth is NO, UNSURE or YES (Kleene's logic: all is the least, any is the most), and
it is worked out three times at once, as a `Span`: at the least the open answers allow, as it counts now, and at the
most. A question is worth asking only while the least and the most differ.

Inside, a span is six bits: two a lane (NO 00, UNSURE 01, YES 11), the lanes low, now, high from the right. With that
code the least of several is a plain `&` and the most is a plain `|`, on all three lanes at once.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol


class Truth(enum.IntEnum):
    """How true a condition is."""

    NO = 0
    UNSURE = 1
    YES = 2


@dataclass(frozen=True)
class Span:
    """A condition's truth at the least, as it counts now, and at the most, given the answers still open."""

    low: Truth
    now: Truth
    high: Truth

    @property
    def open(self) -> bool:
        """Whether an answer that is still open could change it."""
        return self.low != self.high

    @property
    def bits(self) -> int:
        """The six bits that the conditions reckon with."""
        return _LANE[self.low] | _LANE[self.now] << 2 | _LANE[self.high] << 4


_LANE = {Truth.NO: 0b00, Truth.UNSURE: 0b01, Truth.YES: 0b11}
_FLIPPED = {Truth.NO: Truth.YES, Truth.UNSURE: Truth.UNSURE, Truth.YES: Truth.NO}
_ALL_NO, _ALL_YES = 0, 0b111111
NOW = NOW_YES = 0b001100  # the lane of how it counts now

# Every span there can be, by its bits. A condition can't be less true at the most than it is now.
SPANS: Mapping[int, Span] = {
    span.bits: span for low in Truth for now in Truth for high in Truth if (span := Span(low, now, high))
}
IS_OPEN: tuple[bool, ...] = tuple(bits in SPANS and SPANS[bits].open for bits in range(64))

NO = SPANS[_ALL_NO]
YES = SPANS[_ALL_YES]
UNSURE = SPANS[Span(Truth.UNSURE, Truth.UNSURE, Truth.UNSURE).bits]
NOT_ASKED = SPANS[Span(Truth.NO, Truth.NO, Truth.YES).bits]
UNSURE_TO_ASK_AGAIN = SPANS[Span(Truth.NO, Truth.UNSURE, Truth.YES).bits]


def _table(change: Callable[[Span], Span]) -> tuple[int, ...]:
    """What `change` makes of each span, by bits; codes that are no span give 0 and are never looked up."""
    return tuple(change(SPANS[bits]).bits if bits in SPANS else 0 for bits in range(64))


def _lift(truth: Truth, unsure_as: Truth) -> Truth:
    return unsure_as if truth is Truth.UNSURE else truth


_NOT = _table(lambda span: Span(_FLIPPED[span.high], _FLIPPED[span.now], _FLIPPED[span.low]))
_TOLD = _table(lambda span: Span(span.now, span.now, span.now))
_LIFTED = {
    unsure_as: _table(
        lambda span, unsure_as=unsure_as: Span(  # type: ignore[misc]
            _lift(span.low, unsure_as), _lift(span.now, unsure_as), _lift(span.high, unsure_as)
        )
    )
    for unsure_as in (Truth.YES, Truth.NO)
}


# A value of this name is the side that was said of one finding, such as side_of_calf_swelling; it is never asked.
SIDE_OF = "side_of_"


class Facts(Protocol):
    """What a condition asks of a case.

    `known` gives the span of a finding or a definition by its id, as bits; `values` the values that were told (None
    where one was asked and the person can't tell; not there where it wasn't asked).
    """

    @property
    def known(self) -> Mapping[str, int]: ...

    @property
    def values(self) -> Mapping[str, float | str | None]: ...


class Leaf(NamedTuple):
    """A name that a condition rests on: kind is finding, value or definition."""

    kind: str
    id: str


class Condition:
    """One node of a `when`."""

    def bits(self, facts: Facts) -> int:
        """Its span for these facts, as six bits."""
        raise NotImplementedError

    def leaves(self) -> Iterator[Leaf]:
        """The findings, values and definitions it names."""
        raise NotImplementedError

    def gather_open(self, facts: Facts, definitions: Mapping[str, Condition], found: list[Leaf]) -> None:
        """Add the findings and values, still open, whose answer could move it; one may come twice."""
        if IS_OPEN[self.bits(facts)]:
            found.extend(self.leaves())

    def span(self, facts: Facts) -> Span:
        """Its span for these facts."""
        return SPANS[self.bits(facts)]


@dataclass(frozen=True)
class IsFinding(Condition):
    """True as the finding is."""

    id: str

    def bits(self, facts: Facts) -> int:
        return facts.known[self.id]

    @cached_property
    def leaf(self) -> Leaf:
        """Its name."""
        return Leaf("finding", self.id)

    def leaves(self) -> Iterator[Leaf]:
        yield self.leaf

    def gather_open(self, facts: Facts, definitions: Mapping[str, Condition], found: list[Leaf]) -> None:
        if IS_OPEN[facts.known[self.id]]:
            found.append(self.leaf)


@dataclass(frozen=True)
class IsDefinition(Condition):
    """True as the named definition is."""

    id: str

    def bits(self, facts: Facts) -> int:
        return facts.known[self.id]

    def leaves(self) -> Iterator[Leaf]:
        yield Leaf("definition", self.id)

    def gather_open(self, facts: Facts, definitions: Mapping[str, Condition], found: list[Leaf]) -> None:
        if IS_OPEN[facts.known[self.id]]:
            definitions[self.id].gather_open(facts, definitions, found)


@dataclass(frozen=True)
class All(Condition):
    """The least true of its parts."""

    parts: tuple[Condition, ...]

    def bits(self, facts: Facts) -> int:
        bits = _ALL_YES
        for part in self.parts:
            bits &= part.bits(facts)
            if not bits:
                break  # no at the most: nothing makes it truer
        return bits

    def leaves(self) -> Iterator[Leaf]:
        for part in self.parts:
            yield from part.leaves()

    def gather_open(self, facts: Facts, definitions: Mapping[str, Condition], found: list[Leaf]) -> None:
        if IS_OPEN[self.bits(facts)]:
            for part in self.parts:
                part.gather_open(facts, definitions, found)


@dataclass(frozen=True)
class AnyOf(Condition):
    """The most true of its parts."""

    parts: tuple[Condition, ...]

    def bits(self, facts: Facts) -> int:
        bits = _ALL_NO
        for part in self.parts:
            bits |= part.bits(facts)
            if bits == _ALL_YES:
                break  # yes at the least: nothing makes it less true
        return bits

    def leaves(self) -> Iterator[Leaf]:
        for part in self.parts:
            yield from part.leaves()

    def gather_open(self, facts: Facts, definitions: Mapping[str, Condition], found: list[Leaf]) -> None:
        if IS_OPEN[self.bits(facts)]:
            for part in self.parts:
                part.gather_open(facts, definitions, found)


@dataclass(frozen=True)
class Not(Condition):
    """Yes where its part is no, and the other way round; unsure stays unsure."""

    part: Condition

    def bits(self, facts: Facts) -> int:
        return _NOT[self.part.bits(facts)]

    def leaves(self) -> Iterator[Leaf]:
        return self.part.leaves()

    def gather_open(self, facts: Facts, definitions: Mapping[str, Condition], found: list[Leaf]) -> None:
        if IS_OPEN[self.bits(facts)]:
            self.part.gather_open(facts, definitions, found)


@dataclass(frozen=True)
class Lifted(Condition):
    """`maybe` takes unsure as yes, `sure` takes it as no."""

    part: Condition
    unsure_as: Truth

    def bits(self, facts: Facts) -> int:
        return _LIFTED[self.unsure_as][self.part.bits(facts)]

    def leaves(self) -> Iterator[Leaf]:
        return self.part.leaves()

    def gather_open(self, facts: Facts, definitions: Mapping[str, Condition], found: list[Leaf]) -> None:
        if IS_OPEN[self.bits(facts)]:
            self.part.gather_open(facts, definitions, found)


@dataclass(frozen=True)
class Told(Condition):
    """As its part is now; what was not asked is no, and not a question to ask."""

    part: Condition

    def bits(self, facts: Facts) -> int:
        return _TOLD[self.part.bits(facts)]

    def leaves(self) -> Iterator[Leaf]:
        return self.part.leaves()


@dataclass(frozen=True)
class HasValue(Condition):
    """Compares a value by `operator` (at_most, at_least, over, under, is) with `limit`.

    `unknown` counts where the person can't tell, `not_asked` where it wasn't asked.
    """

    value: str
    operator: str
    limit: float | tuple[str, ...]
    unknown: Truth
    not_asked: Truth

    @property
    def says(self) -> str:
        """In plain words, such as "duration_days at most 14"."""
        limit = f"{self.limit:g}" if isinstance(self.limit, float) else " or ".join(self.limit)
        return f"{self.value} {self.operator.replace('_', ' ')} {limit}"

    def holds(self, told: float | str) -> bool:
        """Whether a value that was told meets it."""
        if isinstance(self.limit, tuple):
            return str(told) in self.limit
        return COMPARISONS[self.operator](float(told), self.limit)

    def bits(self, facts: Facts) -> int:
        if self.value not in facts.values:
            return _LANE[self.not_asked] << 2 | _LANE[Truth.YES] << 4
        told = facts.values[self.value]
        if told is None:
            return _ALL_YES if self.unknown is Truth.YES else _ALL_NO
        return _ALL_YES if self.holds(told) else _ALL_NO

    def leaves(self) -> Iterator[Leaf]:
        yield Leaf("value", self.value)


def open_leaves(condition: Condition, facts: Facts, definitions: Mapping[str, Condition]) -> list[Leaf]:
    """The findings and values, still open, whose answer could move this condition; one may come twice."""
    found: list[Leaf] = []
    condition.gather_open(facts, definitions, found)
    return found


def told_leaves(condition: Condition, facts: Facts, definitions: Mapping[str, Condition]) -> Iterator[Leaf]:
    """The findings and values that make this condition true or unsure now."""
    if condition.span(facts).now is Truth.NO:
        return
    if isinstance(condition, (All, AnyOf)):
        for part in condition.parts:
            yield from told_leaves(part, facts, definitions)
    elif isinstance(condition, (Lifted, Told)):
        yield from told_leaves(condition.part, facts, definitions)
    elif isinstance(condition, IsDefinition):
        yield from told_leaves(definitions[condition.id], facts, definitions)
    elif isinstance(condition, (IsFinding, HasValue)):
        yield from condition.leaves()


class ConditionError(ValueError):
    """A `when` that can't be read; the message says what is wrong and what is allowed."""


COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "at_most": lambda told, limit: told <= limit,
    "at_least": lambda told, limit: told >= limit,
    "over": lambda told, limit: told > limit,
    "under": lambda told, limit: told < limit,
}


def read_condition(written: object, findings: Mapping[str, object], definitions: Mapping[str, object]) -> Condition:
    """Build a condition from YAML, naming these findings and definitions. Raises ConditionError for anything else."""
    if isinstance(written, str):
        if written in findings:
            return IsFinding(written)
        if written in definitions:
            return IsDefinition(written)
        raise ConditionError(f"'{written}' is neither a finding nor a definition")
    if not isinstance(written, Mapping) or not written:
        raise ConditionError(f"a condition is an id or a map such as {{any: [...]}}, not {written!r}")
    if "value" in written:
        return _read_value(written)
    if len(written) != 1:
        raise ConditionError(f"one of all, any, not, maybe, sure at a time, not {', '.join(map(str, written))}")
    ((operator, inner),) = written.items()
    if operator in ("all", "any"):
        if not isinstance(inner, list) or not inner:
            raise ConditionError(f"'{operator}' needs a list of conditions")
        parts = tuple(read_condition(part, findings, definitions) for part in inner)
        return All(parts) if operator == "all" else AnyOf(parts)
    if operator == "not":
        return Not(read_condition(inner, findings, definitions))
    if operator in ("maybe", "sure"):
        part = read_condition(inner, findings, definitions)
        return Lifted(part, Truth.YES if operator == "maybe" else Truth.NO)
    if operator == "told":
        return Told(read_condition(inner, findings, definitions))
    raise ConditionError(f"'{operator}' is unknown here; use all, any, not, maybe, sure, told or value")


def _read_value(written: Mapping[str, object]) -> HasValue:
    value = str(written["value"])
    rest = {key: limit for key, limit in written.items() if key not in ("value", "unknown", "not_asked")}
    if len(rest) != 1:
        raise ConditionError(f"'value: {value}' needs one of at_most, at_least, over, under, is")
    ((operator, limit),) = rest.items()
    unknown = _read_truth(written.get("unknown", True))
    not_asked = _read_truth(written.get("not_asked", unknown))
    if operator == "is":
        allowed = tuple(map(str, limit)) if isinstance(limit, list) else (str(limit),)
        return HasValue(value, operator, allowed, unknown, not_asked)
    if operator not in COMPARISONS or not isinstance(limit, (int, float)):
        raise ConditionError(f"'{operator}: {limit}' is unknown; use at_most, at_least, over or under with a number")
    return HasValue(value, operator, float(limit), unknown, not_asked)


def _read_truth(written: object) -> Truth:
    # YAML 1.2 reads a bare yes or no as words, YAML 1.1 as true and false: both mean the same to a clinician.
    words = {"yes": Truth.YES, "no": Truth.NO, "true": Truth.YES, "false": Truth.NO}
    if isinstance(written, Truth):
        return written
    try:
        return words[str(written).lower()]
    except KeyError:
        raise ConditionError(f"'unknown' and 'not_asked' are yes or no, not {written!r}") from None
