"""Breaks the engine on purpose, one small change of its code at a time, and sees whether the checks notice.

Each mutant runs in a process of its own, where the rooms of `sciatriage` are loaded anew with the one changed module.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.util
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ENGINE = ("expression", "case", "red_flags", "advice", "consultation", "questions")
_ROOM = Path(__file__).resolve().parents[1] / "triage"
_SECONDS = 60  # a mutant may run for ever; that is noticed, too

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


@dataclass(frozen=True)
class EngineMutant:
    """The `number`th change of a module; `says` names it with its line."""

    module: str
    number: int
    says: str


@dataclass(frozen=True)
class Trial:
    """What became of a mutant: the check that noticed it, or None; whether it behaves otherwise, or less safely."""

    mutant: EngineMutant
    caught_by: str | None
    differs: bool
    less_safe: bool


def engine_mutants() -> Iterator[EngineMutant]:
    """Every change of every module of the engine."""
    for module in ENGINE:
        tree = ast.parse((_ROOM / f"{module}.py").read_text(encoding="utf-8"))
        for number, (says, _) in enumerate(_changes(tree)):
            yield EngineMutant(module, number, says)


def _changes(tree: ast.Module) -> Iterator[tuple[str, Callable[[], None]]]:
    """Each change, as its name and what makes it (on this tree)."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARED:
            other = _COMPARED[type(node.ops[0])]
            yield f"line {line}: {type(node.ops[0]).__name__} to {other.__name__}", _setter(node, "ops", [other()])
        elif isinstance(node, ast.BoolOp):
            other_op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield f"line {line}: and/or swapped", _setter(node, "op", other_op)
        elif isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, (ast.BitAnd, ast.BitOr)):
            if not _is_annotation(node):
                other_bit = ast.BitOr() if isinstance(node.op, ast.BitAnd) else ast.BitAnd()
                yield f"line {line}: & and | swapped", _setter(node, "op", other_bit)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield f"line {line}: not dropped", _setter(node, "op", ast.UAdd())
        elif isinstance(node, ast.If):
            yield f"line {line}: if never", _setter(node, "test", ast.Constant(False))
        elif isinstance(node, ast.comprehension) and node.ifs:
            yield f"line {node.iter.lineno}: every one kept", _setter(node, "ifs", [])
        elif isinstance(node, ast.Attribute) and node.attr in _TWINS and isinstance(node.ctx, ast.Load):
            yield f"line {line}: {node.attr} to {_TWINS[node.attr]}", _setter(node, "attr", _TWINS[node.attr])
        elif isinstance(node, ast.Name) and node.id in _TWINS and isinstance(node.ctx, ast.Load):
            yield f"line {line}: {node.id} to {_TWINS[node.id]}", _setter(node, "id", _TWINS[node.id])


# Names that stand for the opposite, or the next, of one another.
_TWINS = {
    "PRESENT": "ABSENT",
    "ABSENT": "PRESENT",
    "UNCERTAIN": "ABSENT",
    "low": "high",
    "now": "high",
    "high": "low",
    "YES": "UNSURE",
    "UNSURE": "NO",
    "UNSURE_TO_ASK_AGAIN": "NO",
    "NOT_ASKED": "NO",
    "present": "uncertain",
    "uncertain": "present",
    "EMERGENCY_NOW": "URGENT_SAME_DAY",
    "SELF_CARE": "OUT_OF_SCOPE",
}


def _is_annotation(node: ast.AST) -> bool:
    """`str | None` is a type, not reckoning."""
    return isinstance(node, ast.BinOp) and any(
        isinstance(side, ast.Constant) and side.value is None for side in (node.left, node.right)
    )


def _setter(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(node, name, value)


def try_all(mutants: Sequence[EngineMutant], processes: int, folder: Path, seed: int) -> Iterator[Trial]:
    """Try each; the mutants run beside one another, `processes` at a time."""
    work = [(mutant, folder, seed) for mutant in mutants]
    with multiprocessing.get_context("fork").Pool(processes, maxtasksperchild=1) as pool:
        for mutant, found in zip(mutants, pool.imap(_try, work, chunksize=1), strict=True):
            yield Trial(mutant, *found)


def _try(work: tuple[EngineMutant, Path, int]) -> tuple[str | None, bool, bool]:
    """What noticed it, and whether it behaves differently; plain data, since classes are loaded anew here."""
    mutant, folder, seed = work
    before = _BEFORE[folder, seed]
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(_SECONDS)
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115  # for the rest of this process's short life
    for name in [name for name in sys.modules if name.split(".")[0] == "sciatriage"]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Changed(mutant))
    try:
        from sciatriage.proof.trial import Behaviour, behaviour, first_failure

        failure = first_failure(folder, seed)
        if failure is not None:
            return failure, True, True
        unchanged, now = Behaviour(*before), behaviour(folder, seed)
        return None, now != unchanged, now.less_safe_than(unchanged)
    except Exception as error:  # a program that breaks is noticed by whoever runs it
        return type(error).__name__, True, True


_BEFORE: dict[tuple[Path, int], tuple[Any, Any]] = {}  # a Behaviour's parts, since classes are loaded anew


def remember_unchanged(folder: Path, seed: int) -> None:
    """Note how the engine behaves unchanged, for the processes that are forked after this."""
    from sciatriage.proof.trial import behaviour

    found = behaviour(folder, seed)
    _BEFORE[folder, seed] = found.states, found.interviews


def _too_long(signum: int, frame: object) -> None:
    raise TimeoutError("the mutant doesn't end")


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the one module with its change; every other as usual."""

    def __init__(self, mutant: EngineMutant) -> None:
        self._mutant = mutant
        self._name = f"sciatriage.triage.{mutant.module}"

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        return importlib.util.spec_from_loader(fullname, self) if fullname == self._name else None

    def exec_module(self, module: Any) -> None:
        tree = ast.parse((_ROOM / f"{self._mutant.module}.py").read_text(encoding="utf-8"))
        for number, (_, change) in enumerate(_changes(tree)):
            if number == self._mutant.number:
                change()
                break
        exec(compile(ast.fix_missing_locations(tree), self._name, "exec"), module.__dict__)
