"""The page: everything is on it and can be linked to, nothing is broken, and it can be read by everybody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from sciatriage.rulebook.page import render
from sciatriage.rulebook.written import AWAITING, Written
from sciatriage.triage.knowledge import Knowledge
from tests.rulebook.page_tree import Node, PageReader, read_page


def entries_of(knowledge: Knowledge) -> Iterator[str]:
    kinds: dict[str, Mapping[Any, Any]] = {
        "rule": knowledge.rules,
        "definition": knowledge.definitions,
        "finding": knowledge.findings,
        "question": knowledge.questions,
        "condition": knowledge.conditions,
        "advice": knowledge.advice,
        "answer": knowledge.answers,
        "region": knowledge.regions,
        "decision": knowledge.decisions,
        "source": knowledge.sources,
        "text": knowledge.texts,
    }
    yield from (f"{kind}-{id_}" for kind, entries in kinds.items() for id_ in entries)
    yield from (f"disposition-{id_.value}" for id_ in knowledge.dispositions)


# Well formed, and whole


def test_it_is_well_formed(reader: PageReader) -> None:
    assert reader.mistakes == []


def test_what_is_not_well_formed_is_noticed() -> None:
    for broken in ("<p><b>x</p></b>", "<p>", "</p>", '<p id="a" id="b"></p>'):
        assert read_page(broken).mistakes, broken


def test_every_entry_has_its_anchor(knowledge: Knowledge, anchors: dict[str, Node]) -> None:
    assert [id_ for id_ in entries_of(knowledge) if id_ not in anchors] == []


def test_no_anchor_is_there_twice(page: Node) -> None:
    ids = Counter(node.attributes["id"] for node in page.all() if "id" in node.attributes)
    assert [id_ for id_, count in ids.items() if count > 1] == []


def test_every_link_leads_somewhere_on_the_page(page: Node, anchors: dict[str, Node]) -> None:
    links = [node.attributes["href"] for node in page.all("a")]
    assert len(links) > 1000
    assert sorted({link for link in links if not link.startswith("#") or link[1:] not in anchors}) == []


def test_it_needs_nothing_else(page: Node) -> None:
    fetching = [node for node in page.all() if {"src", "srcset", "data", "action"} & node.attributes.keys()]
    assert fetching == []
    assert list(page.all("link", "img", "iframe")) == []
    assert not re.search(r"@import|url\(", next(page.all("style")).text)
    rule = next(node for node in page.all("meta") if node.attributes.get("http-equiv") == "Content-Security-Policy")
    assert rule.attributes["content"].startswith("default-src 'none'")


# What it says


def test_the_head_says_the_version_and_what_awaits(knowledge: Knowledge, page: Node, written: Written) -> None:
    head = next(page.all("header")).text
    assert knowledge.fingerprint[:16] in head
    awaiting = sum(_marks(entry.raw) for entry in written.entries.values())
    assert awaiting > 0
    assert f"{awaiting} places are awaiting a clinician" in head


def _marks(part: Any) -> int:
    if isinstance(part, dict):
        return str(part.get("reviewed", "")).startswith(AWAITING) + sum(map(_marks, part.values()))
    return sum(map(_marks, part)) if isinstance(part, list) else 0


def test_each_entry_says_its_words_reason_and_mark(
    knowledge: Knowledge, anchors: dict[str, Node], written: Written
) -> None:
    for rule in knowledge.rules.values():
        row = anchors[f"rule-{rule.id}"]
        assert rule.because in row.text
        assert rule.present.value.replace("_", " ") in row.text.lower()
        assert rule.uncertain.value.replace("_", " ") in row.text.lower()
    for finding in knowledge.findings.values():
        for words in (finding.name, finding.label, finding.simpler, finding.why, *finding.heard_as):
            assert words in anchors[f"finding-{finding.id}"].text, finding.id
    for advice in knowledge.advice.values():
        assert all(gate.because in anchors[f"advice-{advice.id}"].text for gate in advice.withheld), advice.id
    sections = {"rules": "rule", "findings": "finding", "definitions": "definition", "advice": "advice"}
    for section, kind in sections.items():
        for id_, entry in written.section(section).items():
            marks = [node for node in anchors[f"{kind}-{id_}"].all("span") if "mark--awaiting" in _classes(node)]
            assert bool(marks) == bool(_marks(entry.raw)), (kind, id_)


def test_a_rule_names_its_sources_with_titles_and_links(knowledge: Knowledge, anchors: dict[str, Node]) -> None:
    for rule in knowledge.rules.values():
        row = anchors[f"rule-{rule.id}"]
        links = {node.attributes["href"] for node in row.all("a")}
        for source in rule.sources:
            id_, _, passage = source.partition(":")
            assert f"#source-{id_}" in links, (rule.id, id_)
            assert knowledge.sources[id_]["title"] in row.text
            assert passage.strip() in row.text


def test_a_source_lists_who_cites_it(knowledge: Knowledge, anchors: dict[str, Node]) -> None:
    citing = {
        (source.partition(":")[0], f"#rule-{rule.id}") for rule in knowledge.rules.values() for source in rule.sources
    }
    for id_, place in citing:
        assert place in {node.attributes["href"] for node in anchors[f"source-{id_}"].all("a")}, (id_, place)


def test_a_when_reads_without_ids(knowledge: Knowledge, anchors: dict[str, Node]) -> None:
    for rule in knowledge.rules.values():
        when = next(
            node for node in anchors[f"rule-{rule.id}"].all("td") if node.attributes.get("data-column") == "When"
        )
        assert when.text
        assert not re.search(r"\w_\w", when.text), (rule.id, when.text)


def test_a_rule_says_in_which_question_its_findings_are_asked(knowledge: Knowledge, anchors: dict[str, Node]) -> None:
    for rule in knowledge.rules.values():
        row = anchors[f"rule-{rule.id}"]
        *_, cell = row.all("td")
        links = {node.attributes["href"] for node in cell.all("a")}
        named = [knowledge.findings[leaf.id] for leaf in rule.when.leaves() if leaf.kind == "finding"]
        for finding in named:
            assert (f"#question-{finding.ask_in}" if finding.ask_in else "Only heard") in (*links, cell.text[:10])
        if len({finding.ask_in for finding in named}) > 1:
            assert all(finding.name in cell.text for finding in named), rule.id


def test_weights_come_heaviest_first(knowledge: Knowledge, anchors: dict[str, Node]) -> None:
    for id_ in knowledge.conditions:
        shown = [
            abs(float(node.text.split()[0].replace("\N{MINUS SIGN}", "-")))
            for node in anchors[f"condition-{id_}"].all("td")
            if node.attributes.get("data-column") == "Points"
        ]
        assert shown == sorted(shown, reverse=True), id_
        entry = knowledge.conditions[id_]
        assert len(shown) == len(entry.speaks_for) + len(entry.speaks_against) + len(entry.absent)


def test_what_is_read_can_not_break_the_page(knowledge: Knowledge, written: Written) -> None:
    hostile = "<script>alert(1)</script> & \"quoted\" 'too' </td></table>"
    finding = next(iter(knowledge.findings.values()))
    rule = next(iter(knowledge.rules.values()))
    advice = next(iter(knowledge.advice.values()))
    changed = replace(
        knowledge,
        findings={**knowledge.findings, finding.id: replace(finding, name=hostile, label=hostile, heard_as=(hostile,))},
        rules={**knowledge.rules, rule.id: replace(rule, because=hostile, reviewed=hostile)},
        advice={**knowledge.advice, advice.id: replace(advice, text=hostile + " {urgent}", title=hostile)},
        sources={**knowledge.sources, "A0": {**knowledge.sources["A0"], "title": hostile}},
        decisions={**knowledge.decisions, "d<1>": {"question": hostile, "settled": hostile, "because": hostile}},
    )
    reader = read_page(render(changed, (), written))
    assert reader.mistakes == []
    assert len(list(reader.root.all("script"))) == 1
    assert hostile in reader.root.text
    assert not any("<" in node.attributes.get("id", "") for node in reader.root.all())


# For everybody


def test_headings_are_in_order(page: Node) -> None:
    levels = [int(node.tag[1]) for node in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = pairwise(levels)
    assert [step for step in steps if step[1] > step[0] + 1] == []


def test_there_are_landmarks_a_language_and_a_way_past_the_head(page: Node, anchors: dict[str, Node]) -> None:
    assert next(page.all("html")).attributes["lang"] == "en"
    assert [len(list(page.all(tag))) for tag in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    first = next(page.all("a"))
    assert anchors[first.attributes["href"][1:]].tag == "main"
    for section in page.all("section", "nav"):
        named = section.attributes.get("aria-label") or anchors[section.attributes["aria-labelledby"]].text
        assert named
    for field in page.all("input"):
        labels = [node for node in page.all("label") if node.attributes.get("for") == field.attributes["id"]]
        assert labels or field.within("label")


def test_every_table_has_a_caption_and_headers_with_their_scope(page: Node) -> None:
    tables = list(page.all("table"))
    assert len(tables) > 40
    for table in tables:
        assert next(table.all("caption")).text
        assert all(node.attributes.get("scope") in ("col", "row") for node in table.all("th"))
        columns = [node.text for node in next(table.all("thead")).all("th")]
        for row in next(table.all("tbody")).all("tr"):
            cells = [child for child in row.children if isinstance(child, Node)]
            assert [cell.tag for cell in cells] == ["th"] + ["td"] * (len(columns) - 1)
            if table.attributes.get("role") == "table":  # as blocks on a phone, where each cell says its column
                assert [cell.attributes["data-column"] for cell in cells[1:]] == columns[1:]
                assert [cell.attributes["role"] for cell in cells] == ["rowheader"] + ["cell"] * (len(columns) - 1)


def test_a_level_is_said_in_words_beside_its_colour(page: Node) -> None:
    levels = [node for node in page.all("span") if "level" in _classes(node)]
    assert len(levels) > 100
    assert all(node.text for node in levels)


PAIRS = [
    *((ink, ground) for ink in ("ink", "muted", "accent") for ground in ("ground", "surface", "tint")),
    ("mark-ink", "mark"), ("danger-ink", "danger"),
    *(("on-level", level) for level in ("emergency", "urgent", "soon", "care", "elsewhere")),
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_stand_out(page: Node, scheme: str, ink: str, ground: str) -> None:
    style = next(page.all("style")).text
    light, dark = re.findall(r":root \{(.*?)\}", style)[:2]
    colours = dict(re.findall(r"--([\w-]+): (#\w+)", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"--([\w-]+): (#\w+)", dark))
    one, other = sorted((_light(colours[ink]), _light(colours[ground])), reverse=True)
    assert (one + 0.05) / (other + 0.05) >= 4.5


def _light(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _classes(node: Node) -> list[str]:
    return node.attributes.get("class", "").split()
