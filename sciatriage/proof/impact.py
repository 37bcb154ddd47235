"""What a change of the knowledge does: which cases and which states come to another disposition, and which way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sciatriage.cases import read_cases
from sciatriage.proof.crosscheck import NOW, ranks
from sciatriage.proof.raw import RawKnowledge, read_raw
from sciatriage.proof.spaces import SampleSpace, SolverSpace, cuts, everything_written
from sciatriage.proof.translation import LEVELS, Bit, Translation
from sciatriage.triage.consultation import consult
from sciatriage.triage.knowledge import load_knowledge

APPROVALS = Path(__file__).resolve().parents[2] / "safety" / "approvals.yml"
_SECTIONS = ("findings", "definitions", "rules", "advice", "questions")
_DECIDES = {  # the keys of an entry that bear on a disposition or on who is given advice
    "findings": ("ask_in", "danger", "narrower_than"),
    "definitions": ("when",),
    "rules": ("when", "present", "uncertain"),
    "advice": ("for", "withheld", "dispositions"),
    "questions": ("value",),
}
_SEED = 20260105


@dataclass(frozen=True)
class Case:
    """A written case that comes to something else."""

    id: str
    before: str
    after: str

    @property
    def lowered(self) -> bool:
        """Whether it comes to something milder."""
        return _rank(self.after) < _rank(self.before)


@dataclass(frozen=True)
class Impact:
    """The whole of it.

    `changed` are the entries whose deciding parts differ, as section/id. `lowered`, `raised`, `freer` (advice given
    that was not, at the same disposition) and `sooner` (an end where a question was open) each hold a state that shows
    it, None where no state there can be does. `unguarded` are the findings that are danger signs no more, and values
    asked no more. `moves` counts drawn states by (draw, before, after), `drawn` all of a draw.
    """

    old: str
    new: str
    changed: tuple[str, ...]
    lowered: Mapping[str, Any] | None
    raised: Mapping[str, Any] | None
    freer: Mapping[str, Any] | None
    sooner: Mapping[str, Any] | None
    unguarded: tuple[str, ...]
    moves: Mapping[tuple[str, str, str], int]
    drawn: Mapping[str, int]
    cases: tuple[Case, ...]
    cases_read: int

    @property
    def milder(self) -> bool:
        """Whether somebody could be told less, or be given what was withheld."""
        found = (self.lowered, self.freer, self.sooner)
        return any(state is not None for state in found) or bool(self.unguarded)


def impact(old: Path, new: Path, cases: Path | None, drawn: int = 100_000) -> Impact:
    """Compare two folders of knowledge. Raises KnowledgeError where one can't be read."""
    before, after = load_knowledge(old), load_knowledge(new)
    raw_before, raw_after = read_raw(old), read_raw(new)
    solver = SolverSpace()
    one, other = Translation(raw_before, solver), Translation(raw_after, solver)
    reached = [(one.at_least[level][1], other.at_least[level][1]) for level in LEVELS]
    moves, counts = _moves(raw_before, raw_after, drawn)
    written = read_cases(cases) if cases else ()
    came_to = [
        Case(
            case.id,
            *(
                consult(case.as_case(knowledge), (), knowledge, NOW, ask=False).disposition.value
                for knowledge in (before, after)
            ),
        )
        for case in written
    ]
    return Impact(
        old=before.fingerprint[:16],
        new=after.fingerprint[:16],
        changed=tuple(_changed(raw_before, raw_after)),
        lowered=solver.small_example(reduce(or_, [was & ~now for was, now in reached])),
        raised=solver.small_example(reduce(or_, [now & ~was for was, now in reached])),
        freer=solver.small_example(_freer(one, other)),
        sooner=solver.small_example(
            reduce(or_, [one.at_least[level][2] & ~other.at_least[level][2] for level in LEVELS])
        ),
        unguarded=tuple(_unguarded(raw_before, raw_after)),
        moves=moves,
        drawn=counts,
        cases=tuple(case for case in came_to if case.before != case.after),
        cases_read=len(written),
    )


def _rank(disposition: str) -> int:
    return ("out_of_scope", *LEVELS).index(disposition)


def _freer(one: Translation, other: Translation) -> Bit:
    """Advice given where the old knowledge gives none of it, at the same disposition; a new item always."""
    before: dict[str, Bit] = {given.id: given.when for given in one.given()}
    same = reduce(or_, [one.is_now(level) & other.is_now(level) for level in LEVELS])
    new = [given.when & same & ~before[given.id] for given in other.given() if given.id in before]
    new += [given.when for given in other.given() if given.id not in before]
    return reduce(or_, new)


