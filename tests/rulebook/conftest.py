"""The rulebook of the knowledge as it stands, with the cases, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sciatriage.cases import WrittenCase, read_cases
from sciatriage.rulebook.page import render
from sciatriage.rulebook.written import Written, read_written
from sciatriage.triage.knowledge import Knowledge, knowledge_folder
from tests.rulebook.page_tree import Node, PageReader, read_page

CASES = Path(__file__).resolve().parents[1] / "cases"


@pytest.fixture(scope="session")
def written() -> Written:
    return read_written(knowledge_folder())


@pytest.fixture(scope="session")
def cases() -> tuple[WrittenCase, ...]:
    return read_cases(CASES)


@pytest.fixture(scope="session")
def reader(knowledge: Knowledge, cases: tuple[WrittenCase, ...], written: Written) -> PageReader:
    return read_page(render(knowledge, cases, written))


@pytest.fixture(scope="session")
def page(reader: PageReader) -> Node:
    return reader.root


@pytest.fixture(scope="session")
def anchors(page: Node) -> dict[str, Node]:
    """Every node that has an id, by its id."""
    return {node.attributes["id"]: node for node in page.all() if "id" in node.attributes}
