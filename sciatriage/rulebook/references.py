"""Who refers to whom: the entries that cite a source, and the entries that a finding or definition counts in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sciatriage.rulebook.anchors import anchor, plain
from sciatriage.rulebook.written import Written
from sciatriage.triage.expression import Condition
from sciatriage.triage.knowledge import Knowledge


@dataclass(frozen=True)
class Place:
    """An entry of the page: what kind it is, its name and its anchor."""

    kind: str
    name: str
    anchor: str


@dataclass(frozen=True)
class Citation:
    """A source as an entry cites it: `passage` says in a few words which part of it is meant."""

    source: str
    title: str
    passage: str


def citations(written: object, knowledge: Knowledge) -> tuple[Citation, ...]:
    """Sources as the knowledge holds them ("A0: passage"), or as the files do (a map), with their titles."""
    cited = []
    for one in written if isinstance(written, (list, tuple)) else ():
        pairs = one.items() if isinstance(one, Mapping) else [str(one).partition(":")[::2]]
        for id_, passage in pairs:
            source = knowledge.sources.get(str(id_).strip(), {})
            cited.append(Citation(str(id_).strip(), str(source.get("title", "")), str(passage or "").strip()))
    return tuple(cited)


def citing(knowledge: Knowledge, written: Written) -> dict[str, list[Place]]:
    """The places that cite each source, by the source's id; each place once."""
    places: dict[str, dict[Place, None]] = {id_: {} for id_ in knowledge.sources}
    for place, sources in _cited(knowledge, written):
        for citation in citations(sources, knowledge):
            places.setdefault(citation.source, {})[place] = None
    return {id_: list(found) for id_, found in places.items()}


def counting(knowledge: Knowledge) -> dict[str, list[Place]]:
    """The places that each finding or definition counts in, by its id; each place once."""
    places: dict[str, dict[Place, None]] = {}
    for place, condition in _conditions(knowledge):
        for leaf in condition.leaves():
            places.setdefault(leaf.id, {})[place] = None
    for entry in knowledge.conditions.values():
        place = Place("possible cause", entry.name, anchor("condition", entry.id))
        for key in (*entry.speaks_for, *entry.speaks_against, *entry.absent):
            places.setdefault(key, {})[place] = None
    return {id_: list(found) for id_, found in places.items()}


def _conditions(knowledge: Knowledge) -> Iterator[tuple[Place, Condition]]:
    for rule in knowledge.rules.values():
        yield Place("red flag" if rule.red_flag else "reason", plain(rule.id), anchor("rule", rule.id)), rule.when
    for definition in knowledge.definitions.values():
        yield Place("definition", definition.name, anchor("definition", definition.id)), definition.when
    for advice in knowledge.advice.values():
        place = Place("advice", advice.title, anchor("advice", advice.id))
        if advice.for_whom is not None:
            yield place, advice.for_whom
        for gate in advice.withheld:
            yield place, gate.when


def _cited(knowledge: Knowledge, written: Written) -> Iterator[tuple[Place, object]]:
    for rule in knowledge.rules.values():
        yield Place("red flag" if rule.red_flag else "reason", plain(rule.id), anchor("rule", rule.id)), rule.sources
    for definition in knowledge.definitions.values():
        yield Place("definition", definition.name, anchor("definition", definition.id)), definition.sources
    for finding in knowledge.findings.values():
        yield Place("finding", finding.name, anchor("finding", finding.id)), finding.sources
    for question in knowledge.questions.values():
        yield Place("question", plain(question.id), anchor("question", question.id)), question.sources
    for entry in knowledge.conditions.values():
        place = Place("possible cause", entry.name, anchor("condition", entry.id))
        weights = (*entry.speaks_for.values(), *entry.speaks_against.values(), *entry.absent.values())
        yield place, _together(entry.sources, *(weight.sources for weight in weights))
    for advice in knowledge.advice.values():
        place = Place("advice", advice.title, anchor("advice", advice.id))
        yield place, _together(advice.sources, *(gate.sources for gate in advice.withheld))
    for answer in knowledge.answers.values():
        yield Place("answer", answer.title, anchor("answer", answer.id)), answer.sources
    for disposition in knowledge.dispositions.values():
        place = Place("disposition", disposition.heading, anchor("disposition", disposition.id.value))
        yield place, disposition.sources
    for id_, text in written.section("texts").items():
        yield Place("fixed text", plain(id_), anchor("text", id_)), text.raw.get("sources")
    for id_, word in written.section("likelihood").items():
        place = Place("likelihood word", str(word.raw.get("word", id_)), anchor("likelihood", id_))
        yield place, word.raw.get("sources")
    for id_, week in written.section("week").items():
        stops = (week.raw.get("stop_rules") or {}).values()
        sources = (week.raw.get("sources") or (), *(stop.get("sources") or () for stop in stops))
        yield Place("first week", str(week.raw.get("title", id_)), anchor("week", id_)), _together(*sources)
    for id_, region in written.section("regions").items():
        yield Place("region", str(region.raw.get("name", id_)), anchor("region", id_)), region.raw.get("sources")
    for id_, decision in knowledge.decisions.items():
        place = Place("settled disagreement", str(decision["question"]), anchor("decision", id_))
        positions: list[Any] = decision.get("positions") or []
        yield place, _together(decision.get("sources") or (), *(one.get("sources") or () for one in positions))


def _together(*sources: Iterable[Any]) -> list[Any]:
    return [one for some in sources for one in some]
