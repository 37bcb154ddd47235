"""`python -m sciatriage.proof`: prove, cross-check, break on purpose, and write the certificate. Exit code 1 if not."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sciatriage.proof import crosscheck, interviews
from sciatriage.proof.certificate import Certificate, Sampled, Score
from sciatriage.proof.crosscheck import Disagreement, Expected
from sciatriage.proof.engine_mutants import engine_mutants, remember_unchanged, try_all
from sciatriage.proof.mutants import Judge, Mutant, mutants
from sciatriage.proof.properties import Prover
from sciatriage.proof.raw import RawKnowledge, read_raw
from sciatriage.proof.requirements import Requirements, read_requirements
from sciatriage.proof.requirements import fingerprint as requirements_fingerprint
from sciatriage.proof.spaces import SampleSpace, SolverSpace, cuts, everything_written
from sciatriage.triage.knowledge import Knowledge, knowledge_folder, load_knowledge

SEED = 20260105
PROCESSES = max(1, min(4, os.cpu_count() or 1))
_DRAWN_FOR_MUTANTS = 20_000
_PARTS = 64  # pieces of work for the processes to share
Check = Callable[[range], Iterator[Disagreement]]


def main() -> int:
    """Run it all."""
    parser = argparse.ArgumentParser(prog="make proof", description="Prove the knowledge safe over all states.")
    parser.add_argument("--states", type=int, default=200_000, help="drawn states for the cross-check")
    parser.add_argument("--interviews", type=int, default=1_000, help="drawn people for whole interviews")
    parser.add_argument("--every", type=int, default=3, help="try every nth mutant; 1 tries all")
    parser.add_argument("--certificate", type=Path, default=Path("var/proof/certificate.json"))
    options = parser.parse_args()
    started = time.perf_counter()
    folder = knowledge_folder().resolve()
    knowledge, raw = load_knowledge(folder), read_raw(folder)
    requirements = read_requirements()
    proved = tuple(Prover(raw, requirements, SolverSpace()).prove_all())
    sampled = tuple(_sampled(raw, knowledge, options.states, options.interviews))
    scores = (
        _score_of_knowledge(raw, requirements, knowledge, options.every),
        _score_of_engine(folder, options.every),
    )
    certificate = Certificate(
        fingerprint=knowledge.fingerprint,
        requirements=requirements_fingerprint(),
        proved=proved,
        sampled=sampled,
        scores=scores,
        not_yet_required=tuple(requirements.not_yet_required(raw)),
        unknowns=_size_of_the_space(raw),
        seconds=time.perf_counter() - started,
    )
    print("\n".join(certificate.lines()))
    certificate.write(options.certificate)
    return 0 if certificate.holds else 1


def _sampled(raw: RawKnowledge, knowledge: Knowledge, states: int, people: int) -> Iterator[Sampled]:
    limits = cuts(everything_written(raw))
    expected = Expected(raw, limits, states, SEED)
    some = SampleSpace(raw, limits, people, SEED + 1)
    checks: tuple[tuple[str, str, int, int, Check], ...] = (
        (
            "the engine says what the translation says",
            "states",
            states,
            1,
            lambda part: crosscheck.engine_against(expected, knowledge, part),
        ),
        (
            "(g) the order in which facts arrive changes nothing",
            "cases, and every order of three mentions of one finding",
            states,
            states // 3_000 or 1,
            lambda part: crosscheck.orders_of_arrival(expected, knowledge, part),
        ),
        (
            "(f) interviews end within the bound, no milder than the whole truth",
            "people",
            people,
            1,
            lambda part: interviews.interviews_that_fail(some, knowledge, part),
        ),
    )
    for says, what, size, step, check in checks:
        started = time.perf_counter()
        failed = tuple(_in_parallel(check, range(0, size, step)))
        yield Sampled(says, len(range(0, size, step)), time.perf_counter() - started, failed, what)


_check: Check | None = None  # set before the processes are forked, which can't be sent a function of this kind


def _in_parallel(check: Check, states: range) -> Iterator[Disagreement]:
    global _check
    _check = check
    parts = [states[first::_PARTS] for first in range(_PARTS) if states[first::_PARTS]]
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        for failed in pool.imap_unordered(_run_part, parts):
            yield from failed


def _run_part(part: range) -> list[Disagreement]:
    assert _check is not None  # set above
    return list(_check(part))


_judge: Judge | None = None
_mutants: list[Mutant] = []


def _score_of_knowledge(raw: RawKnowledge, requirements: Requirements, knowledge: Knowledge, every: int) -> Score:
    global _judge, _mutants
    started = time.perf_counter()
    score = Score("mutants of the knowledge")
    _judge = Judge(raw, requirements, knowledge, _DRAWN_FOR_MUTANTS, SEED)
    _mutants = list(mutants(raw))[::every]
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        judged = pool.imap(_judged, range(len(_mutants)), chunksize=4)
        for mutant, (worse, caught_by) in zip(_mutants, judged, strict=True):
            score.tried += 1
            score.worse += worse
            if worse and caught_by is None:
                score.survivors.append(mutant.says)
            elif caught_by is not None:
                score.caught_by[caught_by] += 1
    score.seconds = time.perf_counter() - started
    return score


def _judged(index: int) -> tuple[bool, str | None]:
    assert _judge is not None  # set above
    mutant = _mutants[index]
    worse = _judge.is_worse(mutant)
    return worse, _judge.caught_by(mutant) if worse else None


def _score_of_engine(folder: Path, every: int) -> Score:
    started = time.perf_counter()
    score = Score("mutants of the engine")
    remember_unchanged(folder, SEED)
    for trial in try_all(list(engine_mutants())[::every], PROCESSES, folder, SEED):
        score.tried += 1
        if trial.caught_by is not None:
            score.worse += 1
            score.caught_by[trial.caught_by] += 1
        elif trial.less_safe:
            score.worse += 1
            score.survivors.append(f"{trial.mutant.module} {trial.mutant.says}")
        elif trial.differs:
            score.differing.append(f"{trial.mutant.module} {trial.mutant.says}")
    score.seconds = time.perf_counter() - started
    return score


def _size_of_the_space(raw: RawKnowledge) -> str:
    limits = cuts(everything_written(raw))
    ranges = " x ".join(f"{2 * len(cut) + 3} of {value}" for value, cut in limits.items() if cut)
    return f"5 to the power of {len(raw.findings)} answers x {ranges} x 5 of side"


if __name__ == "__main__":
    sys.exit(main())
