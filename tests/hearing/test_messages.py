"""Labelled messages: how much is heard, and how rightly. The floors lie below what was measured, by a margin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sciatriage.hearing.ear import DANGER, Ear
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.vocabulary import Status

HERE = Path(__file__).parent
NAMED = {
    "absent": {Status.ABSENT},
    "uncertain": {Status.UNCERTAIN},
    "not_patient_now": {Status.PAST, Status.OTHER_PERSON, Status.ABSENT},
}


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def _figures(ear: Ear, name: str) -> dict[str, float]:
    red = red_n = alarm = clean = right = heard = told = named = statuses = 0
    for row in _rows(name):
        status: dict[str, set[Status]] = {}
        for mention in ear.hear(row["text"]).mentions:
            status.setdefault(mention.finding, set()).add(mention.status)
        present = {f for f, s in status.items() if Status.PRESENT in s}
        maybe = present | {f for f, s in status.items() if Status.UNCERTAIN in s}
        gold, unsure, free = set(row["present"]), set(row["uncertain"]), set(row["optional"])
        danger = (gold | unsure | set(row["any_of"])) & DANGER
        if danger:
            red_n += 1
            red += bool(danger & maybe)
        elif not free & DANGER:
            clean += 1
            alarm += bool(present & DANGER)
        right += len(gold & present)
        told += len(gold)
        heard += len(present - free - unsure)
        for kind, names in NAMED.items():
            for finding in row[kind]:
                statuses += 1
                named += bool(status.get(finding, set()) & names) and finding not in present
    return {
        "red": red / red_n,
        "alarm": alarm / clean,
        "recall": right / told,
        "precision": right / heard,
        "status": named / statuses,
    }


@pytest.mark.parametrize("name", ["messages.jsonl", "messages_unseen.jsonl"])
def test_enough_is_heard_and_rightly(ear: Ear, name: str) -> None:
    figures = _figures(ear, name)
    assert figures["red"] >= 0.92, figures
    assert figures["alarm"] <= 0.05, figures
    assert figures["recall"] >= 0.92, figures
    assert figures["precision"] >= 0.88, figures
    assert figures["status"] >= 0.85, figures


def test_every_finding_of_the_contract_can_be_heard_in_many_ways(ear: Ear) -> None:
    labelled = {
        f for name in ("messages.jsonl", "messages_unseen.jsonl") for row in _rows(name) for f in row["present"]
    }
    assert labelled <= ear.findings
    assert ear.findings >= DANGER
    extra = {
        "calf_pain",
        "leg_pain",
        "muscle_pain",
        "minor_knock",
        "heat_exposure",
        "weakness_spreading",
        "clammy_pale",
    }
    assert ear.findings >= extra


def test_the_lexicon_and_the_knowledge_name_the_same_findings(ear: Ear, knowledge: Knowledge) -> None:
    assert not set(knowledge.findings) - ear.findings, "findings that nothing listens for"
    assert not ear.findings - set(knowledge.findings), "patterns for findings that nothing uses"


def test_every_sentence_of_the_knowledge_is_heard_as_its_finding(knowledge: Knowledge) -> None:
    knowing = Ear(knowledge)
    missed = [
        (finding.id, sentence)
        for finding in knowledge.findings.values()
        for sentence in finding.heard_as
        if finding.id not in {m.finding for m in knowing.hear(sentence).mentions}
    ]
    total = sum(len(finding.heard_as) for finding in knowledge.findings.values())
    assert len(missed) <= 0.03 * total, missed


def test_an_options_label_as_the_answer_names_its_own_finding_alone(knowledge: Knowledge) -> None:
    knowing = Ear(knowledge)
    for finding in knowledge.findings.values():
        said = {m.finding: m.status for m in knowing.hear(finding.label).mentions}
        assert said == {finding.id: Status.PRESENT}, finding.label
        doubted = {m.finding: m.status for m in knowing.hear(f"I'm not sure about this one: {finding.label}").mentions}
        assert doubted == {finding.id: Status.UNCERTAIN}, finding.label
