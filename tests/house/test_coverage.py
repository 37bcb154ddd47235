"""docs/coverage.md is complete: a row for every sentence of the articles, a sentence for every citation of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from sciatriage.triage.knowledge import Knowledge

ROOT = Path(__file__).resolve().parents[2]
COVERAGE = (ROOT / "docs" / "coverage.md").read_text()
ARTICLES = ("A0", "A1", "A2", "A3", "A4")


@dataclass(frozen=True)
class Row:
    """One sentence of an article: its number, what it says, and the entries that carry it or why none does."""

    number: str
    says: str
    ids: tuple[str, ...]
    left_out: str


def table(article: str) -> str:
    return COVERAGE.split(f"\n## {article}:")[1].split("\n## ")[0]


def rows(article: str) -> list[Row]:
    read = []
    for line in table(article).splitlines():
        if line.startswith(f"| {article}."):
            number, says, carried = (cell.strip() for cell in line.strip("|").split("|"))
            ids, _, left_out = carried.partition("left out:")
            read.append(Row(number, says, tuple(re.findall(r"`([^`]+)`", ids)), left_out.strip()))
    return read


def citing(entry: object) -> Iterator[str]:
    """The ids of all sources named in an entry, at any depth."""
    if isinstance(entry, Mapping):
        for key, part in entry.items():
            if key == "sources":
                for source in part or ():
                    yield from source if isinstance(source, Mapping) else [source]
            else:
                yield from citing(part)
    elif isinstance(entry, list):
        for part in entry:
            yield from citing(part)


@pytest.fixture(scope="module")
def cited() -> dict[str, set[str]]:
    """Each entry as kind/id, and the articles it cites. Read from the files, so that a new section counts at once."""
    entries: dict[str, set[str]] = {}
    for file in sorted((ROOT / "knowledge").rglob("*.yml")):
        if file.parent.name == "regions":
            continue
        for section, written in YAML(typ="safe").load(file).items():
            if not isinstance(written, Mapping):  # a list of words
                continue
            if isinstance(written.get("text"), str):  # a fixed text, not a section of entries
                entries[f"texts/{section}"] = set(citing(written)) & set(ARTICLES)
                continue
            kind = section if section != "rules" else "red_flags" if file.parent.name == "red_flags" else "reasons"
            for id_, entry in written.items():
                entries[f"{kind}/{id_}"] = set(citing(entry)) & set(ARTICLES)
    return entries


def test_the_entries_are_those_the_program_knows(knowledge: Knowledge, cited: dict[str, set[str]]) -> None:
    rules = {id_: "red_flags" if rule.red_flag else "reasons" for id_, rule in knowledge.rules.items()}
    known = {f"{kind}/{id_}" for id_, kind in rules.items()} | {f"texts/{id_}" for id_ in knowledge.texts}
    for kind in ("findings", "definitions", "questions", "conditions", "advice", "answers", "decisions"):
        known |= {f"{kind}/{id_}" for id_ in getattr(knowledge, kind)}
    known |= {f"dispositions/{id_.value}" for id_ in knowledge.dispositions}
    assert known - set(cited) == set()


@pytest.mark.parametrize("article", ARTICLES)
def test_every_sentence_has_its_row_once_and_in_order(article: str) -> None:
    told = re.search(r"^Sentences: (\d+)\. SHA-256: `[0-9a-f]{64}`$", table(article), re.M)
    assert told, f"{article}: the table's head names no number of sentences, or no SHA-256"
    expected = [f"{article}.{number}" for number in range(1, int(told[1]) + 1)]
    assert [row.number for row in rows(article)] == expected


@pytest.mark.parametrize("article", ARTICLES)
def test_every_row_says_something_and_is_carried_or_left_out_for_a_reason(article: str) -> None:
    assert [row.number for row in rows(article) if not row.says or not (row.ids or row.left_out)] == []


@pytest.mark.parametrize("article", ARTICLES)
def test_every_entry_a_row_names_is_there_and_cites_the_article(article: str, cited: dict[str, set[str]]) -> None:
    named = [(row.number, id_) for row in rows(article) for id_ in row.ids]
    assert [one for one in named if one[1] not in cited] == [], "no such entry"
    assert [one for one in named if article not in cited[one[1]]] == [], f"does not cite {article}"


@pytest.mark.parametrize("article", ARTICLES)
def test_every_entry_that_cites_the_article_stands_in_a_row(article: str, cited: dict[str, set[str]]) -> None:
    named = {id_ for row in rows(article) for id_ in row.ids}
    assert sorted(id_ for id_, articles in cited.items() if article in articles and id_ not in named) == []
