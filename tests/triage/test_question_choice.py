"""Which question comes next: what tells most for its burden. With simulated patients, and people we can picture."""

from __future__ import annotations

import math
import shutil
import statistics
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.interviews import NOW, Interview, interview
from benchmarks.question_orders import by_information, by_urgency
from benchmarks.simulated_patients import WORLDS, Patient, draw
from sciatriage.triage import information
from sciatriage.triage.case import Case, Fact
from sciatriage.triage.consultation import consult
from sciatriage.triage.differential import differential
from sciatriage.triage.knowledge import Knowledge, KnowledgeError, knowledge_folder, load_knowledge
from sciatriage.triage.questions import AGAIN, AGAIN_AT_MOST, AT_MOST, NextQuestion, undecided
from sciatriage.triage.red_flags import weigh
from sciatriage.triage.vocabulary import Disposition, Status

PATIENTS = 300
SINCE_MONDAY = {"age": 40.0, "duration_days": 2.0, "side": "left"}


@pytest.fixture(scope="module")
def patients(knowledge: Knowledge) -> list[Patient]:
    return [draw(seed, knowledge, WORLDS[seed % len(WORLDS)]) for seed in range(PATIENTS)]


@pytest.fixture(scope="module")
def interviews(patients: list[Patient], knowledge: Knowledge) -> list[Interview]:
    return [interview(patient, knowledge, by_information)[0] for patient in patients]


def test_every_interview_ends_within_its_bounds(interviews: list[Interview]) -> None:
    counts = [len(one.questions) for one in interviews]
    assert max(counts) <= AT_MOST
    assert statistics.median(counts) <= 10
    assert max(sum(id_.startswith(AGAIN) for id_ in one.questions) for one in interviews) <= AGAIN_AT_MOST


def test_no_interview_ends_below_the_whole_truth(interviews: list[Interview], patients: list[Patient]) -> None:
    reached = {one.reached for one in interviews}
    assert reached >= {Disposition.EMERGENCY_NOW, Disposition.URGENT_SAME_DAY, Disposition.SEE_CLINICIAN_SOON}
    for one, patient in zip(interviews, patients, strict=True):
        assert one.reached.urgency >= one.demanded.urgency, patient


def test_nothing_is_asked_twice_but_what_was_unsure(patients: list[Patient], knowledge: Knowledge) -> None:
    for patient in patients[:100]:
        case, asked = patient.opens(), set()
        while (question := _next(case, knowledge)) is not None:
            about = {question.value} if question.value else set(question.findings)
            assert about
            if question.again:
                assert {case.status(id_) for id_ in question.findings} == {Status.UNCERTAIN}
            else:
                assert about.isdisjoint(asked), (patient, question)
            asked |= about
            case = patient.answers(case, question)


def test_it_takes_fewer_questions_than_by_urgency_and_finds_emergencies_sooner(
    interviews: list[Interview], patients: list[Patient], knowledge: Knowledge
) -> None:
    others = [interview(patient, knowledge, by_urgency)[0] for patient in patients]
    assert _mean_questions(interviews) < _mean_questions(others)
    soon = [one for one in interviews if one.reached is Disposition.EMERGENCY_NOW]
    later = [one for one in others if one.reached is Disposition.EMERGENCY_NOW]
    assert _mean_questions(soon) < _mean_questions(later)


# The order reacts to the person


@pytest.mark.parametrize("told", [["low_back_pain"], ["low_back_pain", "radiating_leg_pain", "tingling"]])
def test_low_back_pain_leads_to_toilet_and_both_legs(told: list[str], knowledge: Knowledge) -> None:
    assert _order(told, SINCE_MONDAY, knowledge)[0] == "toilet_and_both_legs"


def test_a_swollen_calf_leads_to_chest_and_breath(knowledge: Knowledge) -> None:
    first = _next(_case(["calf_cramp", "calf_swelling"], SINCE_MONDAY), knowledge)
    assert first is not None
    assert {"chest_pain", "breathlessness", "coughing_blood"} <= set(first.findings)
    without = _order(["calf_cramp"], SINCE_MONDAY, knowledge)
    assert without[0] != first.id, "a plain cramp doesn't"


def test_since_when_is_asked_at_once_where_it_decides_an_emergency(knowledge: Knowledge) -> None:
    assert _order(["bilateral_leg_symptoms", "low_back_pain"], {}, knowledge)[0] == "duration"
    assert _order(["calf_cramp"], {}, knowledge)[0] != "duration"


def test_a_swollen_calf_makes_breathlessness_likelier(knowledge: Knowledge) -> None:
    def breathless(told: list[str]) -> float:
        facts = weigh(_case(told, SINCE_MONDAY), knowledge).facts
        return information.expected(facts, differential(facts, knowledge), knowledge)["breathlessness"]

    assert breathless(["calf_cramp", "calf_swelling"]) > 2 * breathless(["calf_cramp"])


# The burden, and what is worth asking


