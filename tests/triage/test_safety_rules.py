"""The spec's rules of safety on random cases: never lower, never lost, never self-care while unsure, order-free."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciatriage.triage.advice import plan
from sciatriage.triage.case import Case, Fact
from sciatriage.triage.consultation import consult
from sciatriage.triage.expression import Truth
from sciatriage.triage.knowledge import Knowledge, load_knowledge
from sciatriage.triage.red_flags import weigh
from sciatriage.triage.vocabulary import Disposition, Mention, Status

NOW = datetime(2026, 1, 5, tzinfo=timezone.utc)
KNOWLEDGE = load_knowledge()
FINDINGS = sorted(KNOWLEDGE.findings)
DANGERS = sorted(id_ for id_, finding in KNOWLEDGE.findings.items() if finding.danger)
FACTS = st.one_of(
    st.sampled_from([Fact(Status.PRESENT), Fact(Status.ABSENT), Fact(Status.PAST), Fact(Status.UNCERTAIN)]),
    st.just(Fact(Status.UNCERTAIN, asked_again=True)),
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "age": st.sampled_from([None, 15.0, 16.0, 45.0, 65.0, 66.0]),
        "duration_days": st.sampled_from([None, 0.2, 3.0, 3.5, 7.0, 7.5, 14.0, 15.0, 400.0]),
        "side": st.sampled_from([None, "left", "right", "both"]),
        "pain_score": st.sampled_from([None, 0.0, 6.0, 7.0]),
    },
)
CASES = st.builds(Case, st.dictionaries(st.sampled_from(FINDINGS), FACTS, max_size=14), VALUES)
FIRMNESS = [Fact(Status.ABSENT), Fact(Status.UNCERTAIN, asked_again=True), Fact(Status.PRESENT)]


def disposition(case: Case) -> Disposition:
    return consult(case, (), KNOWLEDGE, NOW).disposition


@settings(max_examples=400, deadline=None)
@given(CASES, st.sampled_from(DANGERS))
def test_no_to_unsure_to_yes_never_lowers(case: Case, danger: str) -> None:
    levels = [disposition(case.with_fact(danger, fact)).urgency for fact in FIRMNESS]
    assert levels == sorted(levels)


@settings(max_examples=300, deadline=None)
@given(CASES)
def test_a_rule_that_holds_gives_at_least_its_level(case: Case) -> None:
    opinion = consult(case, (), KNOWLEDGE, NOW)
    for flag in (*opinion.red_flags, *opinion.reasons):
        assert opinion.disposition.urgency >= flag.level.urgency


@settings(max_examples=300, deadline=None)
@given(CASES)
def test_the_span_holds_what_counts_now(case: Case) -> None:
    weighing = weigh(case, KNOWLEDGE)
    assert weighing.low.urgency <= weighing.now.urgency <= weighing.high.urgency


@settings(max_examples=300, deadline=None)
@given(CASES, st.permutations(DANGERS))
def test_order_does_not_matter(case: Case, order: list[str]) -> None:
    said = [Mention(id_, case.findings[id_].status) for id_ in order if id_ in case.findings]
    bare = Case({}, case.values)
    one_by_one = bare
    for mention in said:
        one_by_one = consult(one_by_one, (mention,), KNOWLEDGE, NOW).case
    at_once = consult(bare, reversed(said), KNOWLEDGE, NOW)
    assert disposition(one_by_one) == at_once.disposition


@settings(max_examples=300, deadline=None)
@given(CASES)
def test_complete_self_care_means_that_no_red_flag_could_hold(case: Case) -> None:
    opinion = consult(case, (), KNOWLEDGE, NOW)
    if opinion.complete and opinion.disposition is Disposition.SELF_CARE:
        open_flags = [one.rule.id for one in weigh(case, KNOWLEDGE).verdicts if one.rule.red_flag]
        assert set(open_flags) <= {"thoughts_of_self_harm"}


@settings(max_examples=200, deadline=None)
@given(CASES)
def test_nothing_withheld_is_given_and_no_gate_of_what_is_given_could_be_yes(case: Case) -> None:
    weighing = weigh(case, KNOWLEDGE)
    advised = plan(weighing.now, weighing.facts, KNOWLEDGE)
    for advice in advised.given:
        assert all(gate.when.span(weighing.facts).high is Truth.NO for gate in advice.withheld)
    assert not {advice.id for advice in advised.given} & {advice.id for advice, _ in advised.withheld}


@pytest.mark.parametrize("danger", DANGERS)
def test_a_danger_said_is_never_lost_to_later_words(danger: str, knowledge: Knowledge) -> None:
    case = consult(Case(), [Mention(danger, Status.PRESENT, text="words")], knowledge, NOW).case
    later = [Mention(danger, status) for status in Status]
    assert consult(case, later, knowledge, NOW).case.status(danger) is Status.PRESENT


@settings(max_examples=200, deadline=None)
@given(CASES)
def test_a_case_survives_json(case: Case) -> None:
    assert Case.from_json(case.to_json()) == case
