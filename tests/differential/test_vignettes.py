"""What comes first for people as a clinician would meet them: scored on those it was developed with, and on the others.

Measured when the weights were last changed: 74 of 74 (development) and 63 of 64 (held out) top-1, all of them top-3.
Before anything was changed it was 68 of 74, and 36 of the 37 held out then. The last 27 held out were written when the
weights had settled: 25 were right at once. The floors leave room for a few people, not for a condition.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from ruamel.yaml import YAML

from sciatriage.triage.knowledge import Knowledge, knowledge_folder
from sciatriage.triage.vocabulary import Status
from tests.differential.read_vignettes import Vignette, read_vignettes, score

VIGNETTES = read_vignettes()
HELD_OUT_EVERY = 3
FLOORS = {"development": (0.95, 0.98), "held_out": (0.95, 0.98)}  # top-1, top-3
LEAST = {"other": 8}  # people a condition is expected first in; 10 where nothing is said

# What the articles and the clinical rules say of each condition: what must count for it or, with a minus, against it.
SAID = {
    "sciatica_related_spasm": "one_leg radiating_leg_pain tingling numbness burning_pain electric_shock_pain "
    "low_back_pain buttock_pain calf_cramp hamstring_cramp foot_cramp muscle_spasm worse_sitting worse_standing "
    "worse_bending_twisting worse_cough_sneeze leg_weakness "
    "-dehydration -exertion_overuse -electrolyte_imbalance -diuretic -statin -asthma_drug",
    "ordinary_cramp": "calf_cramp hamstring_cramp dehydration electrolyte_imbalance exertion_overuse worse_standing "
    "worse_sitting muscle_pain -tingling -numbness -radiating_leg_pain -burning_pain -electric_shock_pain "
    "-cramp_not_letting_go",
    "medication_cramp": "diuretic statin asthma_drug -tingling -numbness -radiating_leg_pain",
    "piriformis_syndrome": "buttock_pain worse_sitting radiating_leg_pain -low_back_pain",
    "spinal_stenosis": "relief_by_bending_forward worse_walking worse_standing -worse_sitting",
    "cauda_equina": "bladder_retention bladder_incontinence bowel_incontinence saddle_numbness sexual_dysfunction "
    "bilateral_leg_symptoms",
    "dvt": "calf_swelling calf_redness_warmth calf_pain recent_immobility recent_birth",
    "limb_ischaemia": "cold_pale_limb stops_on_standing_still rest_pain_foot foot_sores poor_circulation",
}
PUSHES_OUT = ("cauda_equina", "dvt", "limb_ischaemia")  # and the sign that must put each before everything else
SIGNS = {
    "cauda_equina": ("bladder_retention", "bladder_incontinence", "bowel_incontinence", "saddle_numbness"),
    "dvt": ("calf_swelling", "calf_redness_warmth"),
    "limb_ischaemia": ("cold_pale_limb",),
}


@pytest.mark.parametrize("split", FLOORS)
def test_what_comes_first(split: str, knowledge: Knowledge, capsys: pytest.CaptureFixture[str]) -> None:
    result = score([one for one in VIGNETTES if one.split == split], knowledge)
    with capsys.disabled():
        print(f"\n{split}: {result}")
    top_1, top_3 = FLOORS[split]
    assert result.top_1 >= top_1 * result.people, result.missed
    assert result.top_3 >= top_3 * result.people, result.missed


def test_every_condition_comes_first_for_somebody(knowledge: Knowledge) -> None:
    first = {one.opinion(knowledge).differential[0].condition.id for one in VIGNETTES}
    assert sorted(set(knowledge.conditions) - first) == []


def test_the_split_is_the_rule_written_down_before_anything_ran() -> None:
    for one in VIGNETTES:
        held_out = int(one.id.rsplit("_", 1)[1]) % HELD_OUT_EVERY == 0
        assert one.split == ("held_out" if held_out else "development"), one.id


def test_every_condition_has_enough_people(knowledge: Knowledge) -> None:
    people = Counter(one.top for one in VIGNETTES)
    for condition in knowledge.conditions:
        assert people[condition] >= LEAST.get(condition, 10), condition


@pytest.mark.parametrize("one", VIGNETTES, ids=lambda one: one.id)
def test_a_vignette_is_sound(one: Vignette, knowledge: Knowledge) -> None:
    assert set(one.findings) <= set(knowledge.findings)
    assert one.accepted <= set(knowledge.conditions)
    assert one.story, one.because


@pytest.mark.parametrize("condition", SAID)
def test_what_the_sources_say_of_a_condition_counts(condition: str, knowledge: Knowledge) -> None:
    entry = knowledge.conditions[condition]
    said = SAID[condition].split()
    assert [key for key in said if not key.startswith("-") and entry.speaks_for[key].points <= 0] == []
    assert [key for key in said if key.startswith("-") and entry.speaks_against[key[1:]].points >= 0] == []


@pytest.mark.parametrize(("condition", "sign"), [(one, sign) for one in PUSHES_OUT for sign in SIGNS[one]])
def test_a_sign_of_the_dangerous_three_comes_before_everything(condition: str, sign: str, knowledge: Knowledge) -> None:
    """However well a story fits something harmless: with such a sign added, the danger comes first."""
    harmless = [one for one in VIGNETTES if one.top not in (*PUSHES_OUT, "other") and sign not in one.findings]
    assert harmless
    for one in harmless:
        with_sign = replace(one, findings={**one.findings, sign: Status.PRESENT})
        assert with_sign.opinion(knowledge).differential[0].condition.id == condition, one.id


def test_what_only_weighs_causes_stays_out_of_rules_and_gates(knowledge: Knowledge) -> None:
    """The definitions of conditions/ take what isn't known as no; a rule or a gate needs the safer side."""
    written = YAML(typ="safe").load(knowledge_folder() / "conditions" / "patterns.yml")["definitions"]
    whens = [rule.when for rule in knowledge.rules.values()]
    whens += [gate.when for advice in knowledge.advice.values() for gate in advice.withheld]
    whens += [advice.for_whom for advice in knowledge.advice.values() if advice.for_whom is not None]
    used = {leaf.id for when in whens for leaf in when.leaves() if leaf.kind == "definition"}
    assert written
    assert sorted(used & set(written)) == []
