"""The knowledge as plain data, read anew: the proof must not rest on the engine's own reading of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class RawKnowledge:
    """The sections of knowledge/ that decide something, as written; `red_flags` are the ids of rules that are such."""

    findings: Mapping[str, Entry]
    definitions: Mapping[str, Entry]
    rules: Mapping[str, Entry]
    advice: Mapping[str, Entry]
    questions: Mapping[str, Entry]
    red_flags: frozenset[str] = field(default_factory=frozenset)


def read_raw(folder: Path) -> RawKnowledge:
    """Read all files below `folder`. The loader of triage has checked them already; nothing is checked here."""
    sections: dict[str, dict[str, Entry]] = {
        section: {} for section in ("findings", "definitions", "rules", "advice", "questions")
    }
    red_flags = set()
    for file in sorted(folder.rglob("*.yml")):
        for section, entries in (YAML(typ="safe").load(file.read_text(encoding="utf-8")) or {}).items():
            if section in sections:
                sections[section].update(entries)
                if section == "rules" and file.parent.name == "red_flags":
                    red_flags.update(entries)
    return RawKnowledge(**sections, red_flags=frozenset(red_flags))
