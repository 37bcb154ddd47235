"""The seven safety properties, each proved over every state there can be, or answered with a state that breaks it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

import z3

from sciatriage.proof.raw import RawKnowledge
from sciatriage.proof.requirements import Requirements
from sciatriage.proof.spaces import SolverSpace
from sciatriage.proof.translation import LEVELS, SIDE_OF, Bit, Conditions, Lanes, Space, Told, Translation
from sciatriage.triage.questions import AT_MOST

_SEE_SOMEONE = "see_clinician_soon"


@dataclass(frozen=True)
class Broken:
    """A claim that doesn't hold, and a state that shows it."""

    claim: str
    state: dict[str, Any]


@dataclass
class Result:
    """One property: how many claims were proved, how long it took [s], and what broke it."""

    id: str
    says: str
    claims: int = 0
    seconds: float = 0.0
    broken: list[Broken] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether claims were made and none was broken."""
        return self.claims > 0 and not self.broken


class Prover:
    """The knowledge and the requirements in one space: of all states, or (for mutants) of many drawn ones."""

    def __init__(
        self, knowledge: RawKnowledge, requirements: Requirements, space: Space, like: Prover | None = None
    ) -> None:
        """Translate both. `like` is a prover of nearly the same knowledge in the same space: its terms serve again."""
        self.knowledge = knowledge
        self.requirements = requirements
        self.space = space
        self.translation: Translation = Translation(knowledge, self.space, like.translation if like else None)
        if like and like.knowledge.findings is knowledge.findings:
            wanted, cautious = like.wanted, like.cautious
        else:
            wanted = Conditions(self.space, knowledge.findings, requirements.definitions)
            cautious = Conditions(self.space, knowledge.findings, requirements.definitions, unasked="unsure")
        self.wanted: Conditions = wanted
        self.cautious: Conditions = cautious

    def prove_all(self) -> Iterator[Result]:
        """Each property in turn, in a space of all states."""
        assert isinstance(self.space, SolverSpace)
        for id_, (says, claims) in PROPERTIES.items():
            result = Result(id_, says)
            started = time.perf_counter()
            for claim, negated in claims(self):
                result.claims += 1
                solver = self.space.solver(negated)
                if solver.check() != z3.unsat:
                    result.broken.append(Broken(claim, self.space.example(solver.model())))
            result.seconds = time.perf_counter() - started
            yield result

    def first_broken(self, properties: Iterable[str]) -> str | None:
        """The first of these with a claim that doesn't hold, None where all hold; faster than `prove_all`."""
        for id_ in properties:
            claims = [negated for _, negated in PROPERTIES[id_][1](self)]
            if self.space.has_state(reduce(or_, claims)):
                return id_
        return None

    def self_care_is_final(self) -> Bit:
        """In scope, and no open answer could make it more."""
        return self.translation.at_least["self_care"][1] & ~self.translation.at_least[_SEE_SOMEONE][2]


Claims = Iterator[tuple[str, Bit]]


def red_flags_reach_their_level(prover: Prover) -> Claims:
    """(a) For each requirement: where it holds for certain, and where it is unsure."""
    for id_, wanted in prover.requirements.levels.items():
        lanes = prover.wanted.lanes(wanted["when"])
        for says, holds, level in (
            ("present", lanes.now_yes, wanted["present"]),
            ("uncertain", lanes.now & ~lanes.now_yes, wanted["uncertain"]),
        ):
            yield f"{id_} {says}: {level} at least", holds & ~prover.translation.at_least[level][1]


def more_danger_is_never_milder(prover: Prover) -> Claims:
    """(b) Any finding but the calming ones, moved up from not asked or no over unsure to yes."""
    reached = [prover.translation.at_least[level][1] for level in LEVELS]
    assert isinstance(prover.space, SolverSpace)
    for finding in prover.knowledge.findings:
        if finding in prover.requirements.calming or finding not in prover.space.findings:
            continue
        told = prover.space.findings[finding]
        steps = (
            ("no to unsure", "absent", "unsure"),
            ("not asked to unsure", None, "unsure"),
            ("not asked to unsure again", None, "unsure_again"),
            ("unsure to unsure again", "unsure", "unsure_again"),
            ("unsure again to unsure", "unsure_again", "unsure"),
            ("unsure to yes", "unsure", "present"),
        )
        for says, before, after in steps:
            lower, higher = ([_with(told, said, bit) for bit in reached] for said in (before, after))
            milder = reduce(or_, [low & ~high for low, high in zip(lower, higher, strict=True)])
            yield f"{finding} {says}", milder


