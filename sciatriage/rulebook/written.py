"""The knowledge as it is written: which file an entry stands in, and what still awaits a clinician.

The program has no use for these, so the loaded knowledge doesn't hold them; a clinician who reads the rules does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sciatriage.triage.reading import Problems, read_yaml

AWAITING = "awaiting"
_FIXED_TEXTS = ("crisis", "fail_safe", "opening")


@dataclass(frozen=True)
class Entry:
    """One entry as its file has it. `file` is the path from the knowledge folder, such as "red_flags/clot.yml"."""

    file: str
    raw: Mapping[str, Any]

    @property
    def group(self) -> str:
        """The file's name without ending: the danger, or the area."""
        return Path(self.file).stem

    def reviewed(self, *path: str | int) -> str:
        """What `reviewed` says of the entry, or of the part that `path` leads to; "" where it says nothing."""
        part: Any = self.raw
        for key in path:
            part = part[key]
        return str(part.get("reviewed") or "") if isinstance(part, Mapping) else ""


NOWHERE = Entry("", {})


@dataclass(frozen=True)
class Written:
    """All entries by section and id, in the order of the files."""

    entries: Mapping[tuple[str, str], Entry]

    def entry(self, section: str, id_: str) -> Entry:
        """The entry as written, or an empty one."""
        return self.entries.get((section, id_), NOWHERE)

    def section(self, name: str) -> dict[str, Entry]:
        """The entries of a section by id."""
        return {id_: entry for (section, id_), entry in self.entries.items() if section == name}

    def awaiting(self, section: str) -> int:
        """How many entries of a section, or parts within them, await a clinician."""
        return sum(_marks(entry.raw) for entry in self.section(section).values())


def read_written(folder: Path) -> Written:
    """Read the folder as it is written. Raises KnowledgeError for YAML that can't be read."""
    problems = Problems(folder)
    entries: dict[tuple[str, str], Entry] = {}
    for file in sorted(folder.rglob("*.yml")):
        name = file.relative_to(folder).as_posix()
        for section, id_, raw in _entries(file, read_yaml(file, problems)):
            entries.setdefault((section, id_), Entry(name, raw))
    problems.raise_if_any()
    return Written(entries)


def _entries(file: Path, read: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    if file.parent.name == "regions":
        yield "regions", file.stem, read
        return
    for section, inside in read.items():
        if section in _FIXED_TEXTS and isinstance(inside, Mapping):
            yield "texts", section, inside
        elif isinstance(inside, Mapping):
            for id_, raw in inside.items():
                if isinstance(raw, Mapping):
                    yield section, str(id_), raw


def _marks(part: Any) -> int:
    if isinstance(part, Mapping):
        own = str(part.get("reviewed") or "").startswith(AWAITING)
        return own + sum(_marks(one) for key, one in part.items() if key != "sources")
    return sum(map(_marks, part)) if isinstance(part, list) else 0
