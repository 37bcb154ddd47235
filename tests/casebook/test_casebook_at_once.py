"""Many threads write to one casebook."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sciatriage.casebook.book import Casebook
from sciatriage.casebook.late import LateCasebook
from sciatriage.casebook.records import TurnRecord

Make = Callable[..., TurnRecord]


def _write(book: Casebook, make_turn: Make) -> None:
    turns = [make_turn(number, case_id=f"c{number % 8}", sender=f"rest:{number % 8}") for number in range(200)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(book.record, turns))
    assert sum(len(book.case(f"c{case}")) for case in range(8)) == 200
    assert [turn.number for turn in book.case("c3")] == list(range(3, 200, 8))
    assert book.cases_of("rest:3")[0].latest == make_turn(195).at


def test_four_threads_write_200_turns(book: Casebook, make_turn: Make) -> None:
    _write(book, make_turn)


def test_four_threads_write_200_turns_through_the_queue(book: Casebook, make_turn: Make) -> None:
    late = LateCasebook(book)
    _write(late, make_turn)
    assert (late.waiting, late.lost) == (0, 0)


def test_the_same_turn_from_four_threads_is_one_turn(book: Casebook, make_turn: Make) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(book.record, [make_turn(number // 4) for number in range(80)]))
    assert [turn.number for turn in book.case("c1")] == list(range(20))


def test_erasing_while_others_write(book: Casebook, make_turn: Make) -> None:
    def work(number: int) -> int:
        if number % 5 == 4:
            return book.erase("rest:ann")
        book.record(make_turn(number))
        return 0

    with ThreadPoolExecutor(4) as threads:
        erased = sum(threads.map(work, range(100)))
    assert erased + len(book.case("c1")) == 80
