"""Breaks the knowledge on purpose, one small change at a time: a proof that can't fail proves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from sciatriage.cases import read_cases
from sciatriage.proof.crosscheck import ranks
from sciatriage.proof.properties import Prover
from sciatriage.proof.raw import RawKnowledge
from sciatriage.proof.requirements import Requirements
from sciatriage.proof.spaces import CaseSpace, SampleSpace, SolverSpace, cuts, everything_written
from sciatriage.proof.translation import LEVELS, Bit, Translation
from sciatriage.triage.knowledge import Knowledge

_LADDER = ("out_of_scope", *LEVELS)
_OTHER_COMPARISON = {"at_most": "under", "under": "at_most", "at_least": "over", "over": "at_least"}
_TURNED = {"at_most": "over", "over": "at_most", "at_least": "under", "under": "at_least"}


@dataclass(frozen=True)
class Mutant:
    """The knowledge with one change; `says` names it."""

    says: str
    knowledge: RawKnowledge


def mutants(knowledge: RawKnowledge) -> Iterator[Mutant]:
    """Every small change of rules, definitions, findings, questions and advice gates that could do harm."""
    for id_, rule in knowledge.rules.items():
        yield Mutant(f"rule {id_} dropped", _without(knowledge, "rules", id_))
        for key in ("present", "uncertain"):
            lower = _LADDER[_LADDER.index(rule[key]) - 1]
            yield Mutant(f"rule {id_}: {key} lowered", _with(knowledge, "rules", id_, {**rule, key: lower}))
        yield Mutant(
            f"rule {id_}: unsure ignored", _with(knowledge, "rules", id_, {**rule, "when": {"sure": rule["when"]}})
        )
        if id_ in knowledge.red_flags:
            yield Mutant(f"rule {id_}: only in scope", replace(knowledge, red_flags=knowledge.red_flags - {id_}))
        for says, when in _weakened(rule["when"]):
            yield Mutant(f"rule {id_}: {says}", _with(knowledge, "rules", id_, {**rule, "when": when}))
    for id_, definition in knowledge.definitions.items():
        for says, when in _weakened(definition["when"]):
            changed = {**definition, "when": when}
            yield Mutant(f"definition {id_}: {says}", _with(knowledge, "definitions", id_, changed))
    for id_, finding in knowledge.findings.items():
        if finding.get("danger"):
            yield Mutant(f"finding {id_}: no danger", _with(knowledge, "findings", id_, {**finding, "danger": False}))
        if finding.get("ask_in"):
            yield Mutant(f"finding {id_}: never asked", _with(knowledge, "findings", id_, {**finding, "ask_in": None}))
    for id_, question in knowledge.questions.items():
        if question.get("value"):
            yield Mutant(f"question {id_} dropped", _without(knowledge, "questions", id_))
    for id_, advice in knowledge.advice.items():
        gates = list(advice.get("withheld") or ())
        for number, gate in enumerate(gates):
            rest = [*gates[:number], *gates[number + 1 :]]
            which = gate["when"] if isinstance(gate["when"], str) else number + 1
            yield Mutant(
                f"advice {id_}: gate {which} dropped", _with(knowledge, "advice", id_, {**advice, "withheld": rest})
            )
            for what, when in _weakened(gate["when"]):
                others = [*gates[:number], {**gate, "when": when}, *gates[number + 1 :]]
                yield Mutant(
                    f"advice {id_}: gate {number + 1}: {what}",
                    _with(knowledge, "advice", id_, {**advice, "withheld": others}),
                )
        if advice.get("for"):
            for what, when in _weakened(advice["for"]):
                yield Mutant(f"advice {id_}: for: {what}", _with(knowledge, "advice", id_, {**advice, "for": when}))


def _weakened(written: Any) -> Iterator[tuple[str, Any]]:
    """Each condition that differs from this one by one small change, anywhere in it."""
    if not isinstance(written, Mapping):
        return
    if "value" in written:
        yield from _other_values(written)
        return
    ((operator, inner),) = written.items()
    if operator in ("all", "any"):
        other = "any" if operator == "all" else "all"
        if len(inner) > 1:
            yield f"{operator} to {other}", {other: inner}
            for number, part in enumerate(inner):
                rest = [*inner[:number], *inner[number + 1 :]]
                yield f"{operator} without {_short(part)}", {operator: rest}
        for number, part in enumerate(inner):
            for says, changed in _weakened(part):
                yield says, {operator: [*inner[:number], changed, *inner[number + 1 :]]}
        return
    if operator in ("maybe", "sure"):
        other = "sure" if operator == "maybe" else "maybe"
        yield f"{operator} to {other}", {other: inner}
    yield f"{operator} taken away", inner
    for says, changed in _weakened(inner):
        yield says, {operator: changed}


def _other_values(written: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    (operator,) = (key for key in written if key not in ("value", "unknown", "not_asked"))
    limit, rest = written[operator], {key: told for key, told in written.items() if key != operator}
    name = written["value"]
    if operator == "is":
        for one in limit if isinstance(limit, list) and len(limit) > 1 else ():
            yield f"{name} without {one}", {**written, "is": [other for other in limit if other != one]}
    else:
        yield f"{name} {operator} to {_OTHER_COMPARISON[operator]}", {**rest, _OTHER_COMPARISON[operator]: limit}
        yield f"{name} {operator} turned round", {**rest, _TURNED[operator]: limit}
        for other in (limit - 1, limit + 1):
            yield f"{name} {operator} {other}", {**rest, operator: other}
    for key in ("unknown", "not_asked"):
        now = str(written.get(key, True)).lower() in ("yes", "true")
        yield f"{name} {key} turned round", {**written, key: "no" if now else "yes"}


def _short(part: Any) -> str:
    return part if isinstance(part, str) else str(part)[:60]


def _with(knowledge: RawKnowledge, section: str, id_: str, entry: Mapping[str, Any]) -> RawKnowledge:
    changed: Any = {section: {**getattr(knowledge, section), id_: entry}}
    return replace(knowledge, **changed)


def _without(knowledge: RawKnowledge, section: str, id_: str) -> RawKnowledge:
    left = {other: entry for other, entry in getattr(knowledge, section).items() if other != id_}
    changed: Any = {section: left}
    return replace(knowledge, **changed)


class Judge:
    """Says of a mutant whether it is worse than the original, and which property it breaks.

    A state found by chance settles either at once; only where none is found, all states are searched.
    """

    def __init__(
        self, knowledge: RawKnowledge, requirements: Requirements, loaded: Knowledge, drawn: int, seed: int
    ) -> None:
        limits = cuts(everything_written(knowledge), requirements.definitions, requirements.levels)
        self._some = Prover(knowledge, requirements, SampleSpace(knowledge, limits, drawn, seed))
        self._all = Prover(knowledge, requirements, SolverSpace())
        written = read_cases()
        self._cases = CaseSpace(knowledge, [case.as_case(loaded) for case in written])
        self._expected = [case.disposition.urgency for case in written]

    def is_worse(self, mutant: Mutant) -> bool:
        """Whether it is less safe in some state: milder now, milder at the end, less asked, or more freely advised."""
        before, after = self._all.knowledge, mutant.knowledge
        if after.findings is not before.findings:
            # A no in passing then counts for it, which is no state of these spaces.
            dropped = [id_ for id_, entry in before.findings.items() if entry.get("danger")]
            if any(not after.findings[id_].get("danger") for id_ in dropped):
                return True
        return _worse(mutant, self._some) or _worse(mutant, self._all)

    def caught_by(self, mutant: Mutant) -> str | None:
        """The property that it breaks, or the cases, or None. Advice bears on (e) alone."""
        only_advice = mutant.knowledge.advice is not self._all.knowledge.advice
        cheap, every = ("e", "e") if only_advice else ("acde", "acdefb")
        for original, properties in ((self._some, cheap), (self._all, every)):
            prover = Prover(mutant.knowledge, original.requirements, original.space, original)
            broken = prover.first_broken(properties)
            if broken:
                return f"({broken})"
        come_to = ranks(Translation(mutant.knowledge, self._cases), self._cases, lane=1)
        return "the cases" if list(come_to) != self._expected else None


def _worse(mutant: Mutant, original: Prover) -> bool:
    before = original.translation
    after = Translation(mutant.knowledge, original.space, before)
    milder = [before.at_least[level][1] & ~after.at_least[level][1] for level in LEVELS]
    ends = [before.at_least[level][2] & ~after.at_least[level][2] for level in LEVELS]
    given = {one.id: one.when for one in after.given()}
    freely = [given[id_] & _withheld(before, id_) for id_ in given]
    return original.space.has_state(reduce(or_, [*milder, *ends, *freely]))


def _withheld(translation: Translation, item: str) -> Bit:
    gates = translation.knowledge.advice[item].get("withheld") or ()
    closed = [translation.conditions.lanes(gate["when"]).high for gate in gates]
    return reduce(or_, closed) if closed else translation.space.false
