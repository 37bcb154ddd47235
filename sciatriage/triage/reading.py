"""Reading YAML so that a mistake is answered with file, line, what is wrong and what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from sciatriage.triage.entries import Line
from sciatriage.triage.plain_words import service_number

AWAITING = ("awaiting a clinician", "awaiting the clinic that runs it")
_SIGNED = re.compile(r"[^\W\d_][^,]*, \d{4}-\d{2}-\d{2}")
_CUT_OFFS = ("at_least", "at_most", "over", "under")


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
    _marked: dict[Path, Any] = field(default_factory=dict)  # files read anew with line numbers, only where needed

    def add(self, file: Path, path: Sequence[str | int], says: str) -> None:
        """Note a mistake at what `path` (keys and places in lists, from the top of the file) leads to."""
        name = file.relative_to(self.folder.parent) if file.is_relative_to(self.folder.parent) else file
        if file not in self._marked:
            self._marked[file] = _read_with_marks(file)
        self.found.append(f"{name}:{_line_of(self._marked[file], path)}: {says}")

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
    entry: Any,
    file: Path,
    path: Sequence[str | int],
    required: Iterable[str],
    optional: Iterable[str],
    problems: Problems,
) -> bool:
    """Whether `entry` is a map with all required keys and no unknown one; each mistake is noted."""
    name = next((key for key in reversed(path) if isinstance(key, str)), file.stem)
    if not isinstance(entry, Mapping):
        problems.add(file, path, f"'{name}' must be a map of its parts")
        return False
    allowed = [*required, *optional]
    fine = True
    for key in entry:
        if key not in allowed:
            problems.add(file, [*path, str(key)], f"'{key}' is unknown here{did_you_mean(str(key), allowed)}")
            fine = False
    for key in required:
        if entry.get(key) in (None, "", [], {}):
            problems.add(file, path, f"'{name}' has no '{key}'; add it")
            fine = False
    return fine


def read_cited(
    entry: Mapping[str, Any],
    file: Path,
    path: Sequence[str | int],
    sources: Mapping[str, Mapping[str, Any]],
    problems: Problems,
    reviewed: object = None,
) -> tuple[str, ...]:
    """What an entry cites, "A1: the passage" each.

    Noted are a source nobody knows, an article without its passage, and an entry that rests on guidelines and says
    nowhere who reviewed it: in its own `reviewed`, or in that of the entry around it.
    """
    written = entry.get("sources") or []
    cited: list[tuple[int, str, str]] = []
    for place, source in enumerate(written if isinstance(written, list) else [written]):
        told = source.items() if isinstance(source, Mapping) else [str(source).partition(":")[::2]]
        cited += [(place, str(id_), "" if passage is None else str(passage).strip()) for id_, passage in told]
    on_guidelines_alone = bool(cited)
    for place, id_, passage in cited:
        where = [*path, "sources", place]
        is_article = id_ in sources and sources[id_].get("kind") == "article"
        on_guidelines_alone = on_guidelines_alone and id_ in sources and not is_article
        if id_ not in sources:
            problems.add(file, where, f"source '{id_}' is not in sources.yml{did_you_mean(id_, sources)}")
        elif is_article and not passage:
            problems.add(file, where, f"'{id_}' is cited without its passage; write '{id_}: what it says, in short'")
        if file.parent.name != "regions" and service_number(passage):
            problems.add(file, where, f"a number to call in the passage of '{id_}'; keep it in regions/")
    name = next((key for key in reversed(path) if isinstance(key, str)), file.stem)
    if not cited:
        problems.add(file, path, f"'{name}' has no source; nothing is known here without one")
    reviewed = entry.get("reviewed") if reviewed is None else reviewed
    if on_guidelines_alone and not reviewed:
        problems.add(file, path, f"'{name}' rests on guidelines alone; add 'reviewed: {AWAITING[0]}'")
    if reviewed and str(reviewed) not in AWAITING and not _SIGNED.fullmatch(str(reviewed)):
        says = f"'{reviewed}' is no review; write '{AWAITING[0]}', or a clinician's name and the day: Name, 2026-01-31"
        problems.add(file, [*path, "reviewed"], says)
    return tuple(f"{id_}: {passage}" if passage else id_ for _, id_, passage in cited)


def has_cut_off(when: object) -> bool:
    """Whether a condition compares a value with a number, such as `{value: duration_days, over: 7}`."""
    if isinstance(when, Mapping):
        return any(key in _CUT_OFFS or has_cut_off(below) for key, below in when.items())
    return isinstance(when, list) and any(map(has_cut_off, when))


def read_number(entry: Mapping[str, Any], key: str, file: Path, path: Sequence[str], problems: Problems) -> float:
    """The number at `key`; 0 where there is none, and anything but a number is noted."""
    written = entry.get(key, 0)
    if isinstance(written, (int, float)) and not isinstance(written, bool):
        return float(written)
    problems.add(file, [*path, key], f"'{written}' is no number; write one such as 1.5")
    return 0.0


def read_flag(entry: Mapping[str, Any], key: str, file: Path, path: Sequence[str], problems: Problems) -> bool:
    """Whether `key` is true; "yes" and "no" are only words in YAML, and are noted."""
    written = entry.get(key, False)
    if not isinstance(written, bool):
        problems.add(file, [*path, key], f"'{written}' is neither true nor false; write one of them")
    return written is True


def read_line(entry: Mapping[str, Any], key: str, file: Path, problems: Problems) -> Line:
    """A region's line to call: what is said, and the number behind the button, which must be the one that is said."""
    written, path = entry[key], [key]
    if not check_keys(written, file, path, ("say",), ("number",), problems):
        return Line(None, "")
    number, say = written.get("number"), written["say"]
    if not isinstance(say, str) or not isinstance(number, (str, type(None))):
        problems.add(file, path, f"put the number of '{key}' in quotes; without them 000 is read as 0")
    elif number and number not in say:
        problems.add(file, path, f"'{say}' doesn't say the number {number} that the button calls; write it in 'say'")
    return Line(number or None, str(say))


def _read_with_marks(file: Path) -> Any:
    try:
        return YAML(typ="rt").load(file.read_text(encoding="utf-8"))
    except (OSError, MarkedYAMLError):
        return None


def _line_of(node: Any, path: Sequence[str | int]) -> int:
    """The line a path leads to, or as far as it leads, in what ruamel read with marks."""
    line = 1
    for key in path:
        if isinstance(node, Mapping) and key in node:
            line = node.lc.key(key)[0] + 1  # type: ignore[attr-defined]  # ruamel's CommentedMap keeps the marks
        elif isinstance(node, list) and isinstance(key, int) and key < len(node):
            line = node.lc.item(key)[0] + 1  # type: ignore[attr-defined]  # and so does its CommentedSeq
        else:
            break
        node = node[key]
    return line
