"""The first week: cold then warmth, days grouped, when to stop, and never anything that is not for this person."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest

from sciatriage.triage import wording
from sciatriage.triage.advice import plan
from sciatriage.triage.case import Case, Fact
from sciatriage.triage.consultation import consult
from sciatriage.triage.entries import Withheld
from sciatriage.triage.expression import Truth, read_condition
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.red_flags import CaseFacts
from sciatriage.triage.vocabulary import Disposition, Status
from sciatriage.triage.week import Days, WeekPlan, week_plan
from sciatriage.triage.week_wording import week_json

NOW = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)  # a Saturday
HOME, SOON = Disposition.SELF_CARE, Disposition.SEE_CLINICIAN_SOON
NO_WEEK = (Disposition.EMERGENCY_NOW, Disposition.URGENT_SAME_DAY, Disposition.OUT_OF_SCOPE)
SCIATICA = ("radiating_leg_pain", "tingling", "calf_cramp")
PACKS = {"cold_pack", "heat_pack", "heat_and_cold_in_turn"}


def somebody(knowledge: Knowledge, *present: str, lasted: float | None = 1.0, age: float | None = 40.0) -> Case:
    """Somebody who has these findings and said no to all others."""
    findings = {id_: Fact(Status.PRESENT if id_ in present else Status.ABSENT) for id_ in knowledge.findings}
    return Case(findings, {"duration_days": lasted, "age": age, "side": "left", "pain_score": 3.0})


def planned(case: Case, knowledge: Knowledge, disposition: Disposition = HOME) -> WeekPlan:
    week = week_plan(disposition, case, knowledge)
    assert week is not None
    return week


def by_day(week: WeekPlan) -> dict[int, set[str]]:
    """The ids of the items of each day."""
    return {day: {one.id for one in days.items} for days in week.days for day in range(days.first, days.last + 1)}


# Days


@pytest.mark.parametrize("lasted", [0.04, 0.5, 1.0, 2.0, 2.9, 3.0, 3.1, 5.0, 7.0])
def test_cold_up_to_72_hours_and_warmth_after(knowledge: Knowledge, lasted: float) -> None:
    for day, ids in by_day(planned(somebody(knowledge, *SCIATICA, lasted=lasted), knowledge)).items():
        hours = (lasted + day - 1) * 24
        assert ids & PACKS == ({"cold_pack"} if hours <= 72 else {"heat_pack", "heat_and_cold_in_turn"}), day


def test_without_a_known_beginning_cold_ends_with_day_3_and_no_day_brings_warmth(knowledge: Knowledge) -> None:
    unknown = somebody(knowledge, *SCIATICA, lasted=None)
    not_asked = unknown.without((), ["duration_days"])
    for case in (unknown, not_asked):
        days = by_day(planned(case, knowledge, SOON))
        assert [ids & PACKS for ids in days.values()] == [{"cold_pack"}] * 3 + [set()] * 4


def test_days_with_the_same_items_are_one_group_and_the_week_is_whole(knowledge: Knowledge) -> None:
    week = planned(somebody(knowledge, *SCIATICA, lasted=2.0), knowledge)
    assert [(days.first, days.last) for days in week.days] == [(1, 2), (3, 3), (4, 7)]
    for before, after in zip(week.days, week.days[1:], strict=False):
        assert before.items != after.items
        assert after.first == before.last + 1


@pytest.mark.parametrize(
    ("first", "last", "heading"),
    [
        (1, 1, "Today"),
        (1, 3, "Today to day 3"),
        (1, 7, "Every day"),
        (2, 2, "Day 2"),
        (2, 3, "Days 2 and 3"),
        (4, 7, "Days 4 to 7"),
    ],
)
def test_headings(knowledge: Knowledge, first: int, last: int, heading: str) -> None:
    week = replace(planned(somebody(knowledge, *SCIATICA), knowledge), days=(Days(first, last, ()),))
    (days,) = as_json(week, knowledge)["days"]
    assert (days["from"], days["to"], days["heading"]) == (first, last, heading)


def test_items_keep_to_their_days_of_the_week(knowledge: Knowledge) -> None:
    days = by_day(planned(somebody(knowledge, *SCIATICA), knowledge))
    for advice in knowledge.advice.values():
        if advice.part:
            first, last = advice.days
            assert not [day for day, ids in days.items() if advice.id in ids and not first <= day <= last], advice.id
    assert [day for day, ids in days.items() if "strengthen_later" in ids] == [4, 5, 6, 7]
    assert [day for day, ids in days.items() if "ease_off" in ids] == [1, 2, 3]


def test_all_that_helps_today_is_in_the_week_and_no_caution(knowledge: Knowledge) -> None:
    case = somebody(knowledge, *SCIATICA)
    today = {one.id for one in plan(HOME, CaseFacts(case, knowledge), knowledge).given if one.kind == "self_care"}
    week = planned(case, knowledge)
    assert today - {"strengthen_later"} == by_day(week)[1]
    assert {one.kind for days in week.days for one in days.items} == {"self_care"}
    assert {one.id for one in week.every_day} == set.intersection(*by_day(week).values())


def test_a_cough_that_hurts_changes_the_guess_and_not_the_week(knowledge: Knowledge) -> None:
    with_cough = planned(somebody(knowledge, *SCIATICA, "worse_cough_sneeze"), knowledge)
    assert with_cough == planned(somebody(knowledge, *SCIATICA), knowledge)


# When to be seen


@pytest.mark.parametrize(
    ("lasted", "day", "date"),
    [
        (0.2, 8, "2026-11-28"),
        (1.0, 7, "2026-11-27"),
        (3.0, 5, "2026-11-25"),
        (6.2, 2, "2026-11-22"),
        (7.0, 1, "2026-11-21"),
    ],
)
def test_by_the_day_it_has_lasted_a_week(knowledge: Knowledge, lasted: float, day: int, date: str) -> None:
    week = planned(somebody(knowledge, *SCIATICA, lasted=lasted), knowledge)
    assert lasted + day - 1 >= 7
    assert day == 1 or lasted + day - 2 < 7
    assert as_json(week, knowledge)["see_someone_by"] == {"day": day, "date": date}
    (told,) = [rule["text"] for rule in as_json(week, knowledge)["stop_rules"] if rule["id"] == "not_better"]
    assert ("tonight" if day == 1 else f"day {day}, ") in told
    assert day == 1 or f"{int(date[-2:])} November" in told


def test_the_limit_is_the_one_that_the_rules_have(knowledge: Knowledge) -> None:
    limit = knowledge.week[HOME].be_seen_after
    assert limit is not None
    for lasted, disposition in ((limit, HOME), (limit + 0.1, SOON)):
        assert consult(somebody(knowledge, *SCIATICA, lasted=lasted), (), knowledge, NOW).disposition is disposition


def test_no_day_is_named_where_none_is_known_or_a_visit_is_due(knowledge: Knowledge) -> None:
    unknown = planned(somebody(knowledge, *SCIATICA, lasted=None), knowledge)
    assert as_json(unknown, knowledge)["see_someone_by"] is None
    assert not re.search(r"day \d", " ".join(one["text"] for one in as_json(unknown, knowledge)["stop_rules"]))
    assert planned(somebody(knowledge, *SCIATICA, lasted=2.0), knowledge, SOON).be_seen_by is None


@pytest.mark.parametrize("disposition", NO_WEEK)
def test_who_must_be_seen_now_or_cannot_be_assessed_has_no_week(knowledge: Knowledge, disposition: Disposition) -> None:
    assert week_plan(disposition, somebody(knowledge, *SCIATICA), knowledge) is None


@pytest.mark.parametrize(("finding", "level"), [("saddle_numbness", "emergency_now"), ("foot_drop", "urgent_same_day")])
def test_an_urgent_result_has_no_week(knowledge: Knowledge, finding: str, level: str) -> None:
    opinion = consult(somebody(knowledge, *SCIATICA, finding), (), knowledge, NOW)
    sent = wording.assessment_json(opinion, knowledge, knowledge.region("gb"), "c", True)
    assert (sent["disposition"], sent["week"]) == (level, None)
    text = wording.assessment_text(opinion, knowledge, knowledge.region("gb"))
    assert knowledge.phrases["week_stop_title"] not in text


# What is not for this person


def test_what_is_withheld_on_a_later_day_is_listed_today(knowledge: Knowledge) -> None:
    case = somebody(knowledge, *SCIATICA, "numbness")
    week = planned(case, knowledge)
    assert "heat_pack" not in {one.id for one, _ in plan(HOME, CaseFacts(case, knowledge), knowledge).withheld}
    left_out = Counter(one.id for one, _ in week.withheld)
    assert set(left_out) >= PACKS
    assert set(left_out.values()) == {1}
    assert not PACKS & set.union(*by_day(week).values())


def test_a_gate_that_only_time_opens_stays_closed_for_the_week(knowledge: Knowledge) -> None:
    when = read_condition({"value": "duration_days", "at_most": 3}, knowledge.findings, knowledge.definitions)
    gated = replace(knowledge.advice["lumbar_roll"], withheld=(Withheld(when, "Not in the first days.", ("A0",)),))
    changed = replace(knowledge, advice={**knowledge.advice, "lumbar_roll": gated})
    week = planned(somebody(knowledge, *SCIATICA, lasted=2.0), changed)
    assert "lumbar_roll" not in set.union(*by_day(week).values())
    assert [gate.because for one, gate in week.withheld if one.id == "lumbar_roll"] == ["Not in the first days."]


# Rule 5 of safety, written out: what must be a plain no before an item may be given. Unknown counts as yes.
TABLETS = """
nsaid_allergy pregnancy stomach_ulcer bleeding_problem blood_thinner heart_disease kidney_disease liver_disease
high_blood_pressure past_stroke asthma bowel_inflammation chickenpox calf_swelling calf_redness_warmth recent_immobility
recent_birth dark_urine hard_swollen_muscle dehydration
""".split()
NUMB = ["numbness", "numbness_constant", "sudden_numbness", "saddle_numbness", "diabetes", "poor_circulation"]
NO_STRETCH = ["severe_trauma", "progressive_weakness"]
STRETCHES = ["piriformis_stretch", "hamstring_stretch", "calf_stretch", "stretch_before_bed", "nerve_glide"]
MUST_BE_NO = {
    "ibuprofen_or_naproxen": TABLETS,
    **dict.fromkeys(sorted(PACKS), NUMB),
    **dict.fromkeys(STRETCHES, NO_STRETCH),
}
CASES = 6_000


def test_nothing_contraindicated_on_any_day_of_6_000_random_weeks(knowledge: Knowledge) -> None:
    seen: Counter[str] = Counter()
    for case in random_cases(knowledge):
        week = planned(case, knowledge, SOON if len(case.findings) % 2 else HOME)
        left_out = {one.id for one, _ in week.withheld}
        for days in week.days:
            on_these = [CaseFacts(aged(case, day - 1), knowledge) for day in range(days.first, days.last + 1)]
            for advice in days.items:
                seen[advice.id] += 1
                assert advice.id not in left_out
                for gate in advice.withheld:
                    assert all(gate.when.span(facts).high is Truth.NO for facts in on_these), (advice.id, case)
                said_yes = [id_ for id_ in MUST_BE_NO.get(advice.id, ()) if not is_no(case, id_, knowledge)]
                assert not said_yes, (advice.id, case)
                if advice.id == "ibuprofen_or_naproxen":
                    age = case.values.get("age")
                    assert isinstance(age, float)
                    assert 16 <= age <= 65
    assert min(seen[id_] for id_ in MUST_BE_NO) > 100, seen  # else it would have proved little


def random_cases(knowledge: Knowledge) -> Iterator[Case]:
    dice = random.Random(20261121)
    unclear = [
        Fact(Status.PRESENT),
        Fact(Status.UNCERTAIN),
        Fact(Status.UNCERTAIN, asked_again=True),
        Fact(Status.PAST),
        Fact(Status.OTHER_PERSON),
        Fact(Status.ABSENT, in_passing=True),
        None,
    ]
    helped = ("radiating_leg_pain", "low_back_pain", "calf_cramp", "night_cramps", "muscle_spasm")
    ages = [None, 15.0, 16.0, 40.0, 65.0, 66.0]
    lengths = [None, 0.1, 1.0, 2.0, 2.9, 3.0, 3.5, 6.0, 7.0, 9.0, 30.0]
    for _ in range(CASES):
        share = dice.choice([0.0, 0.005, 0.02, 0.1])
        findings = {}
        for id_ in knowledge.findings:
            fact = dice.choice(unclear) if dice.random() < share else Fact(Status.ABSENT)
            if fact is not None:
                findings[id_] = fact
        findings |= {id_: Fact(Status.PRESENT) for id_ in helped if dice.random() < 0.5}
        told = {"age": dice.choice(ages), "duration_days": dice.choice(lengths), "side": "left", "pain_score": 3.0}
        yield Case(findings, {value: one for value, one in told.items() if dice.random() > 0.05})


def aged(case: Case, days: int) -> Case:
    lasted = case.values.get("duration_days")
    return case.with_value("duration_days", lasted + days) if isinstance(lasted, float) else case


def is_no(case: Case, finding: str, knowledge: Knowledge) -> bool:
    """Whether the person plainly said no to this, or to something wider."""
    fact, entry = case.findings.get(finding), knowledge.findings[finding]
    said = fact is not None and fact.status in (Status.PRESENT, Status.UNCERTAIN)
    if entry.narrower_than and not said and is_no(case, entry.narrower_than, knowledge):
        return True
    return fact is not None and fact.status is Status.ABSENT and not (fact.in_passing and entry.danger)


# What is said around it


@pytest.mark.parametrize("disposition", [HOME, SOON])
def test_stop_rules_and_the_safety_net_are_always_there(knowledge: Knowledge, disposition: Disposition) -> None:
    for lasted in (None, 0.5, 3.0, 7.0):
        sent = as_json(planned(somebody(knowledge, *SCIATICA, lasted=lasted), knowledge, disposition), knowledge)
        assert {"danger_sign", "worse"} <= {rule["id"] for rule in sent["stop_rules"]}
        assert ("not_better" in {rule["id"] for rule in sent["stop_rules"]}) == (disposition is HOME)
        for rule in sent["stop_rules"]:
            assert rule["sources"]
            assert rule["because"]
            assert rule["level"] in [one.value for one in Disposition]
            assert "{" not in rule["text"]
        assert list(sent["safety_net"]) == ["uncertain", "watch_for", "turn_to", "how_long"]
        assert all(sent["safety_net"].values())
        assert "{" not in "".join(sent["safety_net"].values())
        assert "don't wait" in sent["safety_net"]["how_long"]


def test_a_danger_sign_leads_to_an_emergency(knowledge: Knowledge) -> None:
    for entry in knowledge.week.values():
        levels = {rule.id: rule.level for rule in entry.stop_rules}
        assert levels["danger_sign"] is Disposition.EMERGENCY_NOW
        assert levels["worse"].urgency >= SOON.urgency


def test_every_item_at_home_has_what_a_week_needs(knowledge: Knowledge) -> None:
    for advice in knowledge.advice.values():
        assert (advice.kind == "self_care") == (advice.part is not None), advice.id
        if advice.part:
            assert advice.how_often, advice.id
            assert advice.in_short, advice.id
            if advice.id in MUST_BE_NO or advice.part == "move":
                assert advice.stop_if, advice.id


def test_sentences_are_short(knowledge: Knowledge) -> None:
    phrases = knowledge.phrases
    texts = [phrases["week_stop_if"].format(stop_if=one.stop_if) for one in knowledge.advice.values() if one.part]
    texts += [f"{one.title}: {one.how_often}." for one in knowledge.advice.values() if one.part]
    texts += [one.in_short for one in knowledge.advice.values()]
    for entry in knowledge.week.values():
        texts += [entry.title, entry.intro, entry.check_in]
        texts += [text for rule in entry.stop_rules for text in (rule.text, rule.because)]
    sentences = [one for text in texts for one in re.split(r"(?<=[.!?])\s+", text)]
    assert [one for one in sentences if len(one.split()) > 20] == []


def as_json(week: WeekPlan, knowledge: Knowledge) -> dict[str, Any]:
    region, net = knowledge.region("gb"), knowledge.dispositions[week.entry.id].safety_net
    return week_json(week, NOW, net, knowledge, lambda text: wording.fill(text, region))


@pytest.mark.parametrize(("disposition", "worse"), [(HOME, ()), (SOON, ("worsening",))])
def test_the_text_shows_the_week_in_few_lines(
    knowledge: Knowledge, disposition: Disposition, worse: tuple[str, ...]
) -> None:
    opinion = consult(somebody(knowledge, *SCIATICA, *worse), (), knowledge, NOW)
    assert opinion.disposition is disposition
    blocks = wording.assessment_text(opinion, knowledge, knowledge.region("gb")).split("\n\n")
    (week,) = [block for block in blocks if block.startswith(knowledge.week[disposition].title)]
    assert len(week.split("\n")) <= 15
    for advice in knowledge.advice.values():
        if advice.part and advice.id not in {one.id for one, _ in opinion.plan.withheld}:
            applies = advice.for_whom is None or advice.id in PACKS or advice in opinion.plan.given
            assert week.count(advice.in_short) == applies, advice.id
    assert knowledge.phrases["help_title"] not in "".join(blocks)
    assert "111" in week
    assert [block for block in blocks if "Put the ankle of the sore side on the other knee." in block]


def test_the_text_keeps_cautions_in_full(knowledge: Knowledge) -> None:
    opinion = consult(somebody(knowledge, "calf_cramp", "diuretic"), (), knowledge, NOW)
    text = wording.assessment_text(opinion, knowledge, knowledge.region("gb"))
    assert knowledge.advice["diuretic_ask"].text in text
    assert "week_" not in text


def test_the_result_carries_the_week(knowledge: Knowledge) -> None:
    opinion = consult(somebody(knowledge, *SCIATICA), (), knowledge, NOW)
    week = wording.assessment_json(opinion, knowledge, knowledge.region("gb"), "c", True)["week"]
    assert [(days["from"], days["to"]) for days in week["days"]] == [(1, 3), (4, 7)]
    (cold,) = [item for item in week["days"][0]["items"] if item["id"] == "cold_pack"]
    assert set(cold) >= {"id", "title", "text", "how_often", "stop_if", "sources"}
    assert cold["stop_if"].startswith("Stop if ")
    assert cold["sources"]
    assert week["withheld"] == []
