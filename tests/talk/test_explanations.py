"""Asking why, and what would change it: answered at any time, and the talk goes on where it was."""

from __future__ import annotations

import re

import pytest

from sciatriage.hearing.ear import Ear
from sciatriage.talk.saying import Saying
from sciatriage.talk.state import TalkState
from sciatriage.talk.turn import Path, conclude, take_turn
from sciatriage.triage.case import Case, Fact
from sciatriage.triage.consultation import consult
from sciatriage.triage.explanation_wording import explanation_json
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.vocabulary import Act, Disposition, Heard, Mention, Status
from tests.talk.tapping_patient import START, Patient, Talk, play

WHY, CHANGE = Heard("why?", act=Act.ASK_WHY), Heard("what would change it?", act=Act.ASK_CHANGE)
PRESENT = Status.PRESENT
CALM = {"age": 40.0, "duration_days": 2.0, "side": "left", "pain_score": 3.0}
TAKES_NO = re.compile(r"\b(you (can|should|could|may) (say|answer)|say no|answer no|untick)\b", re.I)


@pytest.fixture(scope="module")
def ear(knowledge: Knowledge) -> Ear:
    return Ear(knowledge)


def ended(knowledge: Knowledge, *findings: str, **values: float | str) -> Talk:
    """A whole talk of somebody with these findings, up to its result."""
    talk = play(Patient(dict.fromkeys(findings, PRESENT), {**CALM, **values}), findings[:1], knowledge)
    assert talk.ended
    return talk


def asked(talk: Talk, heard: Heard, knowledge: Knowledge) -> tuple[TalkState, tuple[Saying, ...]]:
    turn = take_turn(talk.turn.state, heard, knowledge, START)
    return turn.state, turn.sayings


RESULTS = [
    (("calf_cramp",), Disposition.SELF_CARE),
    (("calf_cramp", "worsening"), Disposition.SEE_CLINICIAN_SOON),
    (("leg_pain", "foot_drop"), Disposition.URGENT_SAME_DAY),
]


@pytest.mark.parametrize(("findings", "disposition"), RESULTS)
@pytest.mark.parametrize(("heard", "says"), [(WHY, "why_result"), (CHANGE, "change")])
def test_after_a_result_it_is_answered_and_the_result_stays(
    findings: tuple[str, ...], disposition: Disposition, heard: Heard, says: str, knowledge: Knowledge
) -> None:
    talk = ended(knowledge, *findings)
    assert talk.turn.disposition is disposition
    state, sayings = asked(talk, heard, knowledge)
    assert [saying.custom["id"] for saying in sayings] == [says]
    assert state.case == talk.turn.state.case
    assert (state.stage, state.open) == ("result", None)


def test_why_names_the_persons_own_words_the_reason_and_its_source(ear: Ear, knowledge: Knowledge) -> None:
    state = take_turn(TalkState.new("gb", START), ear.hear("I can't pee at all, my back hurts"), knowledge, START).state
    said = take_turn(state, ear.hear("why do you say that?"), knowledge, START).sayings
    why = next(saying for saying in said if saying.custom.get("id") == "why_result")
    rule = knowledge.rules["bladder_or_bowel_control"]
    assert "can't pee" in why.text
    assert rule.because in why.text
    assert list(rule.sources) == why.custom["sources"]
    assert all(source.split(":")[0] in why.text for source in rule.sources)


def test_why_self_care_names_what_was_ruled_out(knowledge: Knowledge) -> None:
    talk = ended(knowledge, "calf_cramp")
    (why,) = asked(talk, WHY, knowledge)[1]
    denied = [id_ for id_, fact in talk.turn.state.case.findings.items() if fact.status is Status.ABSENT]
    count = sum(knowledge.findings[id_].danger for id_ in denied)
    assert f"no to {count} danger signs" in why.text
    groups = {knowledge.findings[id_].ask_in for id_ in denied if knowledge.findings[id_].danger}
    assert all(knowledge.phrases[f"asked_about_{group}"] in why.text for group in groups)


def test_every_list_with_a_danger_sign_has_a_name(knowledge: Knowledge) -> None:
    lists = {finding.ask_in for finding in knowledge.findings.values() if finding.danger}
    assert not [id_ for id_ in lists if f"asked_about_{id_}" not in knowledge.phrases]


@pytest.mark.parametrize("heard", [WHY, CHANGE])
def test_in_an_emergency_it_is_answered_below_the_emergency(heard: Heard, knowledge: Knowledge) -> None:
    mention = Mention("saddle_numbness", PRESENT, text="can't feel when I wipe")
    begun = take_turn(TalkState.new("gb", START), Heard("I can't feel when I wipe", (mention,)), knowledge, START)
    turn = take_turn(begun.state, heard, knowledge, START)
    assert turn.path is Path.EMERGENCY
    assert turn.sayings[0].custom["type"] == "assessment"
    (answer,) = [saying for saying in turn.sayings if saying.custom.get("id") in ("why_result", "change")]
    assert knowledge.findings["saddle_numbness"].name in answer.text
    assert knowledge.phrases["change_down_warning"] not in answer.text
    assert not re.search(r"less urgent", answer.text)


