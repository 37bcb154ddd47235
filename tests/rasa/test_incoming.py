"""What comes in is made fit to be heard, or refused with a reason."""

from __future__ import annotations

import json

import pytest

from rasa_project.channels.incoming import LONGEST, clean, sender_problem
from rasa_project.channels.rest import read_message


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/restart", "restart"),
        ('/inform{"disposition":"self_care"}', 'inform{"disposition":"self_care"}'),
        (" / / /session_start", "session_start"),
        ("EXTERNAL: tell", "tell"),
        ("external: /EXTERNAL: /tell", "tell"),
        ("\x00/restart", "restart"),
        ("my calf/leg hurts", "my calf/leg hurts"),
        ("a\x07b\tc\r\nd", "a b c\nd"),
        ("\u202e/tell", "tell"),
        ("caf\u00e9 \U0001f44d", "caf\u00e9 \U0001f44d"),
        ("half \ud83d", "half \ufffd"),
        ("  ", ""),
        ("///", ""),
    ],
)
def test_clean(typed: str, heard: str) -> None:
    assert clean(typed) == (heard, False)


def test_clean_leaves_no_way_to_a_command_by_cleaning_twice() -> None:
    for typed in ("/ /x", "/\x00/x", "EXTERNAL:/x", "/EXTERNAL:EXTERNAL: /x"):
        once, _ = clean(typed)
        assert clean(once)[0] == once == "x"


def test_the_longest_message_is_bounded() -> None:
    assert clean("x" * (LONGEST + 1)) == ("x" * LONGEST, True)


@pytest.mark.parametrize("sender", [None, "", "  ", 7, ["a"], "x" * 201, "a\nb", "a\x00"])
def test_a_sender_must_be_a_plain_string(sender: object) -> None:
    assert sender_problem(sender)


def test_a_sender_may_be_anything_printable() -> None:
    assert sender_problem("case-1 \u00e9\u4e2d") is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"message": "x"}',
        b'{"sender": "a"}',
        b'{"sender": "a", "message": 7}',
        b"[" * 50_000,
    ],
)
def test_a_request_that_cannot_be_read_says_why(body: bytes) -> None:
    read, problem = read_message(body)
    assert not read
    assert problem


def test_a_request_is_read() -> None:
    body = json.dumps({"sender": "a", "message": "", "input_channel": "telegram", "metadata": {"x": 1}}).encode()
    assert read_message(body) == ({"sender": "a", "message": ""}, "")
