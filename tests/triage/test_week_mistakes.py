"""A mistake in what the knowledge says of the first week is answered with file, line and what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sciatriage.triage.knowledge import KnowledgeError, knowledge_folder, load_knowledge

LATER, WEEK = "advice/prevention.yml", "week.yml"
DAYS = "days: {from: 4, to: 7}"
IN_ORDER = "'days' are two whole days in order"

# file, what is written, what is written instead, what the reader is told
MISTAKES = [
    (LATER, DAYS, "days: {from: 7, to: 4}", IN_ORDER),
    (LATER, DAYS, "days: {from: 0, to: 4}", IN_ORDER),
    (LATER, DAYS, "days: {from: 4, to: 8}", IN_ORDER),
    (LATER, DAYS, "days: {from: 4.5, to: 7}", IN_ORDER),
    (LATER, DAYS, "days: {from: true, to: 7}", IN_ORDER),
    (LATER, DAYS, "days: {from: four, to: 7}", IN_ORDER),
    (LATER, DAYS, "days: {from: 4}", IN_ORDER),
    (LATER, DAYS, "days: {from: 4, to: 7, by: 2}", IN_ORDER),
    (LATER, DAYS, "days: 4", IN_ORDER),
    (LATER, DAYS, "day: {from: 4, to: 7}", "'day' is unknown here; did you mean 'days'?"),
    (LATER, "part: drink", "part: food", "needs a 'part' of the week: one of ease, move, rest, drink, learn"),
    (LATER, "    part: drink\n", "", "needs a 'part' of the week"),
    (LATER, "kind: caution", "kind: caution\n    how_often: daily", "'how_often' is only for advice of kind self_care"),
    ("advice/movement.yml", "steps: true", "steps: maybe", "'maybe' is neither true nor false"),
    (WEEK, "  self_care:", "  urgent_same_day:", "'urgent_same_day' can have no week"),
    (WEEK, "  self_care:", "  urgent_same_day:", "there is no week for 'self_care'; add it"),
    (WEEK, "  self_care:", "  selfcare:", "'selfcare' is no disposition; did you mean 'self_care'?"),
    (WEEK, "be_seen_after: 7", "be_seen_after: a week", "'a week' is no number"),
    (WEEK, "    be_seen_after: 7\n", "", "'not_better' names a day by {by}, and there is no 'be_seen_after'; add it"),
    (WEEK, "level: emergency_now", "level: emergency", "'emergency' is no disposition; did you mean 'emergency_now'?"),
    (WEEK, "sources: [A1: more than a week", "sources: [A9: more than a week", "source 'A9' is not in sources.yml"),
    (WEEK, "        because: Some", "        why: Some", "'danger_sign' has no 'because'; add it"),
    (WEEK, "    check_in:", "    checkin:", "'self_care' has no 'check_in'; add it"),
]


@pytest.mark.parametrize(("file", "written", "instead", "told"), MISTAKES)
def test_a_mistake_is_told(file: str, written: str, instead: str, told: str, tmp_path: Path) -> None:
    problems = [one for one in _broken(tmp_path, file, written, instead) if told in one]
    assert problems, (written, instead)
    assert problems[0].startswith(f"knowledge/{file}:"), problems
    assert problems[0].split(":")[1].isdigit()


def test_stop_rules_that_are_a_list_are_told(tmp_path: Path) -> None:
    text = (knowledge_folder() / WEEK).read_text()
    rules = text[text.index("    stop_rules:\n") : text.index("    check_in:")]
    problems = _broken(tmp_path, WEEK, rules, "    stop_rules: [worse]\n")
    assert [one for one in problems if "'stop_rules' must be a map of rules by id" in one], problems


def _broken(tmp_path: Path, file: str, written: str, instead: str) -> tuple[str, ...]:
    """What is told of a copy of the knowledge with this in the place of that."""
    folder = tmp_path / "knowledge"
    shutil.copytree(knowledge_folder(), folder)
    text = (folder / file).read_text()
    assert written in text, "the mistake must break something"
    (folder / file).write_text(text.replace(written, instead, 1))
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    return caught.value.problems