def test_while_a_question_is_open_it_is_asked_once_more(knowledge: Knowledge) -> None:
    begun = take_turn(TalkState.new("gb", START), Heard("leg", (Mention("leg_pain", PRESENT),)), knowledge, START)
    state = take_turn(begun.state, Heard("ok", act=Act.AFFIRM), knowledge, START).state
    for heard, says in ((WHY, "why"), (CHANGE, "change_not_yet")):
        turn = take_turn(state, heard, knowledge, START)
        assert [saying.custom["id"] for saying in turn.sayings] == [says, state.open and state.open.id]
        assert turn.state.open == state.open


def test_a_question_says_what_a_yes_could_mean(knowledge: Knowledge) -> None:
    talk = ended(knowledge, "calf_cramp")
    for question in talk.asked:
        if question.id == "toilet_and_both_legs":
            assert knowledge.phrases["level_emergency_now"] in question.sent["why"]
            assert "numb_saddle" in question.sent["decides"]
            assert str(question.sent["why"]).startswith(knowledge.questions[question.id].why)
            return
    raise AssertionError("the list that matters most was not asked")


def test_nobody_is_tempted_to_change_a_true_answer(knowledge: Knowledge) -> None:
    for findings, disposition in RESULTS[1:]:
        (change,) = asked(ended(knowledge, *findings), CHANGE, knowledge)[1]
        lines = change.text.splitlines()
        assert lines[-1] == knowledge.phrases["change_down_warning"], disposition
        assert "less urgent only if" in change.text
        assert not TAKES_NO.search(change.text)
        assert change.text.count(knowledge.phrases["level_self_care"]) == 0


def test_several_answers_are_a_list_of_short_lines(knowledge: Knowledge) -> None:
    (change,) = asked(ended(knowledge, "calf_cramp", "worsening", "cannot_sleep"), CHANGE, knowledge)[1]
    lines = change.text.splitlines()
    at = lines.index(knowledge.phrases["change_down_all"])
    assert sorted(lines[at + 1 : at + 3]) == [
        f"- you did not have {knowledge.findings[id_].name}" for id_ in ("cannot_sleep", "worsening")
    ]


def test_self_harm_is_never_put_up_for_change(knowledge: Knowledge) -> None:
    talk = ended(knowledge, "calf_cramp")
    case = talk.turn.state.case.with_fact("self_harm", Fact(PRESENT, words="I want to end it all"))
    state = talk.turn.state.but(case=case)
    said = [take_turn(state, heard, knowledge, START).sayings for heard in (WHY, CHANGE)]
    assert [one.custom["id"] for (one,) in said] == ["why_result", "change"]
    assert knowledge.findings["self_harm"].name in said[0][0].text
    assert "less urgent" not in said[1][0].text
    (card,) = conclude(state, knowledge, START)
    assert card.custom["explanation"]["lowers"] == []
    assert card.custom["explanation"]["raises"] == []


# The card


def test_the_card_explains_itself(knowledge: Knowledge) -> None:
    card = ended(knowledge, "leg_pain", "foot_drop").said[-1].custom
    explanation = card["explanation"]
    assert set(explanation) == {"why", "raises", "lowers"}
    (why,) = explanation["why"]
    assert (why["rule"], why["level"], why["sources"]) == (
        "foot_drops",
        "urgent_same_day",
        list(knowledge.rules["foot_drops"].sources),
    )
    assert {one["level"] for one in explanation["raises"]} == {"emergency_now"}
    assert len(explanation["raises"]) == 3
    (lower,) = explanation["lowers"]
    assert lower["changes"] == [{"finding": "foot_drop", "status": "absent"}]
    assert lower["offered"]
    assert knowledge.phrases["change_down_warning"] in lower["text"]


def test_an_emergencys_card_offers_no_way_down(knowledge: Knowledge) -> None:
    opinion = consult(Case(dict.fromkeys(("saddle_numbness", "leg_pain"), Fact(PRESENT))), (), knowledge, START)
    explanation = explanation_json(opinion, knowledge)
    assert explanation["raises"] == []
    assert [one["offered"] for one in explanation["lowers"]] == [False]
    assert knowledge.phrases["change_emergency"] in explanation["lowers"][0]["text"]


def test_a_value_is_said_in_days_and_limits(knowledge: Knowledge) -> None:
    talk = ended(knowledge, "calf_cramp", duration_days=21.0)
    (change,) = asked(talk, CHANGE, knowledge)[1]
    assert "only if the time since this began was 7 days or less." in change.text
    (lower,) = talk.said[-1].custom["explanation"]["lowers"]
    (changed,) = lower["changes"]
    assert (changed["value"], changed["low"], changed["high"], changed["with_high"]) == (
        "duration_days",
        None,
        7.0,
        True,
    )
