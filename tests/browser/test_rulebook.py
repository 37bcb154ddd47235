"""The rulebook in a browser: from a file, on a narrow phone, in the dark, with its filter and without any script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sciatriage.cases import read_cases
from sciatriage.rulebook.page import render
from sciatriage.rulebook.written import read_written
from sciatriage.triage.knowledge import Knowledge, knowledge_folder
from tests.browser.test_looks import TOO_FAINT

CASES = Path(__file__).resolve().parents[1] / "cases"
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def address(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("rulebook") / "rulebook.html"
    file.write_text(render(knowledge, read_cases(CASES), read_written(knowledge_folder())), encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def narrow(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport=NARROW)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def too_wide(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_nothing_is_wider_than_a_narrow_phone(narrow: Page) -> None:
    assert too_wide(narrow) == 0
    # A table's head is out of sight here, so each cell says its column.
    cell = narrow.locator("#red-flags td").first
    assert "When" in cell.evaluate("(cell) => getComputedStyle(cell, '::before').content")


def test_the_filter_hides_what_does_not_match_and_a_link_brings_it_back(narrow: Page) -> None:
    narrow.get_by_label("Show only what mentions").fill("toilet paper")
    shown = narrow.locator("[data-entry]:visible")
    expect(narrow.get_by_role("status")).to_contain_text(f"{shown.count()} of ")
    assert 0 < shown.count() < 20
    assert all("toilet" in words.lower() and "paper" in words.lower() for words in shown.all_text_contents())
    expect(narrow.locator("#regions")).to_be_hidden()  # nothing left in it
    narrow.get_by_role("link", name="Regions and numbers").click()
    expect(narrow.locator("#regions")).to_be_in_viewport()
    narrow.get_by_label("Show only what mentions").fill("toilet paper")
    narrow.get_by_role("link", name="Regions and numbers").click()  # the address stays as it is
    expect(narrow.locator("#regions")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE])
def test_everything_can_be_read_without_a_script(
    browser: Browser, address: str, scheme: str, size: dict[str, int]
) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("#filter")).to_be_hidden()
    assert page.locator("[data-entry]:visible").count() == page.locator("[data-entry]").count()
    assert too_wide(page) == 0
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_words_are_too_faint(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(viewport=WIDE, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    assert page.evaluate(TOO_FAINT) == []
    context.close()
