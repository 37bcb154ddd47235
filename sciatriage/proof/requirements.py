"""The safety requirements (safety/): what must hold, written apart from the knowledge."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sciatriage.proof.raw import RawKnowledge

FOLDER = Path(__file__).resolve().parents[2] / "safety"
FILES = ("requirements.yml", "cautions.yml")  # from the specification; and what guidance adds


@dataclass(frozen=True)
class Requirements:
    """`levels`: at least this level where that holds. `advice`: never given beside that. `asked`: the findings that
    each must be answered no before self-care is final. `calming`: findings that may make the disposition milder.
    `heard_only`: findings that are heard and never asked. `never_in_passing`: beside `asked`, findings that only the
    answer to their question rules out. `narrower`: the wider finding of each that a no to it answers."""

    definitions: Mapping[str, Any]
    levels: Mapping[str, Any]
    advice: Mapping[str, Any]
    asked: tuple[str, ...]
    calming: frozenset[str]
    heard_only: frozenset[str]
    never_in_passing: frozenset[str]
    narrower: Mapping[str, str]

    def not_yet_required(self, knowledge: RawKnowledge) -> list[str]:
        """Danger signs of the knowledge that no line here would miss: new ones, until a release requires them, too."""
        known = self.never_in_passing | self.heard_only | set(self.asked)
        return sorted(id_ for id_, finding in knowledge.findings.items() if finding.get("danger") and id_ not in known)

    @property
    def rested_on(self) -> frozenset[str]:
        """Every finding that a level rests on."""
        found: set[str] = set()

        def look(one: object) -> None:
            if isinstance(one, str):
                if one in self.definitions:
                    look(self.definitions[one]["when"])
                else:
                    found.add(one)
            elif isinstance(one, list):
                for part in one:
                    look(part)
            elif isinstance(one, Mapping) and "value" not in one:
                for part in one.values():
                    look(part)

        for level in self.levels.values():
            look(level["when"])
        return frozenset(found)


def read_requirements(folder: Path = FOLDER) -> Requirements:
    """Read both files of the folder. Raises KeyError or a YAML error where they aren't what they should be."""
    read, more = (YAML(typ="safe").load((folder / name).read_text(encoding="utf-8")) for name in FILES)
    return Requirements(
        definitions=read["definitions"],
        levels=read["levels"],
        advice={**read["advice"], **more["advice"]},
        asked=tuple(one["finding"] for one in read["asked"]),
        calming=frozenset(read["calming"]["findings"]),
        heard_only=frozenset(read["heard_only"]["findings"]),
        never_in_passing=frozenset(read["never_in_passing"]["findings"]),
        narrower=read["narrower"]["pairs"],
    )


def fingerprint(folder: Path = FOLDER) -> str:
    """SHA-256 over both files."""
    return hashlib.sha256(b"\0".join((folder / name).read_bytes() for name in FILES)).hexdigest()
