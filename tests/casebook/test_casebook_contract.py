"""What every casebook does, in memory, in SQLite and in PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from sciatriage.casebook.book import Casebook
from sciatriage.casebook.records import CasebookError, CaseSummary, RecordRefusedError, TurnRecord
from sciatriage.triage.vocabulary import Disposition

Make = Callable[..., TurnRecord]


def test_turns_come_back_in_their_order(book: Casebook, make_turn: Make) -> None:
    written = [make_turn(number, said=f"message {number}") for number in (2, 0, 1)]
    for turn in written:
        book.record(turn)
    assert book.case("c1") == tuple(sorted(written, key=lambda turn: turn.number))


def test_an_unknown_case_or_sender_has_nothing(book: Casebook) -> None:
    assert book.case("nobody's") == ()
    assert book.cases_of("rest:nobody") == ()
    assert book.latest_case("rest:nobody") is None
    assert book.erase("rest:nobody") == 0


def test_the_same_turn_twice_is_one_turn(book: Casebook, make_turn: Make) -> None:
    turn = make_turn()
    book.record(turn)
    book.record(turn)
    book.record(replace(turn, at=turn.at + timedelta(seconds=3)))
    assert book.case("c1") == (turn,)


def test_a_turn_is_never_overwritten(book: Casebook, make_turn: Make) -> None:
    book.record(make_turn())
    with pytest.raises(RecordRefusedError, match="turn 0 of case c1 is already recorded, and differs"):
        book.record(make_turn(said="something else", at=datetime(2030, 1, 1, tzinfo=timezone.utc)))
    assert book.case("c1") == (make_turn(),)
    assert book.cases_of("rest:ann")[0].latest == make_turn().at


def test_a_case_belongs_to_one_sender(book: Casebook, make_turn: Make) -> None:
    book.record(make_turn())
    with pytest.raises(RecordRefusedError, match="another sender"):
        book.record(make_turn(1, sender="rest:bob"))
    assert book.cases_of("rest:bob") == ()
    assert len(book.case("c1")) == 1


def test_a_summary_tells_what_was_concluded_and_with_what(book: Casebook, make_turn: Make) -> None:
    book.record(make_turn(0))
    told = make_turn(1, disposition=Disposition.URGENT_SAME_DAY, final=True, knowledge_version="new")
    book.record(told)
    book.record(make_turn(2, said="thanks"))
    expected = CaseSummary("c1", "rest:ann", make_turn(0).at, make_turn(2).at, 3, "urgent_same_day", True, "new")
    assert book.cases_of("rest:ann") == (expected,)
    assert book.latest_case("rest:ann") == expected


def test_cases_come_latest_first_and_only_the_senders(book: Casebook, make_turn: Make) -> None:
    book.record(make_turn(0, case_id="old"))
    book.record(make_turn(5, case_id="new"))
    book.record(make_turn(9, case_id="other", sender="telegram:ann"))
    assert [case.case_id for case in book.cases_of("rest:ann")] == ["new", "old"]
    book.record(make_turn(7, case_id="old"))
    latest = book.latest_case("rest:ann")
    assert latest is not None
    assert (latest.case_id, latest.turns) == ("old", 2)


def test_of_two_cases_at_one_moment_the_same_one_is_the_latest(book: Casebook, make_turn: Make) -> None:
    for case_id in ("b", "c", "a"):
        book.record(make_turn(0, case_id=case_id))
    assert [case.case_id for case in book.cases_of("rest:ann")] == ["c", "b", "a"]
    assert book.latest_case("rest:ann") == book.cases_of("rest:ann")[0]


def test_erasing_takes_one_senders_turns_and_no_others(book: Casebook, make_turn: Make) -> None:
    for number in range(3):
        book.record(make_turn(number))
    book.record(make_turn(0, case_id="c2"))
    book.record(make_turn(0, case_id="bobs", sender="rest:bob"))
    assert book.erase("rest:ann") == 4
    assert book.cases_of("rest:ann") == ()
    assert book.case("c1") == ()
    assert len(book.case("bobs")) == 1
    book.record(make_turn(0))
    assert len(book.case("c1")) == 1


def test_retention_goes_by_a_cases_last_turn(book: Casebook, make_turn: Make) -> None:
    book.record(make_turn(0, case_id="over"))
    book.record(make_turn(0, case_id="going on"))
    book.record(make_turn(60, case_id="going on"))
    assert book.purge(make_turn(0).at) == 0
    assert book.purge(make_turn(30).at) == 1
    assert book.case("over") == ()
    assert len(book.case("going on")) == 2
    with pytest.raises(CasebookError, match="zone"):
        book.purge(datetime(2024, 1, 1))


def test_retention_of_many_cases(book: Casebook, make_turn: Make) -> None:
    for number in range(600):
        book.record(make_turn(0, case_id=f"case {number}", sender=f"rest:{number}"))
    assert book.purge(make_turn(1).at) == 600
    assert book.latest_case("rest:599") is None


def test_what_is_read_back_cannot_change_the_record(book: Casebook, make_turn: Make) -> None:
    state = {"findings": {"fever": "absent"}}
    book.record(make_turn(state=state))
    state["findings"]["fever"] = "present"
    book.case("c1")[0].state["findings"]["fever"] = "past"
    assert book.case("c1")[0].state == {"findings": {"fever": "absent"}}


def test_times_come_back_in_utc(book: Casebook, make_turn: Make) -> None:
    at = datetime(2024, 7, 1, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    book.record(make_turn(at=at))
    (turn,) = book.case("c1")
    assert turn.at == at
    assert turn.at.tzinfo is timezone.utc


@pytest.mark.parametrize("odd", ["\0", "\ud800", "x" * 10_000, "'; DROP TABLE turns; --", ""])
def test_odd_names_find_nothing(book: Casebook, make_turn: Make, odd: str) -> None:
    book.record(make_turn())
    assert book.case(odd) == ()
    assert book.cases_of(odd) == ()
    assert book.latest_case(odd) is None
    assert book.erase(odd) == 0
    assert len(book.case("c1")) == 1
