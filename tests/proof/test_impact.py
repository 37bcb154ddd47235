"""`sciatriage impact OLD NEW`: what a change does, and that a milder one is refused without a signature."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sciatriage.cli import main
from sciatriage.proof.impact import Impact, approval_of, impact, lines
from sciatriage.triage.knowledge import knowledge_folder
from tests.proof.conftest import Change

CASES = Path(__file__).parents[1] / "cases"
FOOT_DROP = "    when: foot_drop\n    present: urgent_same_day"
MILDER = "    when: foot_drop\n    present: see_clinician_soon"
NERVE = "red_flags/nerve_and_strength.yml"


def seen(new: Path, cases: Path | None = None) -> Impact:
    return impact(knowledge_folder(), new, cases, drawn=4_000)


def test_a_milder_rule_is_shown_with_a_state_its_share_and_its_cases(changed: Change) -> None:
    found = seen(changed(NERVE, FOOT_DROP, MILDER), CASES)
    assert found.changed == ("rules/foot_drops",)
    assert found.lowered is not None
    assert found.lowered["findings"]["foot_drop"] == "present"
    assert found.raised is None
    assert any(was == "urgent_same_day" and now == "see_clinician_soon" for _, was, now in found.moves)
    assert found.cases
    assert all(case.lowered for case in found.cases)
    assert list(lines(found, None))[-1].startswith("REFUSED")


def test_a_stricter_rule_is_accepted(changed: Change) -> None:
    found = seen(changed(NERVE, FOOT_DROP, "    when: foot_drop\n    present: emergency_now"))
    assert found.raised is not None
    assert not found.milder
    assert list(lines(found, None))[-1].startswith("ACCEPTED")


def test_other_words_change_nothing(changed: Change) -> None:
    found = seen(changed(NERVE, "because: A foot that you can't lift", "because: A foot you can't lift"))
    assert found.changed == ()
    assert (found.lowered, found.raised, found.freer, found.moves) == (None, None, None, {})
    assert found.old != found.new


@pytest.mark.parametrize(
    ("file", "written", "instead"),
    [
        ("advice/medicines.yml", "      - when: stomach_ulcer", "      - when: {sure: stomach_ulcer}"),
        ("red_flags/infection.yml", "danger: true", "danger: false"),
        ("red_flags/stroke.yml", "    ask_in: right_now\n", ""),
        ("questions.yml", "    value: age\n    order", "    value: pain_score\n    order"),
        ("advice/movement.yml", "      - self_care\n", "      - self_care\n      - urgent_same_day\n"),
    ],
)
def test_freer_advice_and_a_sign_less_guarded_are_refused(
    file: str, written: str, instead: str, changed: Change
) -> None:
    assert seen(changed(file, written, instead)).milder


SIGNED = """
approvals:
  milder: {{from: {old}, to: {new}, covers: [{covers}], by: {by}, on: 2026-01-05, because: why}}
"""


@pytest.mark.parametrize(
    ("old", "covers", "by", "approved"),
    [
        (None, "rules/foot_drops", "Dr. Example", True),
        ("0000000000000000", "rules/foot_drops", "Dr. Example", False),
        (None, "rules/other", "Dr. Example", False),
        (None, "rules/foot_drops", "''", False),
    ],
    ids=["signed", "of another change", "of another rule", "by nobody"],
)
def test_an_approval(old: str | None, covers: str, by: str, approved: bool, changed: Change, tmp_path: Path) -> None:
    found = seen(changed(NERVE, FOOT_DROP, MILDER))
    file = tmp_path / "approvals.yml"
    file.write_text(SIGNED.format(old=f"'{old or found.old}'", new=f"'{found.new}'", covers=covers, by=by))
    assert approval_of(replace(found, new="0000000000000000"), file) is None
    assert (approval_of(found, file) is not None) is approved


def test_the_command_refuses_accepts_and_complains(
    changed: Change, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = str(knowledge_folder())
    same = tmp_path / "same"
    shutil.copytree(knowledge_folder(), same)
    assert main(["impact", now, str(same)]) == 0
    assert "ACCEPTED" in capsys.readouterr().out
    assert main(["impact", now, str(changed(NERVE, FOOT_DROP, MILDER)), "--cases", str(CASES)]) == 1
    assert "REFUSED" in capsys.readouterr().out
    assert main(["impact", now, str(tmp_path / "nowhere")]) == 2
    assert "there is no knowledge here" in capsys.readouterr().err
