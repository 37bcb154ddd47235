"""Explanations: what is said to change a result does so, and nothing smaller does. Shown by trying every answer."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from itertools import combinations

import pytest

from sciatriage.triage.case import Case, Fact
from sciatriage.triage.changes import Alternative
from sciatriage.triage.consultation import consult
from sciatriage.triage.explanation import (
    MOST_DOWN,
    MOST_UP,
    SAID_UP,
    what_would_change,
    why_asked,
    why_this,
    worth_saying,
)
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.questions import AT_MOST
from sciatriage.triage.red_flags import weigh
from sciatriage.triage.vocabulary import Disposition, Mention, Status

NOW = datetime(2026, 1, 5, tzinfo=timezone.utc)
IN_MILLISECONDS = 300.0
# Values to try: more than the rules can tell apart, and each limit with what lies beside it.
TRIED: Mapping[str, tuple[float | str, ...]] = {
    "duration_days": (0.1, 1.0, 3.0, 3.1, 5.0, 7.0, 7.1, 10.0, 14.0, 14.1, 30.0, 400.0),
    "newest_days": (0.1, 3.0, 3.1, 7.0, 14.0, 14.1, 100.0),
    "age": (5.0, 15.9, 16.0, 40.0, 80.0),
    "pain_score": (0.0, 3.0, 6.9, 7.0, 10.0),
    "side": ("left", "right", "both"),
}
# An answer that is another: a finding's id, or a value with what it becomes.
Answer = str | tuple[str, float | str]


def draw(seed: int, knowledge: Knowledge, answered: float) -> Case:
    """A case in which this share of the findings was answered, mostly with no."""
    dice = random.Random(seed)
    findings = {}
    for id_ in sorted(knowledge.findings):
        if id_ != "self_harm" and dice.random() < answered:
            status = dice.choice((Status.ABSENT,) * 12 + (Status.PRESENT, Status.UNCERTAIN, Status.PAST))
            findings[id_] = Fact(status, asked_again=dice.random() < 0.5, in_passing=dice.random() < 0.1)
    for id_ in dice.sample(["calf_cramp", "tingling", "low_back_pain", "leg_pain"], dice.choice((0, 1, 1, 2))):
        findings[id_] = Fact(Status.PRESENT)
    values = {
        value: dice.choice((None, *some)) for value, some in TRIED.items() if dice.random() < 0.7 * (0.3 + answered)
    }
    return Case(findings, values)


def with_answer(case: Case, answer: Answer, status: Status) -> Case:
    if isinstance(answer, str):
        return case.with_fact(answer, Fact(status))
    value, told = answer
    case = case.with_value(value, told)
    if value == "duration_days":  # "for weeks" says the same in words
        lasting = Status.PRESENT if float(told) > 7 else Status.ABSENT
        case = case.with_fact("persistent_symptoms", Fact(lasting))
    return case


def level(case: Case, answers: tuple[Answer, ...], status: Status, knowledge: Knowledge) -> Disposition:
    for answer in answers:
        case = with_answer(case, answer, status)
    return weigh(case, knowledge).now


def every_set(
    case: Case, status: Status, size: int, knowledge: Knowledge
) -> Iterator[tuple[tuple[Answer, ...], Disposition]]:
    """Every set of so many answers that would be others, with the level it gives."""
    can_be = (Status.PRESENT, Status.UNCERTAIN)
    answers: list[Answer] = [
        id_
        for id_, finding in knowledge.findings.items()
        if finding.ask_in and (case.status(id_) in can_be or status is Status.PRESENT)
        if case.status(id_) is not status
    ]
    answers += [(value, told) for value, some in TRIED.items() for told in some]
    for chosen in combinations(answers, size):
        values = [answer[0] for answer in chosen if isinstance(answer, tuple)]
        if len(values) == len(set(values)):
            yield chosen, level(case, chosen, status, knowledge)


def tried(alternative: Alternative) -> set[frozenset[Answer]]:
    """An alternative as the sets of answers it stands for, with every value to try that lies within."""
    sets: set[frozenset[Answer]] = {frozenset()}
    for change in alternative.changes:
        if change.finding is not None:
            answers: list[Answer] = [change.finding]
        else:
            assert change.value is not None
            assert change.stretch is not None
            answers = [(change.value, told) for told in TRIED[change.value] if change.stretch.holds(told)]
            assert answers, change
        sets = {one | {answer} for one in sets for answer in answers}
    return sets


def check_by_trying_all(case: Case, knowledge: Knowledge) -> tuple[int, ...]:
    """What is said to raise and to lower is exactly what trying every set of answers finds; gives the sizes found."""
    told = what_would_change(case, knowledge)
    case = told.case
    assert told.level is consult(case, (), knowledge, NOW).disposition
    sizes = []
    open_levels = [one for one in Disposition if one.urgency > told.level.urgency]
    for size in range(1, MOST_UP + 1):
        found: dict[Disposition, set[frozenset[Answer]]] = {one: set() for one in open_levels}
        if open_levels:
            for answers, reached in every_set(case, Status.PRESENT, size, knowledge):
                if reached in found:
                    found[reached].add(frozenset(answers))
        for one in [one for one in open_levels if found[one]]:
            said = [raised for raised in told.raises if raised.level is one]
            assert found[one] == set().union(*map(tried, said)), (one, size)
            assert {len(raised.changes) for raised in said} == {size}
            open_levels.remove(one)
            sizes.append(size)
    assert not [raised for raised in told.raises if raised.level in open_levels]
    below = range(Disposition.SELF_CARE.urgency, told.level.urgency)
    for size in range(1, MOST_DOWN + 1):
        lower = {
            frozenset(answers): reached
            for answers, reached in every_set(case, Status.ABSENT, size, knowledge)
            if reached.urgency in below
        }
        if lower:
            assert set(lower) == set().union(*map(tried, told.lowers)), size
            assert all(lower[answers] is one.level for one in told.lowers for answers in tried(one))
            return (*sizes, -size)
    assert not told.lowers
    return tuple(sizes)


@pytest.mark.parametrize("seed", range(10))
def test_nothing_smaller_and_nothing_else_would_change_it(seed: int, knowledge: Knowledge) -> None:
    check_by_trying_all(draw(seed, knowledge, (0.15, 0.6, 1.0)[seed % 3]), knowledge)


def test_nor_with_other_rules(knowledge: Knowledge) -> None:
    """With few rules one answer is often not enough: then two raise, and up to three lower."""
    sizes: set[int] = set()
    for seed in range(14):
        dice = random.Random(seed)
        rules = {id_: knowledge.rules[id_] for id_ in dice.sample(sorted(knowledge.rules), 5)}
        fewer = replace(knowledge, rules=rules)
        sizes |= set(check_by_trying_all(draw(seed, fewer, (0.3, 1.0)[seed % 2]), fewer))
    assert {1, 2} <= sizes


def test_a_reason_needs_something_in_scope_as_well(knowledge: Knowledge) -> None:
    alone = replace(knowledge, rules={"reason_cannot_sleep": knowledge.rules["reason_cannot_sleep"]})
    case = answered_no(alone)
    assert check_by_trying_all(case, alone) == (1, 2)
    raises = [one for one in what_would_change(case, alone).raises if one.level is Disposition.SEE_CLINICIAN_SOON]
    assert all("cannot_sleep" in {change.finding for change in one.changes} for one in raises)


def test_three_answers_may_have_to_differ(knowledge: Knowledge) -> None:
    present = ("calf_cramp", "cannot_sleep", "worsening", "night_pain")
    case = answered_no(knowledge, *present)
    assert check_by_trying_all(case, knowledge)[-1] == -3
    (lower,) = what_would_change(case, knowledge).lowers
    assert {change.finding for change in lower.changes} == {"cannot_sleep", "worsening", "night_pain"}
    assert not what_would_change(case.with_fact("cannot_walk", Fact(Status.PRESENT)), knowledge).lowers


def answered_no(knowledge: Knowledge, *present: str, **values: float | str | None) -> Case:
    """Every finding answered no but these; three days, middle-aged, mild."""
    findings = {id_: Fact(Status.ABSENT) for id_ in knowledge.findings}
    findings |= {id_: Fact(Status.PRESENT) for id_ in present}
    return Case(findings, {"age": 40.0, "duration_days": 3.0, "side": "left", "pain_score": 3.0, **values})


def test_every_stated_change_does_what_it_says(knowledge: Knowledge) -> None:
    for seed in range(40):
        told = what_would_change(draw(seed, knowledge, (0.2, 0.7, 1.0)[seed % 3]), knowledge)
        for one in (*told.raises, *told.lowers):
            assert consult(one.on(told.case), (), knowledge, NOW).disposition is one.level, (seed, one)


def test_it_never_takes_long(knowledge: Knowledge) -> None:
    cases = [draw(seed, knowledge, share) for seed in range(40) for share in (0.1, 0.5, 1.0)]
    everything = {id_: Fact(Status.PRESENT) for id_ in knowledge.findings if id_ != "self_harm"}
    cases += [Case(), Case(everything), Case(dict.fromkeys(everything, Fact(Status.UNCERTAIN, asked_again=True)))]
    # Nothing but what may be seen to within days, as much of it as there is.
    calm = Case(everything)
    for rule in knowledge.rules.values():
        if rule.present.urgency > Disposition.SEE_CLINICIAN_SOON.urgency:
            calm = calm.without(leaf.id for leaf in rule.when.leaves() if leaf.kind == "finding")
    took = []
    for case in (*cases, calm):
        began = time.process_time()
        what_would_change(case, knowledge)
        took.append((time.process_time() - began) * 1000)
    print(f"what would change it: {sum(took) / len(took):.1f} ms on average, {max(took):.1f} ms at most")
    assert max(took) < IN_MILLISECONDS


def test_how_long_it_lasts_is_one_answer_said_in_words_or_days(knowledge: Knowledge) -> None:
    case = answered_no(knowledge, "calf_cramp", "persistent_symptoms", duration_days=21.0)
    (lower,) = what_would_change(case, knowledge).lowers
    (change,) = lower.changes
    assert (change.value, lower.level) == ("duration_days", Disposition.SELF_CARE)
    assert change.stretch is not None
    assert (change.stretch.low, change.stretch.high, change.stretch.with_high) == (None, 7.0, True)


def test_what_is_never_asked_is_never_offered(knowledge: Knowledge) -> None:
    for case in (Case(), answered_no(knowledge, "self_harm", "calf_cramp"), answered_no(knowledge, "calf_cramp")):
        told = what_would_change(case, knowledge)
        changes = [change for one in (*told.raises, *told.lowers) for change in one.changes]
        assert not [change for change in changes if change.finding in ("self_harm", "persistent_symptoms")]


def test_an_emergency_is_not_offered_a_way_down(knowledge: Knowledge) -> None:
    told = what_would_change(answered_no(knowledge, "calf_cramp", "saddle_numbness"), knowledge)
    assert not told.offered
    assert not told.raises
    assert [[change.finding for change in one.changes] for one in told.lowers] == [["saddle_numbness"]]


def test_what_is_said_is_little_broad_and_dangers_first(knowledge: Knowledge) -> None:
    told = what_would_change(answered_no(knowledge, "calf_cramp"), knowledge)
    said = worth_saying(told.raises, knowledge)
    assert [one.level.value for one in said] == ["emergency_now", "urgent_same_day", "see_clinician_soon"]
    findings = [knowledge.findings[one.changes[0].finding or ""] for one in said]
    assert [finding.danger for finding in findings] == [True, True, False]
    assert len(said) == SAID_UP
    told = what_would_change(answered_no(knowledge, "calf_cramp", "foot_drop"), knowledge)
    asked_in = {knowledge.findings[one.changes[0].finding or ""].ask_in for one in worth_saying(told.raises, knowledge)}
    assert len(asked_in) == SAID_UP


# Why this result?


def test_the_rules_that_carry_the_result_with_the_persons_words(knowledge: Knowledge) -> None:
    case = answered_no(knowledge, "calf_cramp").without(["calf_swelling"], ["side"])
    mention = Mention("calf_swelling", Status.PRESENT, text="my calf is puffed up")
    opinion = consult(case, [mention], knowledge, NOW)
    told = why_this(opinion, knowledge)
    (carrier,) = told.carriers
    assert (carrier.rule, carrier.level) == ("swollen_or_warm_calf_one_side", Disposition.URGENT_SAME_DAY)
    assert [(one.finding, one.words) for one in carrier.findings] == [("calf_swelling", "my calf is puffed up")]
    assert carrier.values == (("side", None),)
    rule = knowledge.rules[carrier.rule]
    assert (carrier.because, carrier.sources) == (rule.because, rule.sources)


def test_every_carrier_has_the_level_of_the_result(knowledge: Knowledge) -> None:
    for seed in range(60):
        opinion = consult(draw(seed, knowledge, 0.5), (), knowledge, NOW)
        told = why_this(opinion, knowledge)
        assert {one.level for one in told.carriers} <= {opinion.disposition}
        assert bool(told.carriers) is (opinion.disposition.urgency > Disposition.SELF_CARE.urgency)
        assert all(one.findings or one.values for one in told.carriers), seed


def test_an_option_that_was_ticked_is_not_quoted(knowledge: Knowledge) -> None:
    label = knowledge.findings["foot_drop"].label
    case = answered_no(knowledge, "calf_cramp").with_fact("foot_drop", Fact(Status.PRESENT, words=label))
    (carrier,) = why_this(consult(case, (), knowledge, NOW), knowledge).carriers
    assert [one.words for one in carrier.findings] == [""]


def test_self_care_names_the_danger_signs_that_were_answered_no(knowledge: Knowledge) -> None:
    told = why_this(consult(answered_no(knowledge, "calf_cramp"), (), knowledge, NOW), knowledge)
    dangers = [id_ for id_, finding in knowledge.findings.items() if finding.danger]
    assert told.disposition is Disposition.SELF_CARE
    assert not told.carriers
    assert sorted(told.ruled_out) == sorted(dangers)
    assert set(told.groups) == {knowledge.findings[id_].ask_in for id_ in dangers}
    passing = answered_no(knowledge, "calf_cramp").with_fact("fever", Fact(Status.ABSENT, in_passing=True))
    assert "fever" not in why_this(consult(passing, (), knowledge, NOW), knowledge).ruled_out


def test_what_nobody_could_be_asked_any_more_counts_as_it_does_in_the_result(knowledge: Knowledge) -> None:
    used_up = tuple(f"question {number}" for number in range(AT_MOST))
    case = replace(answered_no(knowledge, "leg_pain").without(["foot_drop", "saddle_numbness"]), asked=used_up)
    opinion = consult(case, (), knowledge, NOW)
    told = what_would_change(case, knowledge)
    assert told.level is opinion.disposition is Disposition.URGENT_SAME_DAY
    (carrier,) = why_this(opinion, knowledge).carriers
    assert [(one.finding, one.status, one.asked) for one in carrier.findings] == [
        ("saddle_numbness", Status.UNCERTAIN, False)
    ]
    assert {change.finding for one in told.lowers for change in one.changes} == {"saddle_numbness"}


# Why do you ask?


def test_a_question_says_which_rules_it_could_decide(knowledge: Knowledge) -> None:
    case = answered_no(knowledge, "calf_cramp").without(["saddle_numbness"])
    opinion = consult(case, (), knowledge, NOW)
    assert opinion.next_question is not None
    told = why_asked(opinion.next_question, opinion, knowledge)
    assert told.rules == ("numb_saddle",)
    assert (told.at_once, told.with_more) == (Disposition.EMERGENCY_NOW, None)
    assert told.why == knowledge.findings["saddle_numbness"].why
    assert told.sources == knowledge.findings["saddle_numbness"].sources


def test_a_sign_that_needs_another_says_so(knowledge: Knowledge) -> None:
    case = answered_no(knowledge, "low_back_pain").without(["recent_spinal_injection", "sudden_numbness"])
    opinion = consult(case, (), knowledge, NOW)
    question = opinion.next_question
    assert question is not None
    alone = replace(question, findings=("recent_spinal_injection",))
    told = why_asked(alone, opinion, knowledge)
    assert (told.at_once, told.with_more) == (None, Disposition.EMERGENCY_NOW)


def test_what_is_at_stake_is_what_a_yes_does(knowledge: Knowledge) -> None:
    asked = 0
    for seed in range(60):
        opinion = consult(draw(seed, knowledge, 0.4), (), knowledge, NOW)
        question = opinion.next_question
        if question is None or not question.findings:
            continue
        asked += 1
        told = why_asked(question, opinion, knowledge)
        cases = [opinion.case.with_fact(id_, Fact(Status.PRESENT)) for id_ in question.findings]
        reached = max(weigh(case, knowledge).now.urgency for case in cases)
        assert (told.at_once is not None) is (reached > opinion.disposition.urgency)
        if told.at_once is not None:
            assert told.at_once.urgency == reached
            assert told.rules
    assert asked > 20
