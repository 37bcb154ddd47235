"""Rasa's four files and data/: what `rasa data validate` checks, and what it doesn't."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import pytest
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.validator import Validator
from rasa_sdk.executor import ActionExecutor
from ruamel.yaml import YAML

from rasa_project.home import ROOT
from sciatriage.triage.knowledge import load_knowledge
from sciatriage.triage.vocabulary import Act, Disposition

ACTS = {act.value for act in Act}


@lru_cache(maxsize=1)
def importer() -> TrainingDataImporter:
    return TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]
    )


def read(name: str) -> Any:
    return YAML(typ="safe").load(ROOT / name)


def rules() -> list[list[dict[str, Any]]]:
    return [rule["steps"] for rule in read("data/rules.yml")["rules"]]


def test_rasas_own_validator_is_content() -> None:
    validator = Validator.from_importer(importer())
    assert validator.verify_intents(ignore_warnings=False)
    assert validator.verify_example_repetition_in_intents(ignore_warnings=False)
    assert validator.verify_intents_in_stories(ignore_warnings=False)
    assert validator.verify_actions_in_stories_rules()
    assert validator.verify_story_structure(ignore_warnings=False)
    assert validator.verify_slot_mappings()
    assert validator.verify_domain_validity()
    validator.warn_if_config_mandatory_keys_are_not_set()


def test_acts_intents_examples_and_rules_are_the_same_set() -> None:
    domain, examples = importer().get_domain(), importer().get_nlu_data()
    written = {told["intent"] for told in read("data/nlu.yml")["nlu"]}
    ruled = {step["intent"] for steps in rules() for step in steps if "intent" in step}
    own = {intent for intent in domain.intents if intent in written}
    assert own == written == ruled == ACTS == examples.intents


def test_every_act_takes_the_turn() -> None:
    doors = [steps for steps in rules() if "intent" in steps[0]]
    assert all(steps[1:] == [{"action": "action_triage_turn"}] for steps in doors)


def test_each_act_has_enough_examples_of_its_own() -> None:
    for told in read("data/nlu.yml")["nlu"]:
        examples = [line[2:] for line in told["examples"].splitlines()]
        assert 25 <= len(examples) <= 60, told["intent"]
        assert len({example.casefold() for example in examples}) == len(examples), told["intent"]


def test_actions_of_the_domain_are_those_of_the_sdk() -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    assert set(read("domain.yml")["actions"]) == {name for name in executor.actions if name.startswith("action_")}


def test_every_action_and_response_is_used() -> None:
    used = {step["action"] for steps in rules() for step in steps if "action" in step}
    domain = read("domain.yml")
    assert used - {"action_listen"} == {*domain["actions"], *domain["responses"]}


def test_every_place_a_turn_can_lead_to_has_a_rule() -> None:
    values = read("domain.yml")["slots"]["disposition"]["values"]
    assert set(values) == {"open"} | {disposition.value for disposition in Disposition}
    after_turn = [steps for steps in rules() if steps[0] == {"action": "action_triage_turn"}]
    led = {
        steps[1]["slot_was_set"][0]["disposition"]: [step.get("action") for step in steps[2:]] for steps in after_turn
    }
    assert set(led) == set(values)
    for where, actions in led.items():
        path = {"open": [], "self_care": ["action_self_care_path"]}.get(where, ["action_referral_path"])
        assert actions == [*path, "action_record", "action_listen"], where


def test_entities_are_those_of_the_hearing() -> None:
    assert read("domain.yml")["entities"] == ["finding"]


def test_only_the_disposition_steers_the_dialogue() -> None:
    slots = read("domain.yml")["slots"]
    assert [name for name, slot in slots.items() if slot.get("influence_conversation") is not False] == ["disposition"]
    assert read("domain.yml")["session_config"] == {
        "session_expiration_time": 0,
        "carry_over_slots_to_new_session": False,
    }


def test_the_knowledges_sentences_are_examples_and_written_nowhere_else() -> None:
    knowledge = load_knowledge()
    examples = {
        str(message.get("text")).casefold(): message.get("intent")
        for message in importer().get_nlu_data().intent_examples
    }
    told = [sentence for finding in knowledge.findings.values() for sentence in finding.heard_as]
    asked = [sentence for answer in knowledge.answers.values() for sentence in answer.asked_as]
    assert told
    assert asked
    assert {examples[sentence.casefold()] for sentence in told} <= {"tell"}
    # "Is it serious?" has a general answer and, in a talk, one about this person: the second is meant.
    assert {examples[sentence.casefold()] for sentence in asked} <= {"ask_question", "ask_urgent"}
    written = (ROOT / "data" / "nlu.yml").read_text()
    copied = [sentence for sentence in told if f"- {sentence}\n" in written]
    assert not copied


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "data/rules.yml"])
def test_no_clinical_word_outside_the_knowledge(name: str) -> None:
    knowledge = load_knowledge()
    words = set(re.findall(r"[a-z_]+", (ROOT / name).read_text().casefold()))
    assert not words & {*knowledge.findings, *knowledge.conditions}
    assert not words & {"pain", "leg", "numb", "bladder", "sciatica", "cramp", "spine", "doctor", "ambulance"}
