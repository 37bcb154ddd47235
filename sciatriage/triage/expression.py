"""Three-valued conditions: what a rule's `when` says, and how far the open answers could still move it.

A condition is never a bool. Its truth is NO, UNSURE or YES (Kleene's logic: all is the least, any is the most), and
it is worked out three times at once, as a `Span`: at the least the open answers allow, as it counts now, and at the
most. A question is worth asking only while the least and the most differ.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol


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


NO = Span(Truth.NO, Truth.NO, Truth.NO)
UNSURE = Span(Truth.UNSURE, Truth.UNSURE, Truth.UNSURE)
YES = Span(Truth.YES, Truth.YES, Truth.YES)
NOT_ASKED = Span(Truth.NO, Truth.NO, Truth.YES)
UNSURE_TO_ASK_AGAIN = Span(Truth.NO, Truth.UNSURE, Truth.YES)

_FLIPPED = {Truth.NO: Truth.YES, Truth.UNSURE: Truth.UNSURE, Truth.YES: Truth.NO}


class Facts(Protocol):
    """What a condition asks of a case."""

    def finding(self, finding: str) -> Span:
        """The truth of a finding."""

    def value(self, value: str) -> float | str | None:
        """A value that was told; None where it was asked and the person can't tell; KeyError where not asked."""

    def definition(self, name: str) -> Span:
        """The truth of a named definition."""


class Condition(Protocol):
    """One node of a `when`."""

    def span(self, facts: Facts) -> Span:
        """Its truth for these facts."""

    def leaves(self) -> Iterator[Leaf]:
        """The findings, values and definitions it names."""


@dataclass(frozen=True)
class Leaf:
    """A name that a condition rests on: kind is finding, value or definition."""

    kind: str
    id: str


@dataclass(frozen=True)
class IsFinding:
    """True as the finding is."""

    id: str

    def span(self, facts: Facts) -> Span:
        return facts.finding(self.id)

    def leaves(self) -> Iterator[Leaf]:
        yield Leaf("finding", self.id)


@dataclass(frozen=True)
class IsDefinition:
    """True as the named definition is."""

    id: str

    def span(self, facts: Facts) -> Span:
        return facts.definition(self.id)

    def leaves(self) -> Iterator[Leaf]:
        yield Leaf("definition", self.id)


@dataclass(frozen=True)
class All:
    """The least true of its parts."""

    parts: tuple[Condition, ...]

    def span(self, facts: Facts) -> Span:
        low = now = high = Truth.YES
        for part in self.parts:
            span = part.span(facts)
            low, now, high = min(low, span.low), min(now, span.now), min(high, span.high)
            if high is Truth.NO:
                return NO
        return Span(low, now, high)

    def leaves(self) -> Iterator[Leaf]:
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True)
class AnyOf:
    """The most true of its parts."""

    parts: tuple[Condition, ...]

    def span(self, facts: Facts) -> Span:
        low = now = high = Truth.NO
        for part in self.parts:
            span = part.span(facts)
            low, now, high = max(low, span.low), max(now, span.now), max(high, span.high)
            if low is Truth.YES:
                return YES
        return Span(low, now, high)

    def leaves(self) -> Iterator[Leaf]:
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True)
class Not:
    """Yes where its part is no, and the other way round; unsure stays unsure."""

    part: Condition

    def span(self, facts: Facts) -> Span:
        span = self.part.span(facts)
        return Span(_FLIPPED[span.high], _FLIPPED[span.now], _FLIPPED[span.low])

    def leaves(self) -> Iterator[Leaf]:
        return self.part.leaves()


@dataclass(frozen=True)
class Lifted:
    """`maybe` takes unsure as yes, `sure` takes it as no."""

    part: Condition
    unsure_as: Truth

    def span(self, facts: Facts) -> Span:
        span = self.part.span(facts)
        return Span(self._lift(span.low), self._lift(span.now), self._lift(span.high))

    def _lift(self, truth: Truth) -> Truth:
        return self.unsure_as if truth is Truth.UNSURE else truth

    def leaves(self) -> Iterator[Leaf]:
        return self.part.leaves()


@dataclass(frozen=True)
class Told:
    """As its part is now; what was not asked is no, and not a question to ask."""

    part: Condition

    def span(self, facts: Facts) -> Span:
        now = self.part.span(facts).now
        return Span(now, now, now)

    def leaves(self) -> Iterator[Leaf]:
        return self.part.leaves()


@dataclass(frozen=True)
class HasValue:
    """Compares a value. `unknown` counts where the person can't tell, `not_asked` where it wasn't asked."""

    value: str
    test: Callable[[float | str], bool]
    says: str
    unknown: Truth
    not_asked: Truth

    def span(self, facts: Facts) -> Span:
        try:
            told = facts.value(self.value)
        except KeyError:
            return Span(Truth.NO, self.not_asked, Truth.YES)
        if told is None:
            return Span(self.unknown, self.unknown, self.unknown)
        return YES if self.test(told) else NO

    def leaves(self) -> Iterator[Leaf]:
        yield Leaf("value", self.value)


def open_leaves(condition: Condition, facts: Facts, definitions: Mapping[str, Condition]) -> Iterator[Leaf]:
    """The findings and values, still open, whose answer could move this condition."""
    if not condition.span(facts).open:
        return
    if isinstance(condition, (All, AnyOf)):
        for part in condition.parts:
            yield from open_leaves(part, facts, definitions)
    elif isinstance(condition, (Not, Lifted)):
        yield from open_leaves(condition.part, facts, definitions)
    elif isinstance(condition, IsDefinition):
        yield from open_leaves(definitions[condition.id], facts, definitions)
    else:
        yield from condition.leaves()


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


_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
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
    says = f"{value} {operator.replace('_', ' ')} {limit}"
    if operator == "is":
        allowed = [str(one) for one in limit] if isinstance(limit, list) else [str(limit)]
        return HasValue(value, lambda told: str(told) in allowed, says, unknown, not_asked)
    compare = _COMPARISONS.get(operator)
    if compare is None or not isinstance(limit, (int, float)):
        raise ConditionError(f"'{operator}: {limit}' is unknown; use at_most, at_least, over or under with a number")
    number = float(limit)
    return HasValue(value, lambda told: compare(float(told), number), says, unknown, not_asked)


def _read_truth(written: object) -> Truth:
    # YAML 1.2 reads a bare yes or no as words, YAML 1.1 as true and false: both mean the same to a clinician.
    words = {"yes": Truth.YES, "no": Truth.NO, "true": Truth.YES, "false": Truth.NO}
    if isinstance(written, Truth):
        return written
    try:
        return words[str(written).lower()]
    except KeyError:
        raise ConditionError(f"'unknown' and 'not_asked' are yes or no, not {written!r}") from None
