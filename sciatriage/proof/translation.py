"""The knowledge as circuits of and, or and not, over every possible state at once.

The same circuit is built of a solver's terms (z3: for all states) or of whole columns of bits (one bit a state: for
hundreds of thousands of states that the engine is run on as well), since all it uses of a bit is `&`, `|` and `~`.
This is written anew from the meaning in knowledge/README.md, and shares no code with the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple, Protocol

from sciatriage.proof.raw import RawKnowledge

Bit = Any  # a z3 term, or an int with one bit a state
SIDE_OF = "side_of_"  # a value of this name is the side that was said of a finding
LEVELS = ("self_care", "see_clinician_soon", "urgent_same_day", "emergency_now")  # above out of scope


class Space(Protocol):
    """Where the bits of a state come from."""

    true: Bit
    false: Bit

    def finding(self, finding: str) -> Told:
        """What was said of a finding; at most one of the four bits holds."""

    def value(self, value: str) -> Measured:
        """What was said of a value."""

    def has_state(self, claim: Bit) -> bool:
        """Whether the claim holds in some state."""


class Told(NamedTuple):
    """One finding: said to be there; unsure at the second asking; unsure at the first; answered no."""

    present: Bit
    unsure_again: Bit
    unsure: Bit
    absent: Bit


class Measured(NamedTuple):
    """One value: whether it was asked, whether it is known, and how it compares with a limit (operator, limit)."""

    asked: Bit
    known: Bit
    meets: Callable[[str, object], Bit]


class Lanes(NamedTuple):
    """A condition's truth at the least, now and at the most: each as "not a plain no" and as "a plain yes"."""

    low: Bit
    low_yes: Bit
    now: Bit
    now_yes: Bit
    high: Bit
    high_yes: Bit


def _each(lanes: Iterable[Lanes], combine: Callable[[Bit, Bit], Bit]) -> Lanes:
    return Lanes(*(reduce(combine, lane) for lane in zip(*lanes, strict=True)))


@dataclass(frozen=True)
class Given:
    """When an advice item is given."""

    id: str
    when: Bit


class Conditions:
    """Translates conditions as they are written. `unasked` says how a finding counts that nothing was said of."""

    def __init__(
        self, space: Space, findings: Mapping[str, Any], definitions: Mapping[str, Any], unasked: str = "open"
    ) -> None:
        self._space = space
        self._findings = findings
        self._definitions = definitions
        self._unasked = unasked
        self._known: dict[str, Lanes] = {}

    def lanes(self, written: object) -> Lanes:
        """The lanes of a condition. KeyError or ValueError where it can't be read."""
        if isinstance(written, str):
            return self._named(written)
        if not isinstance(written, Mapping):
            raise ValueError(f"not a condition: {written!r}")
        if "value" in written:
            return self._value(written)
        ((operator, inner),) = written.items()
        if operator == "all":
            return _each([self.lanes(part) for part in inner], and_)
        if operator == "any":
            return _each([self.lanes(part) for part in inner], or_)
        part = self.lanes(inner)
        if operator == "not":
            # yes becomes no; "not a plain no" and "a plain yes" change places, and so do the least and the most
            return Lanes(~part.high_yes, ~part.high, ~part.now_yes, ~part.now, ~part.low_yes, ~part.low)
        if operator == "maybe":
            return Lanes(part.low, part.low, part.now, part.now, part.high, part.high)
        if operator == "sure":
            return Lanes(part.low_yes, part.low_yes, part.now_yes, part.now_yes, part.high_yes, part.high_yes)
        if operator == "told":
            return Lanes(part.now, part.now_yes, part.now, part.now_yes, part.now, part.now_yes)
        raise ValueError(f"unknown operator {operator!r}")

    def _named(self, name: str) -> Lanes:
        if name not in self._known:
            defined = self._definitions.get(name)
            self._known[name] = self._finding(name) if defined is None else self.lanes(defined["when"])
        return self._known[name]

    def _finding(self, finding: str) -> Lanes:
        entry = self._findings[finding]
        told = self._space.finding(finding)
        absent = told.absent
        wider = entry.get("narrower_than")
        if wider:
            said = told.present | told.unsure_again | told.unsure | told.absent
            absent = absent | (self._space.finding(wider).absent & ~said)
        asked_about = bool(entry.get("ask_in"))
        silent = ~(told.present | told.unsure_again | told.unsure | absent)
        sure, again, first = told.present, told.unsure_again, told.unsure
        if self._unasked == "unsure":
            first_or_silent = first | silent
            return Lanes(sure | again, sure, sure | again | first_or_silent, sure, ~absent, ~absent & ~again)
        may_come = silent if asked_about else self._space.false
        return Lanes(
            sure | again, sure, sure | again | first, sure, sure | again | first | may_come, sure | first | may_come
        )

    def _value(self, written: Mapping[str, Any]) -> Lanes:
        (operator,) = (key for key in written if key not in ("value", "unknown", "not_asked"))
        told = self._space.value(str(written["value"]))
        asked = told.asked
        if str(written["value"]).startswith(SIDE_OF):  # a side is said of what is there, or perhaps there
            finding = self._space.finding(str(written["value"])[len(SIDE_OF) :])
            asked = asked & (finding.present | finding.unsure | finding.unsure_again)
        unknown = self._truth(written.get("unknown", True))
        not_asked = self._truth(written["not_asked"]) if "not_asked" in written else unknown
        met = asked & ((told.known & told.meets(operator, written[operator])) | (~told.known & unknown))
        now = met | (~asked & not_asked)
        most = met | ~asked
        return Lanes(met, met, now, now, most, most)

    def _truth(self, written: object) -> Bit:
        return self._space.true if str(written).lower() in ("yes", "true") else self._space.false


