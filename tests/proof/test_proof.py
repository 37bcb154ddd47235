"""The proof holds, and fails as soon as the knowledge alone, or the engine alone, is less safe than it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sciatriage.proof import crosscheck
from sciatriage.proof.crosscheck import Expected, engine_against, orders_of_arrival
from sciatriage.proof.interviews import interviews_that_fail
from sciatriage.proof.properties import PROPERTIES, Prover
from sciatriage.proof.raw import RawKnowledge, read_raw
from sciatriage.proof.requirements import Requirements
from sciatriage.proof.spaces import SampleSpace, SolverSpace, cuts, everything_written
from sciatriage.triage import wording
from sciatriage.triage.consultation import consult
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.red_flags import weigh
from tests.proof.conftest import Change, broken_claims

STATES = 2_000


def prove(folder: Path, certificate: Path) -> subprocess.CompletedProcess[str]:
    arguments = ["--states", "1500", "--interviews", "16", "--every", "120", "--certificate", str(certificate)]
    return subprocess.run(
        [sys.executable, "-m", "sciatriage.proof", *arguments],
        env={**os.environ, "SCIATRIAGE_KNOWLEDGE": str(folder)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


def test_the_command_proves_and_writes_a_certificate(changed: Change, tmp_path: Path, knowledge: Knowledge) -> None:
    same = changed("reasons.yml", "# Reasons", "#  Reasons")
    done = prove(same, tmp_path / "certificate.json")
    assert done.returncode == 0, done.stdout + done.stderr
    for id_ in (*PROPERTIES, "g"):
        assert f"({id_})" in done.stdout
    assert "PROVED" in done.stdout.splitlines()[-1]
    certificate = json.loads((tmp_path / "certificate.json").read_text())
    assert certificate["holds"] is True
    assert len(certificate["knowledge"]) == 64
    assert certificate["knowledge"] != knowledge.fingerprint  # of the folder it was given
    assert sum(one["claims"] for one in certificate["proved"]) > 1_000
    assert all(one["tried"] and one["caught"] == one["worse"] for one in certificate["mutants"])


def test_the_command_fails_where_only_the_yaml_is_less_safe(changed: Change, tmp_path: Path) -> None:
    folder = changed("red_flags/nerve_and_strength.yml", "    when: foot_drop\n    present: urgent_same_day",
                     "    when: foot_drop\n    present: see_clinician_soon")  # fmt: skip
    done = prove(folder, tmp_path / "certificate.json")
    assert done.returncode == 1
    assert "BROKEN  (a)" in done.stdout
    assert '"foot_drop": "present"' in done.stdout
    assert json.loads((tmp_path / "certificate.json").read_text())["holds"] is False


# what is written where, what instead, and which property must break
WEAKER = [
    ("definitions.yml", "over: 7, unknown: yes", "over: 14, unknown: yes", "a"),
    ("definitions.yml", "at_least: 7", "at_least: 8", "a"),
    ("red_flags/cauda_equina.yml", "at_most: 14, unknown: yes", "at_most: 14, unknown: no", "a"),
    ("red_flags/cauda_equina.yml", "{not: {sure: stenosis_pattern}}", "{not: stenosis_pattern}", "a"),
    ("red_flags/cauda_equina.yml", "any: [back_pain, leg_pain_any, nerve_sign]", "all: [back_pain, leg_pain_any]", "a"),
    ("red_flags/infection.yml", "danger: true", "danger: false", "d"),
    ("red_flags/stroke.yml", "    ask_in: right_now\n", "", "d"),
    ("questions.yml", "    value: age\n    order", "    value: pain_score\n    order", "f"),
    ("advice/medicines.yml", "      - when: stomach_ulcer", "      - when: {sure: stomach_ulcer}", "e"),
    ("advice/temperature.yml", "      - when: numbness\n", "      - when: fever\n", "e"),
    ("red_flags/stroke.yml", "    ask_in: right_now\n", "    ask_in: right_now\n    narrower_than: dehydration\n", "d"),
    (
        "definitions.yml",
        "value: side_of_calf_swelling, is: [left, right]",
        "value: side_of_calf_swelling, is: left",
        "a",
    ),
]


@pytest.mark.parametrize(("file", "written", "instead", "breaks"), WEAKER, ids=[f"{w[2]} ({w[3]})" for w in WEAKER])
def test_a_weaker_knowledge_breaks_its_property(
    file: str, written: str, instead: str, breaks: str, changed: Change, requirements: Requirements
) -> None:
    weaker = read_raw(changed(file, written, instead))
    assert breaks in broken_claims(Prover(weaker, requirements, SolverSpace()))


def test_a_sign_that_calms_breaks_the_order_of_danger(raw: RawKnowledge, requirements: Requirements) -> None:
    rule = raw.rules["foot_drops"]
    calmed = {**raw.rules, "foot_drops": {**rule, "when": {"all": ["foot_drop", {"not": "fever"}]}}}
    broken = broken_claims(Prover(replace(raw, rules=calmed), requirements, SolverSpace()))
    assert any(claim.startswith("fever ") for claim in broken["b"])


def test_an_answer_that_reopens_breaks_the_end(raw: RawKnowledge, requirements: Requirements) -> None:
    rule = raw.rules["foot_drops"]
    told = {**raw.rules, "foot_drops": {**rule, "when": {"any": ["foot_drop", {"told": "fever"}]}}}
    broken = broken_claims(Prover(replace(raw, rules=told), requirements, SolverSpace()))
    assert "foot_drops stays settled" in broken["f"]


@pytest.fixture(scope="module")
def expected(raw: RawKnowledge) -> Expected:
    return Expected(raw, cuts(everything_written(raw)), STATES, seed=11)


def test_engine_and_translation_agree(expected: Expected, knowledge: Knowledge) -> None:
    assert list(engine_against(expected, knowledge, range(STATES))) == []
    assert len(set(expected.ranks[1])) == 5  # every disposition is among the states


def test_an_engine_that_differs_is_noticed(
    expected: Expected, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = replace(knowledge, rules={id_: rule for id_, rule in knowledge.rules.items() if id_ != "foot_drops"})
    monkeypatch.setattr(crosscheck, "weigh", lambda case, _: weigh(case, fewer))
    found = list(engine_against(expected, knowledge, range(STATES)))
    assert found
    assert all("foot_drop" in one.case["findings"] for one in found if one.about.startswith("disposition"))


def test_the_order_of_arrival_changes_nothing(expected: Expected, knowledge: Knowledge) -> None:
    assert list(orders_of_arrival(expected, knowledge, range(0, STATES, 20))) == []


def test_interviews_end_and_are_no_milder_than_the_truth(raw: RawKnowledge, knowledge: Knowledge) -> None:
    people = SampleSpace(raw, cuts(everything_written(raw)), 60, seed=3)
    assert list(interviews_that_fail(people, knowledge, range(60))) == []


def test_a_question_that_is_never_asked_is_noticed_in_interviews(raw: RawKnowledge, knowledge: Knowledge) -> None:
    people = SampleSpace(raw, cuts(everything_written(raw)), 60, seed=3)
    questions = {
        id_: replace(one, findings=tuple(f for f in one.findings if f not in ("worsening", "cannot_sleep", "statin")))
        for id_, one in knowledge.questions.items()
    }
    assert list(interviews_that_fail(people, replace(knowledge, questions=questions), range(60)))


def test_the_requirements_know_every_finding_they_name(raw: RawKnowledge, requirements: Requirements) -> None:
    named = requirements.rested_on | set(requirements.asked) | requirements.calming | requirements.never_in_passing
    assert sorted(named - set(raw.findings)) == []
    items = {item for one in requirements.advice.values() for item in one["items"]}
    assert sorted(items - set(raw.advice)) == []


def test_a_danger_sign_that_nothing_requires_is_named(raw: RawKnowledge, requirements: Requirements) -> None:
    assert requirements.not_yet_required(raw) == []
    bite = {**raw.findings["fever"], "name": "a snake bite"}
    more = replace(raw, findings={**raw.findings, "snake_bite": bite})
    assert requirements.not_yet_required(more) == ["snake_bite"]


def test_every_drawn_state_can_be_told_in_words(expected: Expected, knowledge: Knowledge) -> None:
    region = knowledge.region("gb")
    for index in range(0, STATES, 8):
        opinion = consult(expected.space.case(index), (), knowledge, crosscheck.NOW)
        told = wording.assessment_json(opinion, knowledge, region, "case", True)
        assert told["heading"]
        assert wording.assessment_text(opinion, knowledge, region)
