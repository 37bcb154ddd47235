"""The knowledge itself: every id of the contract is there, every danger is asked and cited, every sentence is plain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sciatriage.triage.knowledge import Knowledge

CONTRACT = """
bladder_retention bladder_incontinence bowel_incontinence saddle_numbness sexual_dysfunction bilateral_leg_symptoms
foot_drop leg_weakness weakness_limits progressive_weakness sudden_weakness sudden_numbness numbness_constant wasting
severe_trauma fever very_unwell cancer_history weight_loss night_pain steroid_use thin_bones iv_drug_use
immunosuppression recent_spinal_injection dirty_wound calf_swelling calf_redness_warmth recent_immobility recent_birth
chest_pain breathlessness coughing_blood collapse cold_pale_limb rest_pain_foot foot_sores stops_on_standing_still
sudden_tummy_back_pain face_arm_speech dark_urine hard_swollen_muscle cramp_not_letting_go palpitations fainting
confusion radiating_leg_pain low_back_pain buttock_pain tingling numbness burning_pain electric_shock_pain severe_pain
muscle_spasm calf_cramp hamstring_cramp foot_cramp night_cramps worse_sitting worse_standing worse_walking
worse_cough_sneeze worse_bending_twisting relief_by_bending_forward cannot_walk cannot_sleep daily_life_disturbed
worsening persistent_symptoms exertion_overuse dehydration electrolyte_imbalance diuretic statin asthma_drug pregnancy
stomach_ulcer bleeding_problem blood_thinner heart_disease kidney_disease liver_disease high_blood_pressure past_stroke
asthma bowel_inflammation nsaid_allergy chickenpox diabetes poor_circulation self_harm
""".split()
CONDITIONS = """sciatica_related_spasm ordinary_cramp medication_cramp piriformis_syndrome spinal_stenosis cauda_equina
dvt limb_ischaemia other""".split()
LONGEST = 20  # words a sentence, by the spec


def test_every_finding_and_condition_of_the_contract_is_known(knowledge: Knowledge) -> None:
    assert sorted(set(CONTRACT) - set(knowledge.findings)) == []
    assert sorted(set(CONDITIONS) - set(knowledge.conditions)) == []


def test_every_danger_can_be_asked_and_heard(knowledge: Knowledge) -> None:
    for id_, finding in knowledge.findings.items():
        if finding.danger:
            assert finding.ask_in, id_
            assert len(finding.heard_as) >= 6, id_


def test_every_finding_a_rule_rests_on_can_be_asked_or_says_why_not(knowledge: Knowledge) -> None:
    heard_only = {"self_harm", "persistent_symptoms"}  # its own route; told by how long it has lasted
    for rule in knowledge.rules.values():
        for leaf in rule.when.leaves():
            if leaf.kind == "finding" and leaf.id not in heard_only:
                assert knowledge.findings[leaf.id].ask_in, (rule.id, leaf.id)


def test_labels_in_a_list_are_told_apart(knowledge: Knowledge) -> None:
    for question in knowledge.questions.values():
        labels = [knowledge.findings[id_].label.casefold() for id_ in question.findings]
        for label in labels:
            assert ";" not in label
            assert [other for other in labels if other != label and label in other] == []


def test_sentences_are_short(knowledge: Knowledge) -> None:
    long = [(where, one) for where, text in _texts(knowledge) for one in _sentences(text) if len(one.split()) > LONGEST]
    assert long == []


def test_a_number_to_call_stands_only_in_a_region(knowledge: Knowledge) -> None:
    numbers = {line for one in knowledge.regions.values() for line in (one.emergency.number, one.urgent.number) if line}
    for where, text in _texts(knowledge):
        for number in numbers:
            assert not re.search(rf"\b{re.escape(number)}\b", text), (where, number)


def test_every_result_has_a_safety_net_in_four_parts(knowledge: Knowledge) -> None:
    for entry in knowledge.dispositions.values():
        net = entry.safety_net
        assert all((net.uncertain, net.watch_for, net.turn_to, net.how_long)), entry.id
        assert "don't wait" in net.how_long, entry.id


def test_the_bot_never_diagnoses(knowledge: Knowledge) -> None:
    for where, text in _texts(knowledge):
        assert not re.search(r"\b(nothing is wrong|you have sciatica|diagnosed? you)\b", text, re.I), where


def test_every_phrase_is_said_somewhere(knowledge: Knowledge) -> None:
    program = Path(__file__).resolve().parents[2] / "sciatriage"
    code = "".join(file.read_text() for file in program.rglob("*.py"))
    filled_in = ("value_", "not_understood_", "asked_about_")  # the program adds which one it is
    unsaid = [
        id_ for id_ in knowledge.phrases if not re.search(rf"[\"']{id_}[\"']", code) and not id_.startswith(filled_in)
    ]
    assert unsaid == []


def _sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.!?])\s+|\n+|: ", text) if one.strip()]


def _texts(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    for finding in knowledge.findings.values():
        for part in (finding.label, finding.simpler, finding.why):
            yield finding.id, part
    for rule in knowledge.rules.values():
        yield rule.id, rule.because
    for question in knowledge.questions.values():
        yield question.id, question.text
        yield question.id, question.why
    for advice in knowledge.advice.values():
        yield advice.id, advice.text
        for gate in advice.withheld:
            yield advice.id, gate.because
    for answer in knowledge.answers.values():
        yield answer.id, answer.text
    yield from knowledge.phrases.items()
    for entry in knowledge.dispositions.values():
        yield entry.id.value, entry.what_to_do
        net = entry.safety_net
        yield from ((entry.id.value, part) for part in (net.uncertain, net.watch_for, net.turn_to, net.how_long))