class Translation:
    """One knowledge, translated.

    `at_least[level]` are the lanes (low, now, high) of "the disposition is this level or more".
    """

    def __init__(self, knowledge: RawKnowledge, space: Space, like: Translation | None = None) -> None:
        """Translate. `like` is one of the same space, of which what is written the same need not be built again."""
        self.knowledge = knowledge
        self.space = space
        same = like is not None and (like.knowledge.findings, like.knowledge.definitions) == (
            knowledge.findings,
            knowledge.definitions,
        )
        self._like = like if same else None
        self.conditions: Conditions = (
            self._like.conditions if self._like else Conditions(space, knowledge.findings, knowledge.definitions)
        )
        self.scope = self.conditions.lanes({"maybe": "in_scope"})
        self.rules = {id_: self._rule(id_) for id_ in knowledge.rules}
        self.at_least = {level: self._at_least(rank) for rank, level in enumerate(LEVELS, 1)}

    def _rule(self, id_: str) -> Lanes:
        before = self._like.knowledge if self._like else None
        if self._like and before and self._unchanged(before, id_):
            return self._like.rules[id_]
        lanes = self.conditions.lanes(self.knowledge.rules[id_]["when"])
        return lanes if id_ in self.knowledge.red_flags else _each([lanes, self.scope], and_)

    def _unchanged(self, before: RawKnowledge, id_: str) -> bool:
        is_flag = id_ in self.knowledge.red_flags
        return before.rules.get(id_) is self.knowledge.rules[id_] and is_flag == (id_ in before.red_flags)

    def _at_least(self, rank: int) -> tuple[Bit, Bit, Bit]:
        reaching = [self.scope[0::2]] if rank == 1 else []
        for id_, rule in self.knowledge.rules.items():
            lanes = self.rules[id_]
            if self._rank(rule["uncertain"]) >= rank and self._rank(rule["present"]) >= rank:
                reaching.append((lanes.low, lanes.now, lanes.high))
            elif self._rank(rule["present"]) >= rank:
                reaching.append((lanes.low_yes, lanes.now_yes, lanes.high_yes))
            elif self._rank(rule["uncertain"]) >= rank:
                unsure = (lanes.low & ~lanes.low_yes, lanes.now & ~lanes.now_yes, lanes.high & ~lanes.high_yes)
                reaching.append(unsure)
        if not reaching:
            return (self.space.false,) * 3
        low, now, high = (reduce(or_, lane) for lane in zip(*reaching, strict=True))
        return low, now, high

    @staticmethod
    def _rank(level: str) -> int:
        return LEVELS.index(level) + 1 if level in LEVELS else 0

    def is_now(self, level: str) -> Bit:
        """Whether the disposition is this one, as things stand."""
        ranks = ["out_of_scope", *LEVELS]
        rank = ranks.index(level)
        reached = self.at_least[level][1] if rank else self.space.true
        return reached & ~self.at_least[ranks[rank + 1]][1] if rank < len(LEVELS) else reached

    def given(self) -> Iterator[Given]:
        """Each advice item, and when it is given: for this disposition and person, no gate closed or open."""
        for id_, advice in self.knowledge.advice.items():
            when = reduce(or_, [self.is_now(level) for level in advice["dispositions"]])
            if advice.get("for"):
                when = when & self.conditions.lanes(advice["for"]).now
            for gate in advice.get("withheld") or ():
                when = when & ~self.conditions.lanes(gate["when"]).high
            yield Given(id_, when)

    def at_stake(self) -> Mapping[str, Bit]:
        """Each finding and value that is open and could still lift the disposition, and when that is so."""
        found: dict[str, Bit] = {}
        below = {level: ~self.at_least[level][0] for level in LEVELS}
        not_yet = below["emergency_now"]
        for id_, rule in self.knowledge.rules.items():
            lanes = self.rules[id_]
            lifts = self.space.false
            for rank, level in enumerate(LEVELS, 1):
                if self._rank(rule["present"]) >= rank:
                    lifts = lifts | (lanes.high_yes & below[level])
                if self._rank(rule["uncertain"]) >= rank:
                    lifts = lifts | (lanes.high & ~lanes.high_yes & below[level])
            lifts = lifts & not_yet & ((lanes.low ^ lanes.high) | (lanes.low_yes ^ lanes.high_yes))
            self._gather(rule["when"], lifts, found)
            if id_ not in self.knowledge.red_flags:
                self._gather({"maybe": "in_scope"}, lifts, found)
        self._gather({"maybe": "in_scope"}, below["self_care"], found)
        return found

    def _gather(self, written: Any, when: Bit, found: dict[str, Bit]) -> None:
        """Add the open leaves of a condition, for the states in which `when` holds."""
        lanes = self.conditions.lanes(written)
        when = when & ((lanes.low ^ lanes.high) | (lanes.low_yes ^ lanes.high_yes))
        if isinstance(written, str) and written in self.knowledge.definitions:
            self._gather(self.knowledge.definitions[written]["when"], when, found)
        elif isinstance(written, str) or "value" in written:
            leaf = written if isinstance(written, str) else str(written["value"])
            found[leaf] = found.get(leaf, self.space.false) | when
        else:
            ((operator, inner),) = written.items()
            for part in inner if operator in ("all", "any") else [inner]:
                self._gather(part, when, found)

    def open_askable(self, written: object) -> Bit:
        """Whether something open could move this condition that can be asked: by its list, or again if it is unsure."""
        lanes = self.conditions.lanes(written)
        is_open = (lanes.low ^ lanes.high) | (lanes.low_yes ^ lanes.high_yes)
        if isinstance(written, str) and written in self.knowledge.definitions:
            return is_open & self.open_askable(self.knowledge.definitions[written]["when"])
        if isinstance(written, str):
            return is_open if self.knowledge.findings[written].get("ask_in") else is_open & lanes.now
        assert isinstance(written, Mapping)  # `lanes` has read it
        if "value" in written:
            asks = any(question.get("value") == written["value"] for question in self.knowledge.questions.values())
            return is_open if asks else self.space.false
        ((operator, inner),) = written.items()
        parts = inner if operator in ("all", "any") else [inner]
        return is_open & reduce(or_, [self.open_askable(part) for part in parts])
