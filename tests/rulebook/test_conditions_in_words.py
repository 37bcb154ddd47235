"""Conditions read as English: plain names, links, and nothing that could be read in two ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sciatriage.rulebook.conditions_in_words import Line, Parts, Words, as_text, in_words
from sciatriage.triage.expression import Condition, read_condition
from sciatriage.triage.knowledge import VALUES, Knowledge


def words(written: Any, knowledge: Knowledge) -> str:
    return as_text(in_words(read_condition(written, knowledge.findings, knowledge.definitions), knowledge))


def conditions(knowledge: Knowledge) -> Iterator[tuple[str, Condition]]:
    for rule in knowledge.rules.values():
        yield rule.id, rule.when
    for definition in knowledge.definitions.values():
        yield definition.id, definition.when
    for advice in knowledge.advice.values():
        if advice.for_whom is not None:
            yield advice.id, advice.for_whom
        for gate in advice.withheld:
            yield advice.id, gate.when


def lines(said: Words) -> Iterator[Line]:
    if isinstance(said, Line):
        yield said
    else:
        for part in said.parts:
            yield from lines(part)


def test_every_when_reads_without_ids(knowledge: Knowledge) -> None:
    for id_, condition in conditions(knowledge):
        said = as_text(in_words(condition, knowledge))
        assert not re.search(r"\w_\w", said), (id_, said)
        assert not any(value in said for value in VALUES if "_" in value), (id_, said)


def test_every_leaf_is_said_by_its_name_and_leads_to_its_entry(knowledge: Knowledge) -> None:
    for id_, condition in conditions(knowledge):
        pieces = [piece for line in lines(in_words(condition, knowledge)) for piece in line.pieces]
        said = {(piece.text, piece.anchor) for piece in pieces}
        for leaf in condition.leaves():
            if leaf.kind == "finding":
                assert (knowledge.findings[leaf.id].name, f"finding-{leaf.id}") in said, id_
            elif leaf.kind == "definition":
                assert (knowledge.definitions[leaf.id].name, f"definition-{leaf.id}") in said, id_


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("fever", "{fever}"),
        ({"any": ["fever", "diabetes"]}, "{fever} or {diabetes}"),
        ({"any": ["fever", "diabetes", "confusion"]}, "{fever}, {diabetes} or {confusion}"),
        ({"all": ["fever", "diabetes"]}, "{fever} and {diabetes}"),
        ({"all": ["fever", {"any": ["diabetes", "confusion"]}]}, "{fever}, and: {diabetes} or {confusion}"),
        # The choice comes last, or "diabetes or confusion and fever" could be read in two ways.
        ({"all": [{"any": ["diabetes", "confusion"]}, "fever"]}, "{fever}, and: {diabetes} or {confusion}"),
        ({"maybe": "fever"}, "{fever} (also if unsure)"),
        ({"sure": "fever"}, "{fever} (only if certain)"),
        ({"not": "fever"}, "not: {fever}"),
        ({"not": {"sure": "fever"}}, "not certain: {fever}"),
        ({"not": {"maybe": "fever"}}, "plainly not: {fever}"),
        ({"not": {"any": ["fever", "diabetes"]}}, "none of [{fever}; {diabetes}]"),
        ({"not": {"all": ["fever", "diabetes"]}}, "not: all of [{fever}; {diabetes}]"),
        ({"told": "fever"}, "{fever} (only if told; not asked for this)"),
        ({"maybe": {"any": ["fever", "diabetes"]}}, "any of (also if unsure) [{fever}; {diabetes}]"),
        ({"value": "duration_days", "over": 7}, "duration over 7 days (counts if not known)"),
        (
            {"value": "duration_days", "at_most": 1, "unknown": "no"},
            "duration at most 1 day (doesn't count if not known)",
        ),
        (
            {"value": "age", "under": 16, "unknown": "yes", "not_asked": "no"},
            "age under 16 years (counts if the person can't tell, not before it was asked)",
        ),
        ({"value": "side", "is": ["left", "right"]}, "side is left or right (counts if not known)"),
        # Unknown is a no to "over 65", so it is a yes to "not over 65".
        ({"not": {"value": "age", "over": 65, "unknown": "no"}}, "not: age over 65 years (counts if not known)"),
        (
            {"told": {"value": "newest_days", "at_most": 3, "unknown": "no", "not_asked": "no"}},
            "duration of the newest sign at most 3 days (only if told; not asked for this)",
        ),
    ],
)
def test_each_kind_of_condition(written: Any, expected: str, knowledge: Knowledge) -> None:
    plain = {"fever": "warm", "diabetes": "sweet", "confusion": "lost"}
    named = _with_names(knowledge, plain)
    assert words(written, named) == expected.format(**plain)


def test_a_name_that_holds_an_or_makes_a_list(knowledge: Knowledge) -> None:
    named = _with_names(knowledge, {"fever": "hot or cold", "diabetes": "sweet", "confusion": "lost, or nearly"})
    assert words({"all": ["fever", "diabetes"]}, named) == "all of [hot or cold; sweet]"
    assert words({"any": ["diabetes", "confusion"]}, named) == "any of [sweet; lost, or nearly]"
    assert words("fever", named) == "hot or cold"  # alone it can't be misread


def test_deep_nesting_stays_nested(knowledge: Knowledge) -> None:
    written = {"any": [{"all": ["fever", {"any": ["diabetes", "confusion"]}]}, {"all": ["diabetes", "confusion"]}]}
    said = in_words(read_condition(written, knowledge.findings, knowledge.definitions), knowledge)
    assert isinstance(said, Parts)
    assert said.heading == "any of"
    assert len(said.parts) == 2


def _with_names(knowledge: Knowledge, names: dict[str, str]) -> Knowledge:
    findings = {id_: replace(one, name=names[id_]) if id_ in names else one for id_, one in knowledge.findings.items()}
    return replace(knowledge, findings=findings)
