"""The states of a case: all of them, for the solver, or a great many drawn by chance, to run the engine on as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import z3

from sciatriage.proof.raw import RawKnowledge
from sciatriage.proof.translation import SIDE_OF, Bit, Measured, Told
from sciatriage.triage.case import Case, Fact
from sciatriage.triage.vocabulary import Status

# What can be said of a finding. In passing: in free words, not in answer to its question.
SAID: tuple[tuple[str, Fact | None], ...] = (
    ("not asked", None),
    ("no", Fact(Status.ABSENT)),
    ("unsure", Fact(Status.UNCERTAIN)),
    ("unsure again", Fact(Status.UNCERTAIN, asked_again=True)),
    ("yes", Fact(Status.PRESENT)),
    ("no in passing", Fact(Status.ABSENT, in_passing=True)),
    ("past", Fact(Status.PAST)),
    ("another person's", Fact(Status.OTHER_PERSON)),
)
_NO, _UNSURE, _AGAIN, _YES, _PASSING = 1, 2, 3, 4, 5
SIDES = ("left", "right", "both")


def cuts(*written: object) -> dict[str, tuple[float, ...]]:
    """Every limit that any condition in these compares a value with, by value, in order."""
    found: dict[str, set[float]] = {}

    def look(one: object) -> None:
        if isinstance(one, Mapping):
            if isinstance(one.get("value"), str):
                limits = {float(limit) for limit in one.values() if type(limit) in (int, float)}
                found.setdefault(one["value"], set()).update(limits)
            for inner in one.values():
                look(inner)
        elif isinstance(one, list):
            for inner in one:
                look(inner)

    for one in written:
        look(one)
    return {value: tuple(sorted(limits)) for value, limits in found.items()}


def everything_written(knowledge: RawKnowledge) -> list[object]:
    """All that may hold a condition."""
    return [list(section.values()) for section in (knowledge.definitions, knowledge.rules, knowledge.advice)]


class SolverSpace:
    """Every state there can be: five bits' worth of answers a finding, and a value's ranges split at every limit."""

    def __init__(self, name: str = "") -> None:
        self.true, self.false = z3.BoolVal(True), z3.BoolVal(False)
        self.rules: list[z3.BoolRef] = []  # what holds of the bits themselves: always to be asserted
        self.findings: dict[str, Told] = {}
        self.values: dict[str, Measured] = {}
        self._name = name

    def finding(self, finding: str) -> Told:
        if finding not in self.findings:
            told = Told(*(z3.Bool(f"{self._name}{finding}:{bit}") for bit in Told._fields))
            self.rules.append(z3.AtMost(*told, 1))
            self.findings[finding] = told
        return self.findings[finding]

    def value(self, value: str) -> Measured:
        if value not in self.values:
            name = f"{self._name}{value}"
            asked, known = z3.Bool(f"{name}:asked"), z3.Bool(f"{name}:known")
            if value.startswith("side"):
                sides = {side: z3.Bool(f"{name}:{side}") for side in SIDES}
                self.rules.append(z3.PbEq([(bit, 1) for bit in sides.values()], 1))
                self.values[value] = Measured(
                    asked, known, lambda _, limit: z3.Or([sides[str(one)] for one in _list(limit)])
                )
            else:
                number = z3.Real(name)
                self.rules.append(number >= 0)
                self.values[value] = Measured(asked, known, lambda operator, limit: _compare(number, operator, limit))
        return self.values[value]

    def solver(self, *claims: Bit) -> z3.Solver:
        """A solver that knows what holds of every state, and these claims."""
        solver = z3.SolverFor("QF_LRA")
        solver.add(*self.rules, *claims)
        return solver

    def has_state(self, claim: Bit) -> bool:
        return bool(self.solver(claim).check() != z3.unsat)

    def small_example(self, claim: Bit) -> dict[str, Any] | None:
        """A state in which the claim holds, with no more said in it than that needs; None where there is none."""
        solver = self.solver(claim)
        if solver.check() != z3.sat:
            return None
        model = solver.model()
        unsaid = [(z3.Not(z3.Or(*told)), finding) for finding, told in self.findings.items()]
        unsaid += [(z3.Not(measured.asked), value) for value, measured in self.values.items()]
        for silent, _ in unsaid:
            solver.push()
            solver.add(silent)
            if solver.check() == z3.sat:
                model = solver.model()  # and it stays unsaid
            else:
                solver.pop()
        return self.example(model)

    def example(self, model: z3.ModelRef) -> dict[str, Any]:
        """The state that a model describes, as `sciatriage assess` reads one."""
        findings: dict[str, Any] = {}
        for finding, told in self.findings.items():
            said = [bit for bit, term in zip(Told._fields, told, strict=True) if z3.is_true(model.eval(term))]
            if said:
                status = {"present": "present", "absent": "absent"}.get(said[0], "uncertain")
                again = said[0] == "unsure_again"
                findings[finding] = {"status": status, "asked_again": True} if again else status
        values: dict[str, Any] = {}
        for value, measured in self.values.items():
            if not z3.is_true(model.eval(measured.asked)):
                continue
            if not z3.is_true(model.eval(measured.known)):
                values[value] = None
            elif value.startswith("side"):
                values[value] = next(side for side in SIDES if z3.is_true(model.eval(measured.meets("is", side))))
            else:
                number = model.eval(z3.Real(f"{self._name}{value}"), model_completion=True)
                values[value] = float(number.as_fraction())
        return {"findings": findings, "values": values}


def _list(limit: object) -> list[object]:
    return limit if isinstance(limit, list) else [limit]


def _compare(number: Any, operator: str, limit: Any) -> Any:
    if operator == "at_most":
        return number <= limit
    if operator == "at_least":
        return number >= limit
    if operator == "over":
        return number > limit
    if operator == "under":
        return number < limit
    raise ValueError(f"unknown comparison {operator!r}")


@dataclass(frozen=True)
class Draw:
    """How a batch of states is drawn: how often each thing is said of a finding, in the order of SAID."""

    name: str
    weights: tuple[float, ...]


DRAWS = (
    Draw("a first message", (0.92, 0.0, 0.015, 0.005, 0.03, 0.02, 0.005, 0.005)),
    Draw("halfway", (0.45, 0.42, 0.02, 0.02, 0.05, 0.02, 0.01, 0.01)),
    Draw("nearly all answered", (0.01, 0.945, 0.005, 0.01, 0.03, 0.0, 0.0, 0.0)),
    Draw("anything at all", (0.125,) * 8),
)


class Columns:
    """Some states; state `i` is bit `i` of every column.

    `said` are indices into SAID, (states, findings); `picked` are indices into a value's `choices`, (states,), -1
    where it was not asked. The first of the choices is None: asked, and not known.
    """

    def __init__(
        self,
        knowledge: RawKnowledge,
        said: Any,
        choices: Mapping[str, tuple[float | str | None, ...]],
        picked: Mapping[str, Any],
    ) -> None:
        self.size = len(said)
        self.true, self.false = (1 << self.size) - 1, 0
        self._knowledge = knowledge
        self._ids = list(knowledge.findings)
        self._said, self._choices, self._picked = said, choices, picked
        self._columns: dict[str, Told] = {}

    def finding(self, finding: str) -> Told:
        if finding not in self._columns:
            said = self._said[:, self._ids.index(finding)]
            danger = bool(self._knowledge.findings[finding].get("danger"))
            absent = (said == _NO) if danger else (said == _NO) | (said == _PASSING)
            bits = [said == _YES, said == _AGAIN, said == _UNSURE, absent]
            self._columns[finding] = Told(*map(_column, bits))
        return self._columns[finding]

    def value(self, value: str) -> Measured:
        told = self._choices.get(value, (None,))
        picked = self._picked.get(value, np.full(self.size, -1))

        def meets(operator: str, limit: object) -> Bit:
            if operator == "is":
                right = [one in _list(limit) for one in told]
            else:
                right = [one is not None and bool(_compare(one, operator, limit)) for one in told]
            return _column(np.array([*right, False])[picked])  # -1, not asked, picks the last

        return Measured(_column(picked >= 0), _column(picked > 0), meets)

    def has_state(self, claim: Bit) -> bool:
        return bool(claim & self.true)

    def states(self, column: int) -> Any:
        """A column as one truth a state: bool, (size,)."""
        packed = (column & self.true).to_bytes((self.size + 7) // 8, "little")
        bits = np.unpackbits(np.frombuffer(packed, np.uint8), bitorder="little")
        return bits[: self.size].astype(bool)

    def case(self, index: int) -> Case:
        """One state as the engine takes it."""
        findings = {}
        for column in np.flatnonzero(self._said[index]):
            fact = SAID[self._said[index, column]][1]
            assert fact is not None  # only the first of SAID is None
            findings[self._ids[column]] = fact
        values: dict[str, float | str | None] = {}
        for value, picked in self._picked.items():
            told = self._choices[value][picked[index]] if picked[index] >= 0 else None
            if not value.startswith(SIDE_OF):
                values |= {value: told} if picked[index] >= 0 else {}
            elif value[len(SIDE_OF) :] in findings:
                fact = findings[value[len(SIDE_OF) :]]
                findings[value[len(SIDE_OF) :]] = replace(fact, side=None if told is None else str(told))
        return Case(findings, values)


class SampleSpace(Columns):
    """`size` states, drawn evenly in the ways of DRAWS; `draws` tells which states are of which."""

    def __init__(self, knowledge: RawKnowledge, limits: Mapping[str, tuple[float, ...]], size: int, seed: int) -> None:
        random = np.random.default_rng(seed)
        share = [size // len(DRAWS) + (index < size % len(DRAWS)) for index in range(len(DRAWS))]
        ends = list(accumulate(share))
        self.draws = {draw.name: slice(end - count, end) for draw, count, end in zip(DRAWS, share, ends, strict=True)}
        said = np.concatenate(
            [
                random.choice(len(SAID), (count, len(knowledge.findings)), p=draw.weights)
                for count, draw in zip(share, DRAWS, strict=True)
            ]
        )
        choices: dict[str, tuple[float | str | None, ...]] = {value: _points(limit) for value, limit in limits.items()}
        choices |= {value: (None, *SIDES) for value in ("side", *choices) if value.startswith("side")}
        picked = {value: random.integers(-1, len(told), size) for value, told in choices.items()}
        super().__init__(knowledge, said, choices, picked)


class CaseSpace(Columns):
    """Given cases, in their order."""

    def __init__(self, knowledge: RawKnowledge, cases: Sequence[Case]) -> None:
        ids = {id_: column for column, id_ in enumerate(knowledge.findings)}
        kinds = {_kind(fact): index for index, (_, fact) in enumerate(SAID)}
        said = np.zeros((len(cases), len(ids)), int)
        for row, case in enumerate(cases):
            for id_, fact in case.findings.items():
                said[row, ids[id_]] = kinds[_kind(fact)]
        values = [{**case.values, **_sides(case)} for case in cases]
        choices = {
            value: (None, *dict.fromkeys(one[value] for one in values if one.get(value) is not None))
            for value in {value for one in values for value in one}
        }
        picked = {
            value: np.array([options.index(one[value]) if value in one else -1 for one in values])
            for value, options in choices.items()
        }
        super().__init__(knowledge, said, choices, picked)


def _sides(case: Case) -> dict[str, str]:
    return {f"{SIDE_OF}{finding}": fact.side for finding, fact in case.findings.items() if fact.side}


def _kind(fact: Fact | None) -> tuple[Status, bool, bool] | None:
    return (fact.status, fact.asked_again, fact.in_passing) if fact else None


def _points(limits: Iterable[float]) -> tuple[float | None, ...]:
    """None (not known), and a number in every range that the limits make, the limits themselves with them."""
    ordered = sorted(limits)
    between = [(low + high) / 2 for low, high in pairwise(ordered)]
    return (None, 0.0, *ordered, *between, ordered[0] / 2, ordered[-1] + 1.0) if ordered else (None, 0.0)


def _column(bits: Any) -> int:
    return int.from_bytes(np.packbits(bits, bitorder="little").tobytes(), "little")
