"""`make bench-interviews`: 10,000 simulated patients, with the program's choice of questions and three others.

Each patient is drawn once and interviewed four times, question by question, as a talk goes. Printed as Markdown: how
many questions it takes, how soon an emergency is known, and whether the interview ends where the whole truth would.
It is an error if any interview ends below what the whole truth demands.
"""

from __future__ import annotations

import argparse
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from multiprocessing import Pool

from benchmarks.question_orders import ORDERS, WITH_QUESTION, Choice
from benchmarks.simulated_patients import WORLDS, Patient, draw
from sciatriage.triage.case import Case
from sciatriage.triage.consultation import consult
from sciatriage.triage.knowledge import Knowledge, load_knowledge
from sciatriage.triage.vocabulary import Disposition

PATIENTS = 10_000
PROCESSES = 2
NOW = datetime(2026, 1, 5, tzinfo=timezone.utc)
TURNS = 40  # far more than any talk may take: an interview that reaches them doesn't end


@dataclass(frozen=True)
class Interview:
    """How one interview went: its questions, after how many the disposition was settled, and where it ended."""

    questions: tuple[str, ...]
    settled_after: int
    reached: Disposition
    demanded: Disposition

    @property
    def emergency_after(self) -> int | None:
        """After how many questions the emergency was known; None where there was none."""
        return len(self.questions) if self.reached is Disposition.EMERGENCY_NOW else None


def interview(patient: Patient, knowledge: Knowledge, choice: Choice) -> tuple[Interview, Case]:
    """Ask until nothing is left to ask, and compare with what the whole truth demands."""
    case = patient.opens()
    settled_after = None
    for turn in range(TURNS):
        opinion = consult(case, (), knowledge, NOW, ask=choice in WITH_QUESTION)
        if settled_after is None and (opinion.complete or opinion.certain is Disposition.EMERGENCY_NOW):
            settled_after = turn
        question = None if opinion.certain is Disposition.EMERGENCY_NOW else choice(case, opinion, knowledge)
        if question is None:
            demanded = consult(patient.truth(knowledge), (), knowledge, NOW, ask=False).disposition
            settled = turn if settled_after is None else settled_after
            return Interview(case.asked, settled, opinion.disposition, demanded), case
        case = patient.answers(case, question)
    raise AssertionError(f"an interview that doesn't end: {patient}")


def interviews(seed: int, world: str) -> tuple[Interview, ...]:
    """One patient, interviewed in each of the ways."""
    knowledge = _knowledge()
    patient = draw(seed, knowledge, world=world)
    return tuple(interview(patient, knowledge, choice)[0] for choice in ORDERS.values())


_read: list[Knowledge] = []  # each process reads the knowledge once


def _knowledge() -> Knowledge:
    if not _read:
        _read.append(load_knowledge())
    return _read[0]


def main() -> None:
    """Interview them all and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=PATIENTS)
    parser.add_argument("--world", choices=WORLDS, default=WORLDS[0])
    options = parser.parse_args()
    with Pool(PROCESSES) as pool:
        went = pool.map(partial(interviews, world=options.world), range(options.patients), chunksize=50)
    ways = {name: [each[index] for each in went] for index, name in enumerate(ORDERS)}
    print_tables(ways)
    below = [one for way in ways.values() for one in way if one.reached.urgency < one.demanded.urgency]
    assert not below, below[:3]


def print_tables(ways: dict[str, list[Interview]]) -> None:
    """The figures, one column a way of choosing."""
    rows: list[tuple[str, Callable[[list[Interview]], str]]] = [
        ("questions: least, quartiles, 95 %, most", lambda way: _spread([len(one.questions) for one in way])),
        ("questions: mean", lambda way: _mean([len(one.questions) for one in way])),
        ("until settled: least, quartiles, 95 %, most", lambda way: _spread([one.settled_after for one in way])),
        ("until settled: mean", lambda way: _mean([one.settled_after for one in way])),
    ]
    for level in sorted(Disposition, key=lambda one: -one.urgency):
        rows.append((f"{level.value}: people", partial(_people, level=level)))
        rows.append((f"{level.value}: questions, mean", partial(_of_level, level=level)))
    rows += [
        ("until an emergency is known: mean", lambda way: _mean(_emergencies(way))),
        ("until an emergency is known: 95 %", lambda way: f"{_quantile(_emergencies(way), 95):g}"),
        ("ends where the truth does", lambda way: f"{100 * statistics.mean(_agrees(way)):.1f} %"),
        ("ends above it", lambda way: f"{sum(one.reached.urgency > one.demanded.urgency for one in way)}"),
        ("ends below it", lambda way: f"{sum(one.reached.urgency < one.demanded.urgency for one in way)}"),
    ]
    print(f"| {len(next(iter(ways.values()))):,} patients | {' | '.join(ways)} |")
    print("|---" * (len(ways) + 1) + "|")
    for name, told in rows:
        print(f"| {name} | {' | '.join(told(way) for way in ways.values())} |")
    print("\nfirst question:")
    for name, way in ways.items():
        first = Counter(one.questions[0] for one in way if one.questions)
        print(f"- {name}: {', '.join(f'{id_} {count}' for id_, count in first.most_common(6))}")


def _emergencies(way: Sequence[Interview]) -> list[int]:
    return [one.emergency_after for one in way if one.emergency_after is not None]


def _agrees(way: Sequence[Interview]) -> list[bool]:
    return [one.reached is one.demanded for one in way]


def _people(way: Sequence[Interview], level: Disposition) -> str:
    return str(sum(one.reached is level for one in way))


def _of_level(way: Sequence[Interview], level: Disposition) -> str:
    return _mean([len(one.questions) for one in way if one.reached is level])


def _mean(counts: Sequence[int]) -> str:
    return f"{statistics.mean(counts):.2f}" if counts else "-"


def _spread(counts: Sequence[int]) -> str:
    return ", ".join(f"{_quantile(counts, percent):g}" for percent in (0, 25, 50, 75, 95, 100))


def _quantile(counts: Sequence[int], percent: int) -> float:
    if not counts:
        return 0.0
    ordered = sorted(counts)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


if __name__ == "__main__":
    main()
