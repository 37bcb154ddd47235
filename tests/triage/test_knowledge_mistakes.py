"""A mistake in the knowledge is answered with file, line, what is wrong and what to do; the program doesn't start."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sciatriage.triage.knowledge import KnowledgeError, knowledge_folder, load_knowledge

RULE = "red_flags/cauda_equina.yml"

# file, what is written, what is written instead, what the reader is told
MISTAKES = [
    (
        RULE,
        "present: emergency_now",
        "present: emergency",
        "'emergency' is no disposition; did you mean 'emergency_now'?",
    ),
    (RULE, "because:", "becuase:", "'becuase' is unknown here; did you mean 'because'?"),
    (RULE, "    sources: [A0", "    sources: [A9", "source 'A9' is not in sources.yml"),
    (RULE, "danger: true", "dangerous: true", "'dangerous' is unknown here; did you mean 'danger'?"),
    (RULE, "ask_in: toilet_and_both_legs", "ask_in: toilets", "which no question is"),
    (RULE, "bowel_incontinence]", "bowel_incontinense]", "neither a finding nor a definition"),
    ("questions.yml", "kind: checklist", "kind: ticklist", "'ticklist' is no kind of question"),
    ("conditions/dvt.yml", "points:", "weight:", "'weight' is unknown here"),
    ("definitions.yml", "at_least: 7", "atleast: 7", "use at_most, at_least, over or under"),
    ("reasons.yml", "rules:", "rulse:", "'rulse' is no section; did you mean 'rules'?"),
    ("regions/gb.yml", "emergency:", "emergancy:", "'emergancy' is unknown here"),
    ("dispositions.yml", "  self_care:", "  selfcare:", "'selfcare' is no disposition"),
]


@pytest.mark.parametrize(("file", "written", "instead", "told"), MISTAKES, ids=[mistake[2] for mistake in MISTAKES])
def test_a_mistake_is_told(file: str, written: str, instead: str, told: str, tmp_path: Path) -> None:
    problems = _broken(tmp_path, file, written, instead)
    assert [one for one in problems if told in one], problems
    where = next(one for one in problems if told in one)
    assert where.startswith(f"knowledge/{file}:"), where
    assert where.split(":")[1].isdigit(), where


def test_a_duplicate_key_is_told(tmp_path: Path) -> None:
    text = (knowledge_folder() / "reasons.yml").read_text()
    first = text.split("rules:\n", 1)[1].split("\n  ", 2)[0]
    problems = _broken(
        tmp_path, "reasons.yml", "rules:\n", f"rules:\n{first}\n    because: twice\n    because: twice\n"
    )
    assert [one for one in problems if "duplicate key" in one], problems


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    problems = _broken(tmp_path, "reasons.yml", "rules:", "rules: [")
    assert problems
    assert problems[0].startswith("knowledge/reasons.yml:")


def test_an_entry_twice_is_told(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    shutil.copy(folder / RULE, folder / "red_flags/again.yml")
    problems = _problems(folder)
    assert [one for one in problems if "is already in" in one]


def _copy(tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge"
    shutil.copytree(knowledge_folder(), folder)
    return folder


def _broken(tmp_path: Path, file: str, written: str, instead: str) -> tuple[str, ...]:
    folder = _copy(tmp_path)
    text = (folder / file).read_text()
    assert written in text, "the mistake must break something"
    (folder / file).write_text(text.replace(written, instead, 1))
    return _problems(folder)


def _problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    return caught.value.problems