def _unguarded(before: RawKnowledge, after: RawKnowledge) -> Iterator[str]:
    """Danger signs that a no in passing would now rule out, and values that no question asks for any more."""
    asked = {question.get("value") for question in after.questions.values()}
    for question in before.questions.values():
        if question.get("value") and question["value"] not in asked:
            yield str(question["value"])
    for id_, entry in before.findings.items():
        if entry.get("danger") and id_ in after.findings and not after.findings[id_].get("danger"):
            yield id_


def _moves(
    before: RawKnowledge, after: RawKnowledge, drawn: int
) -> tuple[dict[tuple[str, str, str], int], dict[str, int]]:
    both = replace(before, findings={**before.findings, **after.findings})
    limits = cuts(everything_written(before), everything_written(after))
    space = SampleSpace(both, limits, drawn, _SEED)
    urgency = [ranks(Translation(raw, space), space, lane=1) for raw in (before, after)]
    moves: Counter[tuple[str, str, str]] = Counter()
    names = ("out_of_scope", *LEVELS)
    for name, states in space.draws.items():
        for was, now in zip(urgency[0][states], urgency[1][states], strict=True):
            if was != now:
                moves[name, names[was], names[now]] += 1
    return dict(moves), {name: len(range(*states.indices(drawn))) for name, states in space.draws.items()}


def _changed(before: RawKnowledge, after: RawKnowledge) -> Iterator[str]:
    for section in _SECTIONS:
        old, new = getattr(before, section), getattr(after, section)
        for id_ in sorted({*old, *new}):
            keys = _DECIDES[section]
            if (id_ in old) != (id_ in new) or any(old[id_].get(key) != new[id_].get(key) for key in keys):
                yield f"{section}/{id_}"
    for id_ in sorted(before.red_flags ^ after.red_flags):
        if id_ in before.rules and id_ in after.rules:
            yield f"rules/{id_}"


@dataclass(frozen=True)
class Approval:
    """A signed approval of one change."""

    id: str
    by: str
    on: str
    because: str


def approval_of(found: Impact, file: Path = APPROVALS) -> Approval | None:
    """The approval of just this change, from the old knowledge to the new, with every changed entry; else None."""
    read = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    for id_, entry in (read.get("approvals") or {}).items():
        signed = all(str(entry.get(key) or "").strip() for key in ("by", "on", "because"))
        of_this = (str(entry.get("from")), str(entry.get("to"))) == (found.old, found.new)
        if signed and of_this and set(found.changed) <= set(entry.get("covers") or ()):
            return Approval(id_, str(entry["by"]), str(entry["on"]), str(entry["because"]))
    return None


def lines(found: Impact, approval: Approval | None) -> Iterator[str]:
    """The impact as text, the verdict last."""
    yield f"from {found.old} to {found.new}"
    yield "changed: " + (", ".join(found.changed) or "nothing that decides")
    for says, state in (
        ("milder for somebody", found.lowered),
        ("more urgent for somebody", found.raised),
        ("advice given that was not", found.freer),
        ("an end where a question was open", found.sooner),
    ):
        yield f"{says}: {'no state there can be' if state is None else f'yes, such as {state}'}"
    if found.unguarded:
        yield f"ruled out by a no in passing, or asked no more: {', '.join(found.unguarded)}"
    total = sum(found.drawn.values())
    yield f"of {total:,} drawn states:"
    for way, sign in (("milder", -1), ("more urgent", 1)):
        in_draw: Counter[str] = Counter()
        in_all: Counter[tuple[str, str]] = Counter()
        for (draw, was, now), count in found.moves.items():
            if (_rank(now) - _rank(was)) * sign > 0:
                in_draw[draw] += count
                in_all[was, now] += count
        by_draw = ", ".join(f"{draw} {_percent(in_draw[draw], drawn)}" for draw, drawn in found.drawn.items())
        yield f"  {way}: {_percent(in_all.total(), total)} ({by_draw})"
        for (was, now), count in in_all.most_common():
            yield f"    {was} to {now}: {count:,}"
    yield f"cases: {len(found.cases)} of {found.cases_read} change"
    for case in found.cases:
        yield f"  {case.id}: {case.before} to {case.after}{' (milder)' if case.lowered else ''}"
    if not found.milder:
        yield "ACCEPTED: nobody is told less, and no advice is freer"
    elif approval:
        yield f"ACCEPTED: approved as '{approval.id}' by {approval.by} on {approval.on}: {approval.because}"
    else:
        covers = ", ".join(found.changed)
        yield (
            "REFUSED: this makes a result milder or advice freer. If that is meant, safety/approvals.yml needs an "
            f"entry with from: '{found.old}', to: '{found.new}', covers: [{covers}], by, on and because"
        )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "0 %"