def _with(told: Told, said: str | None, term: Bit) -> Bit:
    return z3.substitute(term, *((bit, z3.BoolVal(name == said)) for name, bit in zip(Told._fields, told, strict=True)))


def unsure_is_never_self_care(prover: Prover) -> Claims:
    """(c) A danger sign unsure in scope is self-care at no time; a row that is unsure is never the end of it."""
    in_scope = prover.wanted.lanes("in_scope").now
    milder = ~prover.translation.at_least[_SEE_SOMEONE][1]
    for finding in prover.requirements.asked:
        told = prover.space.finding(finding)
        yield f"{finding} unsure", (told.unsure | told.unsure_again) & in_scope & milder
    final = prover.self_care_is_final()
    for id_, wanted in prover.requirements.levels.items():
        if wanted["uncertain"] != "self_care":
            yield f"{id_} unsure", prover.wanted.lanes(wanted["when"]).now & final


def self_care_needs_every_no(prover: Prover) -> Claims:
    """(d) Where self-care is final, each of these was answered no, and no row could hold any more."""
    wanted_of, final = prover.requirements, prover.self_care_is_final()
    for finding in wanted_of.asked:
        yield f"{finding} answered no", final & prover.wanted.lanes(finding).high
    alone = signs_that_stand_alone(prover.knowledge) - wanted_of.heard_only
    for finding in sorted(alone.union(wanted_of.never_in_passing, wanted_of.asked)):
        in_passing = not prover.knowledge.findings[finding].get("danger")
        yield f"a no to {finding} in passing isn't enough", _bit(prover, in_passing)
    for finding in sorted(alone.union(wanted_of.rested_on) - wanted_of.heard_only):
        yield f"{finding} is asked", _bit(prover, not prover.knowledge.findings[finding].get("ask_in"))
    for finding, entry in prover.knowledge.findings.items():
        wider, asked_in = entry.get("narrower_than"), prover.knowledge.questions.get(str(entry.get("ask_in")))
        not_said = wider is not None and wanted_of.narrower.get(finding) != wider
        yield f"{finding} isn't left out for a no to something else", _bit(prover, not_said)
        not_a_list = entry.get("ask_in") is not None and (asked_in is None or asked_in["kind"] != "checklist")
        yield f"{finding} is asked in a list", _bit(prover, not_a_list)
    for id_, wanted in wanted_of.levels.items():
        if wanted["uncertain"] != "self_care":
            yield f"{id_} can't hold", final & prover.wanted.lanes(wanted["when"]).high


def signs_that_stand_alone(knowledge: RawKnowledge) -> set[str]:
    """The findings that a red-flag rule needs nothing beside; new ones, too, that no requirement names yet."""
    found: set[str] = set()
    for id_ in knowledge.red_flags & set(knowledge.rules):
        when = knowledge.rules[id_]["when"]
        parts = when.get("any", ()) if isinstance(when, dict) else (when,)
        found.update(part for part in parts if isinstance(part, str) and part in knowledge.findings)
    return found


def _bit(prover: Prover, holds: bool) -> Bit:
    return prover.space.true if holds else prover.space.false


def no_advice_that_harms(prover: Prover) -> Claims:
    """(e) No item is given beside what forbids it; what was not asked or is unsure forbids it too."""
    given = {one.id: one.when for one in prover.translation.given()}
    for id_, wanted in prover.requirements.advice.items():
        for item in wanted["items"]:
            for number, never in enumerate(wanted["never_with"], 1):
                says = never if isinstance(never, str) else f"case {number}"
                yield f"{item} never with {says} ({id_})", given[item] & prover.cautious.lanes(never).now


def the_interview_ends(prover: Prover) -> Claims:
    """(f) No dead end, no way back, within the bound.

    While a rule is open there is a question for it. An answer never opens what was closed (what counts only where it
    was told is apart, and never asked: newest_days, and the side that comes with a sign), so no list comes back for
    what was settled. And the lists that can matter are no more than the bound; a list that second askings leave no
    room for counts as unsure (consultation.py), never as no.
    """
    translation = prover.translation
    assert isinstance(prover.space, SolverSpace)
    for id_, rule in prover.knowledge.rules.items():
        lanes = translation.conditions.lanes(rule["when"])
        yield f"{id_} open has a question", _is_open(lanes) & ~translation.open_askable(rule["when"])
    later_space = SolverSpace("later ")
    later = Translation(prover.knowledge, later_space)
    refined = _refines(prover, later_space)
    prover.space.rules.extend(later_space.rules)
    conditions = {id_: rule["when"] for id_, rule in prover.knowledge.rules.items()}
    for id_, written in {**conditions, "in_scope": "in_scope"}.items():
        before, after = translation.conditions.lanes(written), later.conditions.lanes(written)
        yield f"{id_} stays settled", refined & _loosened(before, after)
    asked = len(askable_questions(prover.knowledge))
    yield f"{asked} lists fit into {AT_MOST} questions", z3.BoolVal(asked > AT_MOST)


