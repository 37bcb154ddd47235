"""A record that no database could hold is refused when it is made, in a sentence without the patient's words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from sciatriage.casebook.records import RecordRefusedError, TurnRecord
from sciatriage.triage.vocabulary import Heard, Mention, Status

MINE = "my own words"


@pytest.mark.parametrize(
    ("part", "value", "says"),
    [
        ("at", datetime(2024, 1, 1), "must carry its zone"),
        ("at", datetime.min.replace(tzinfo=timezone(timedelta(hours=2))), "years 1 to 9999"),
        ("at", "2024-01-01", "must be a datetime"),
        ("number", -1, "whole number from 0"),
        ("number", 2**31, "whole number from 0"),
        ("number", True, "whole number from 0"),
        ("final", None, "True or False"),
        ("said", None, "must be text"),
        ("sender", "", "1 to 255 characters"),
        ("sender", MINE * 100, "1 to 255 characters"),
        ("sender", MINE + "\0", "NUL"),
        ("case_id", MINE + "\udc00", "surrogates"),
        ("asked", 7, "1 to 128 characters"),
        ("state", {MINE: float("nan")}, "state must be plain JSON"),
        ("heard", [{MINE}], "heard must be plain JSON"),
        ("replies", object(), "replies must be plain JSON"),
        ("replies", MINE, "replies must be a JSON list or object"),
        ("state", None, "state must be a JSON list or object"),
    ],
)
def test_it_says_what_is_wrong(make_turn: Callable[..., TurnRecord], part: str, value: Any, says: str) -> None:
    with pytest.raises(RecordRefusedError, match=says) as caught:
        make_turn(**{part: value})
    assert MINE not in str(caught.value)


def test_a_circle_is_refused(make_turn: Callable[..., TurnRecord]) -> None:
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(RecordRefusedError, match="plain JSON"):
        make_turn(state=circle)


def test_what_was_heard_can_be_given_as_it_is(make_turn: Callable[..., TurnRecord]) -> None:
    heard = Heard("no fever", (Mention("fever", Status.ABSENT, 0, 8, "no fever"),), {"age": 54.0})
    turn = make_turn(heard=heard)
    assert turn.heard["mentions"][0]["status"] == "absent"
    assert turn.heard["values"] == {"age": 54.0}
    assert type(turn.heard["act"]) is str
