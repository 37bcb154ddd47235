"""Whole interviews with patients of every kind: they end, within the bound, and never below what the truth demands."""

from __future__ import annotations

import random
import statistics

import pytest

from sciatriage.hearing.ear import Ear
from sciatriage.talk.state import TalkState
from sciatriage.talk.turn import take_turn
from sciatriage.triage.consultation import consult
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.questions import AT_MOST
from sciatriage.triage.red_flags import weigh
from sciatriage.triage.vocabulary import Disposition, Status
from tests.talk.tapping_patient import START, Patient, play

COMMON = ("calf_cramp", "muscle_spasm", "low_back_pain", "radiating_leg_pain", "tingling", "buttock_pain")


def draw(seed: int, knowledge: Knowledge) -> tuple[Patient, tuple[str, ...]]:
    """A patient with an everyday complaint told at first and, by chance, signs that come out only when asked."""
    dice = random.Random(seed)
    asked = [id_ for id_, finding in knowledge.findings.items() if finding.ask_in]
    opening = tuple(dice.sample(COMMON, dice.randint(1, 2)))
    findings = dict.fromkeys(opening, Status.PRESENT)
    for id_ in dice.sample(asked, dice.choice((0, 0, 1, 2, 4))):
        findings.setdefault(id_, dice.choice((Status.PRESENT, Status.PRESENT, Status.UNCERTAIN)))
    values: dict[str, float | str] = {
        "age": dice.choice((12, 25, 45, 70)),
        "duration_days": dice.choice((0.2, 2.0, 6.0, 10.0, 40.0)),
        "side": dice.choice(("left", "right", "both")),
        "pain_score": dice.choice((2, 5, 8)),
    }
    for value in list(values):
        if dice.random() < 0.1:
            del values[value]
    return Patient(findings, values), opening


@pytest.mark.parametrize("block", range(10))
def test_every_interview_ends_where_the_truth_does(block: int, knowledge: Knowledge) -> None:
    for seed in range(block * 60, block * 60 + 60):
        patient, opening = draw(seed, knowledge)
        talk = play(patient, opening, knowledge)
        assert talk.ended, seed
        assert len(talk.asked) <= AT_MOST, seed
        truth = patient.case(knowledge)
        for value in ("age", "duration_days", "side", "pain_score"):
            truth = truth.with_value(value, patient.values.get(value))
        demanded = consult(truth, (), knowledge, START).disposition
        reached = talk.turn.disposition
        assert reached is not None
        assert reached.urgency >= demanded.urgency, (seed, demanded, reached, patient)
        ids = [question.number for question in talk.asked]
        assert len(set(ids)) == len(ids)


def test_a_typical_talk_is_short(knowledge: Knowledge) -> None:
    """Most people say since when it hurts in their first message."""
    counts = [len(play(*draw(seed, knowledge), knowledge, since=True).asked) for seed in range(200)]
    print(f"questions: median {statistics.median(counts)}, max {max(counts)}")
    assert statistics.median(counts) <= 10
    assert max(counts) <= AT_MOST


def test_self_care_is_final_only_once_no_red_flag_could_still_hold(knowledge: Knowledge) -> None:
    ended_in_self_care = 0
    for seed in range(300):
        patient, opening = draw(seed, knowledge)
        talk = play(patient, opening, knowledge)
        if talk.turn.disposition is not Disposition.SELF_CARE:
            continue
        ended_in_self_care += 1
        possible = [one.rule.id for one in weigh(talk.turn.state.case, knowledge).verdicts if one.rule.red_flag]
        assert possible == [], seed
    assert ended_in_self_care > 10


def test_one_swollen_calf_is_seen_today_though_both_cramp(knowledge: Knowledge) -> None:
    turn = take_turn(
        TalkState.new("gb", START),
        Ear(knowledge).hear("My left calf is swollen. I get cramps in both calves."),
        knowledge,
        START,
    )
    assert turn.state.case.values.get("side") == "both"
    opinion = consult(turn.state.case, (), knowledge, START)
    assert opinion.disposition is Disposition.URGENT_SAME_DAY
    assert "swollen_or_warm_calf_one_side" in opinion.trace
