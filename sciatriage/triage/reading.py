"""Reading YAML so that a mistake is answered with file, line, what is wrong and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError


class KnowledgeError(ValueError):
    """The knowledge can't be used. `problems` holds one "file:line: what, and what to do" each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass
class Problems:
    """Gathers every mistake of a reading, so that a clinician mends them in one go."""

    folder: Path
    found: list[str] = field(default_factory=list)

    def add(self, file: Path, path: Sequence[str], says: str) -> None:
        """Note a mistake at the entry that `path` (keys from the top of the file) leads to."""
        name = file.relative_to(self.folder.parent) if file.is_relative_to(self.folder.parent) else file
        self.found.append(f"{name}:{_line_of(file, path)}: {says}")

    def raise_if_any(self) -> None:
        """Raise KnowledgeError where something was noted."""
        if self.found:
            raise KnowledgeError(self.found)


def read_yaml(file: Path, problems: Problems) -> Mapping[str, Any]:
    """One file as plain data; duplicate keys and broken YAML are noted. An unreadable file reads as empty."""
    try:
        read = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        what = (error.problem or "broken YAML").strip().split("\n")[0]
        problems.found.append(f"{file.relative_to(problems.folder.parent)}:{line}: {what}")
        return {}
    if read is None:
        return {}
    if not isinstance(read, Mapping):
        problems.add(file, [], "the file must be a map, such as 'findings:' with entries under it")
        return {}
    return read


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` where something known is close, else nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def check_keys(
    entry: Any, file: Path, path: Sequence[str], required: Iterable[str], optional: Iterable[str], problems: Problems
) -> bool:
    """Whether `entry` is a map with all required keys and no unknown one; each mistake is noted."""
    if not isinstance(entry, Mapping):
        problems.add(file, path, f"'{path[-1]}' must be a map of its parts")
        return False
    allowed = [*required, *optional]
    fine = True
    for key in entry:
        if key not in allowed:
            problems.add(file, [*path, str(key)], f"'{key}' is unknown here{did_you_mean(str(key), allowed)}")
            fine = False
    for key in required:
        if entry.get(key) in (None, "", [], {}):
            problems.add(file, path, f"'{path[-1]}' has no '{key}'; add it")
            fine = False
    return fine


def _line_of(file: Path, path: Sequence[str]) -> int:
    """The line a path of keys leads to; read anew with line numbers, since this is needed only for a mistake."""
    try:
        node = YAML(typ="rt").load(file.read_text(encoding="utf-8"))
    except (OSError, MarkedYAMLError):
        return 1
    line = 1
    for key in path:
        if not isinstance(node, Mapping) or key not in node:
            break
        line = node.lc.key(key)[0] + 1  # type: ignore[attr-defined]  # ruamel's CommentedMap keeps the marks
        node = node[key]
    return line