def test_a_heavier_burden_makes_a_list_come_later(knowledge: Knowledge) -> None:
    told = ["calf_cramp"]
    before = _order(told, SINCE_MONDAY, knowledge)
    first, second = before[:2]
    heavier = _with_burden(knowledge, first, 10.0)
    after = _order(told, SINCE_MONDAY, heavier)
    assert after.index(second) < after.index(first)
    assert set(after) == set(before), "it is still asked"


def test_what_is_known_tells_nothing_more_and_nothing_tells_less_than_nothing(
    patients: list[Patient], knowledge: Knowledge
) -> None:
    for patient in patients[:60]:
        case = patient.opens()
        weighing = weigh(case, knowledge)
        possibilities = differential(weighing.facts, knowledge)
        told = information.about_disposition(knowledge.questions, weighing, possibilities, knowledge)
        assert min(told.values()) >= -1e-12
        groups = undecided(case, weighing, knowledge).groups
        if groups:
            question = max(groups, key=lambda id_: told[id_])
            entry = knowledge.questions[question]
            asked = NextQuestion(question, entry.kind, entry.findings, entry.value)
            answered = weigh(patient.answers(case, asked), knowledge)
            after = information.about_disposition([question], answered, possibilities, knowledge)
            assert after[question] == 0.0


def test_causes_are_told_apart_only_where_it_is_worth_it(knowledge: Knowledge) -> None:
    facts = weigh(_case(["muscle_spasm"], SINCE_MONDAY), knowledge)
    possibilities = differential(facts.facts, knowledge)
    sure = tuple(replace(one, score=1.0 if index == 0 else 0.0) for index, one in enumerate(possibilities))
    lists = {"pattern": knowledge.questions["pattern"].findings, "symptoms": knowledge.questions["symptoms"].findings}
    told = information.about_causes(lists, facts, possibilities, knowledge)
    assert min(told.values()) > 0.0
    assert max(information.about_causes(lists, facts, sure, knowledge).values()) == pytest.approx(0.0)


# What the knowledge says of chances


def test_over_all_conditions_each_finding_is_as_likely_as_the_knowledge_says(knowledge: Knowledge) -> None:
    priors = [math.exp(one.prior) for one in knowledge.conditions.values()]
    for id_, chance in knowledge.chances.items():
        within = knowledge.expectations.within[id_]
        over_all = sum(prior * each for prior, each in zip(priors, within, strict=True)) / sum(priors)
        assert over_all == pytest.approx(chance, rel=1e-6), id_


MISTAKES = [
    ("chances.yml", "chance: rare", "chance: rarely", "'rarely' is no chance; did you mean 'rare'?"),
    ("chances.yml", "probability: 0.002", "probability: 2", "it is between 0 and 1"),
    ("chances.yml", "hours: 24", "hours: soon", "'hours' is a number above 0"),
    ("chances.yml", "[weakness_spreading,", "[weakness_spraeding,", "did you mean 'weakness_spreading'?"),
    ("questions.yml", "times: 1.5", "times: 0", "'times' is a number above 0"),
    ("questions.yml", "typical: [14,", "typical: [young,", "a typical answer is a number, not 'young'"),
]


@pytest.mark.parametrize(("file", "written", "instead", "told"), MISTAKES, ids=[mistake[3] for mistake in MISTAKES])
def test_a_mistake_is_told(file: str, written: str, instead: str, told: str, tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(knowledge_folder(), folder)
    text = (folder / file).read_text()
    assert written in text
    (folder / file).write_text(text.replace(written, instead, 1))
    with pytest.raises(KnowledgeError) as raised:
        load_knowledge(folder)
    problems = str(raised.value).splitlines()
    assert [one for one in problems if told in one and one.startswith(f"knowledge/{file}:")], problems


def _case(told: list[str], values: dict[str, float | str]) -> Case:
    return Case({id_: Fact(Status.PRESENT) for id_ in told}, dict(values))


def _next(case: Case, knowledge: Knowledge) -> NextQuestion | None:
    opinion = consult(case, (), knowledge, NOW)
    return None if opinion.certain is Disposition.EMERGENCY_NOW else opinion.next_question


def _order(told: list[str], values: dict[str, float | str], knowledge: Knowledge) -> list[str]:
    """The questions in the order they come to somebody who says no to everything else."""
    case, order = _case(told, values), []
    patient = Patient("", dict.fromkeys(told, Status.PRESENT), {"pain_score": 3.0, **values}, tuple(told))
    while (question := _next(case, knowledge)) is not None:
        order.append(question.id)
        case = patient.answers(case, question)
    return order


def _with_burden(knowledge: Knowledge, question: str, burden: float) -> Knowledge:
    heavier = replace(knowledge.questions[question], burden=burden)
    return replace(knowledge, questions={**knowledge.questions, question: heavier})


def _mean_questions(interviews: Sequence[Interview]) -> float:
    return statistics.mean(len(one.questions) for one in interviews)