def askable_questions(knowledge: RawKnowledge) -> set[str]:
    """The questions that some rule could need."""
    needed: set[str] = set()

    def look(one: object) -> None:
        if isinstance(one, str) and one in knowledge.definitions:
            look(knowledge.definitions[one]["when"])
        elif isinstance(one, str):
            needed.add(str(knowledge.findings[one].get("ask_in")))
        elif isinstance(one, dict) and "value" in one:
            needed.update(id_ for id_, question in knowledge.questions.items() if question.get("value") == one["value"])
        elif isinstance(one, dict):
            for operator, inner in one.items():
                if operator != "told":  # what counts only if it was told is never asked for
                    for part in inner if isinstance(inner, list) else [inner]:
                        look(part)

    for rule in knowledge.rules.values():
        look(rule["when"])
    look("in_scope")
    return needed - {"None"}


def _is_open(lanes: Lanes) -> Bit:
    return (lanes.low ^ lanes.high) | (lanes.low_yes ^ lanes.high_yes)


def _loosened(before: Lanes, after: Lanes) -> Bit:
    """Less at the least, or more at the most, than before."""
    return (
        (before.low & ~after.low)
        | (before.low_yes & ~after.low_yes)
        | (after.high & ~before.high)
        | (after.high_yes & ~before.high_yes)
    )


def _refines(prover: Prover, later: SolverSpace) -> Bit:
    """The later state answers more: nothing said is taken back, but an unsure may become anything once."""
    kept = []
    assert isinstance(prover.space, SolverSpace)
    for finding, told in prover.space.findings.items():
        then = later.finding(finding)
        silent = ~(told.present | told.unsure_again | told.unsure | told.absent)
        kept += [~told.present | then.present, ~told.unsure_again | then.unsure_again, ~told.absent | then.absent]
        kept.append(silent | then.present | then.unsure_again | then.unsure | then.absent)
        wider = prover.knowledge.findings[finding].get("narrower_than")
        if wider:  # a no to the wider one answers it; nobody says it after that
            kept.append(
                ~(silent & prover.space.finding(wider).absent) | ~(then.present | then.unsure | then.unsure_again)
            )
        if not prover.knowledge.findings[finding].get("ask_in"):  # never asked, so an answer doesn't bring it
            kept += [now == before for now, before in zip(then, told, strict=True)]
    for value, measured in prover.space.values.items():
        then_value = later.value(value)
        same = [then_value.asked, then_value.known == measured.known]
        if value.startswith("side"):
            same += [then_value.meets("is", side) == measured.meets("is", side) for side in ("left", "right", "both")]
        else:
            same.append(z3.Real(value) == z3.Real(f"later {value}"))
        kept.append(~measured.asked | z3.And(*same))
        if value == "newest_days" or value.startswith(SIDE_OF):
            kept.append(then_value.asked == measured.asked)
        if value.startswith(SIDE_OF):  # a side comes with its sign, so a sign with a side was there before
            sign = value[len(SIDE_OF) :]
            pairs = zip(later.finding(sign), prover.space.finding(sign), strict=True)
            kept += [~measured.asked | (one == other) for one, other in pairs]
    return z3.And(*kept)


PROPERTIES: dict[str, tuple[str, Callable[[Prover], Claims]]] = {
    "a": ("a red flag gives at least its disposition", red_flags_reach_their_level),
    "b": ("more danger is never milder", more_danger_is_never_milder),
    "c": ("a red flag that is unsure never ends in self-care", unsure_is_never_self_care),
    "d": (
        "self-care is final only with each sign answered no that makes a red flag",
        self_care_needs_every_no,
    ),
    "e": ("no contraindicated advice for anyone", no_advice_that_harms),
    "f": ("the interview ends, without a dead end, within the bound", the_interview_ends),
}
