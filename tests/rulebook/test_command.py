"""`sciatriage rulebook`: the page on the terminal or in a file, and a plain answer where something can't be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from sciatriage.cli import main
from tests.rulebook.conftest import CASES
from tests.rulebook.page_tree import read_page


def test_it_writes_the_page_to_a_file_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "new" / "rulebook.html"
    assert main(["rulebook", "--out", str(file), "--cases", str(CASES)]) == 0
    assert capsys.readouterr().out.strip() == str(file)
    page = read_page(file.read_text(encoding="utf-8"))
    assert page.mistakes == []
    assert any(node.attributes.get("id") == "case-white_cold_leg" for node in page.root.all())


def test_without_a_file_the_page_itself_comes_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rulebook"]) == 0
    assert capsys.readouterr().out.startswith("<!doctype html>")


def test_a_folder_without_cases_is_answered_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rulebook", "--cases", str(tmp_path / "nowhere")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "no cases here" in told.err
