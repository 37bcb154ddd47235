"""Knowledge to break: a copy of the folder, changed in one place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sciatriage.proof.properties import Prover
from sciatriage.proof.raw import RawKnowledge, read_raw
from sciatriage.proof.requirements import Requirements, read_requirements
from sciatriage.triage.knowledge import knowledge_folder

Change = Callable[[str, str, str], Path]


@pytest.fixture(scope="session")
def raw() -> RawKnowledge:
    return read_raw(knowledge_folder())


@pytest.fixture(scope="session")
def requirements() -> Requirements:
    return read_requirements()


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """changed(file, written, instead): a copy of the knowledge in which that one file says something else."""

    def change(file: str, written: str, instead: str) -> Path:
        folder = tmp_path / "knowledge"
        if not folder.exists():
            shutil.copytree(knowledge_folder(), folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert written in text, "the change must change something"
        (folder / file).write_text(text.replace(written, instead, 1), encoding="utf-8")
        return folder

    return change


def broken_claims(prover: Prover) -> dict[str, list[str]]:
    """The claims that don't hold, by property; properties that hold are left out."""
    return {one.id: [broken.claim for broken in one.broken] for one in prover.prove_all() if one.broken}
