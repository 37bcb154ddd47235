"""The cases stand beside the rules they test: those that fire, those that stay unsure, and the near misses."""

from __future__ import annotations

from pathlib import Path

import pytest

from sciatriage.cases import WrittenCase, read_cases
from sciatriage.rulebook.page import render
from sciatriage.rulebook.written import Written
from sciatriage.triage.knowledge import Knowledge, KnowledgeError
from tests.rulebook.page_tree import Node, read_page


def cases_in(row: Node) -> dict[str, set[str]]:
    """The anchors of the cases in each paragraph of a rule's row, by the paragraph's first words."""
    found = {}
    for paragraph in row.all("p"):
        links = {node.attributes["href"] for node in paragraph.all("a")}
        found[paragraph.text.split(":")[0]] = {link for link in links if link.startswith("#case-")}
    return found


def test_each_case_is_on_the_page(cases: tuple[WrittenCase, ...], anchors: dict[str, Node]) -> None:
    assert len(cases) > 100
    for case in cases:
        assert " ".join(case.said.split()) in anchors[f"case-{case.id}"].text


@pytest.mark.parametrize(
    ("rule", "fires", "unsure", "near"),
    [
        ("leg_without_blood", "white_cold_leg", "bit_pale_perhaps", "cold_feet_always"),
        ("thoughts_of_self_harm", "want_to_die", None, "pain_is_killing_me"),
        ("reason_persistent", None, "lasting_maybe", None),
    ],
)
def test_they_stand_beside_their_rule(
    anchors: dict[str, Node], rule: str, fires: str | None, unsure: str | None, near: str | None
) -> None:
    found = cases_in(anchors[f"rule-{rule}"])
    for case, where in ((fires, "Fires in"), (unsure, "Answered unsure in"), (near, "Nearly fires in")):
        if case:
            assert f"#case-{case}" in found[where], (rule, where)
            assert all(f"#case-{case}" not in links for others, links in found.items() if others != where)


def test_no_case_both_fires_and_nearly_fires_a_rule(knowledge: Knowledge, anchors: dict[str, Node]) -> None:
    nearly = 0
    for id_ in knowledge.rules:
        found = cases_in(anchors[f"rule-{id_}"])
        nearly += len(found["Nearly fires in"])
        assert not found["Nearly fires in"] & (found["Fires in"] | found.get("Answered unsure in", set())), id_
    assert nearly > 50


def test_every_red_flag_names_a_case_that_fires_it(knowledge: Knowledge, anchors: dict[str, Node]) -> None:
    flags = [rule.id for rule in knowledge.rules.values() if rule.red_flag]
    assert [id_ for id_ in flags if not cases_in(anchors[f"rule-{id_}"])["Fires in"]] == []


def test_a_page_without_cases_says_so(knowledge: Knowledge, written: Written) -> None:
    page = read_page(render(knowledge, (), written)).root
    anchors = {node.attributes["id"]: node for node in page.all() if "id" in node.attributes}
    assert "No cases given" in anchors["cases"].text
    assert all("No cases given" in anchors[f"rule-{id_}"].text for id_ in knowledge.rules)
    assert not any(node.attributes.get("href", "").startswith("#case-") for node in page.all("a"))


def test_a_case_that_can_not_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "some.yml").write_text(
        "cases:\n  fine:\n    expect: {flags: []}\n  bad:\n    answers: {fever: perhaps}\n"
    )
    with pytest.raises(KnowledgeError, match=r"cases/some\.yml:4: 'bad' can't be read as a case"):
        read_cases(folder)
    with pytest.raises(KnowledgeError, match="no cases here"):
        read_cases(tmp_path / "nowhere")


def test_a_case_without_a_written_row_concerns_what_it_expects(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text(
        "cases:\n  own:\n    row: none\n    kind: fires\n    expect: {flags: [fever], disposition: urgent_same_day}\n"
    )
    (case,) = read_cases(tmp_path)
    assert case.concerns == {"fever"}
