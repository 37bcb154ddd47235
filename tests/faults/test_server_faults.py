"""Each fault on a running server: a reply within 5 seconds, and after the repair the talk goes on with nothing lost."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.served import PYTHON, Person, Served

FAULTY = [PYTHON, str(Path(__file__).with_name("faulty_server.py"))]


@pytest.fixture(scope="module")
def server(serve: Callable[..., Served]) -> Served:
    """The server with the switch; what is said while it loads is tried first."""
    served = serve(FAULTY)
    served.start(wait=False)
    served.wait_for("/health/ready", 503)
    early = Person(served)
    assert early.types("my lower back hurts") == ["fail_safe"]
    assert early.took < 2
    served.wait_for("/health/ready", 200)
    early.say("hello")
    assert early.state().case.status("low_back_pain") is not None
    return served


@contextmanager
def switched(served: Served, name: str) -> Iterator[None]:
    served.set_fault(name)
    try:
        yield
    finally:
        served.set_fault("")


@contextmanager
def gone(served: Served) -> Iterator[None]:
    aside = served.database.with_suffix(".aside")
    served.database.rename(aside)
    try:
        yield
    finally:
        aside.rename(served.database)


@contextmanager
def locked(served: Served) -> Iterator[None]:
    other = sqlite3.connect(served.database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


FAULTS = {
    "hearing raises": lambda served: switched(served, "hearing"),
    "action raises": lambda served: switched(served, "action_raises"),
    "action hangs": lambda served: switched(served, "action_hangs"),
    "no lock": lambda served: switched(served, "lock"),
    "circuit breaker": lambda served: switched(served, "circuit_breaker"),
    "database gone": gone,
    "database locked": locked,
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_answered_and_costs_no_word(server: Served, name: str) -> None:
    person = Person(server)
    before = person.begin()
    with FAULTS[name](server):
        assert person.types("I have a fever") == ["fail_safe"]
        assert person.types("I have a fever") == ["fail_safe"]
        assert person.types("I am 61 years old") == ["fail_safe"]
    assert person.types("hello")[-1] == "question"
    after = person.state()
    assert after.case_id == before.case_id
    assert after.case.status("low_back_pain") == before.case.status("low_back_pain")
    assert after.case.status("fever") is not None
    assert after.case.values["age"] == 61


@pytest.mark.parametrize("name", sorted(set(FAULTS) - {"hearing raises"}))
def test_a_danger_sign_is_answered_with_the_emergency_whatever_fails(server: Served, name: str) -> None:
    person = Person(server)
    person.begin()
    with FAULTS[name](server):
        items = person.say("I can't feel when I wipe")
    assert any((item.get("custom") or {}).get("disposition") == "emergency_now" for item in items)
    assert not any((item.get("custom") or {}).get("type") == "fail_safe" for item in items)


@pytest.mark.parametrize("name", ["record_raises", "record_hangs"])
def test_a_failing_record_silences_nobody(server: Served, name: str) -> None:
    person = Person(server)
    with switched(server, name):
        person.begin()
        assert "fail_safe" not in person.types("I have a fever")
        assert person.took < 2.5


def test_a_path_that_fails_is_taken_again(server: Served) -> None:
    person = Person(server)
    items = person.say("my calf cramps at night")
    for _ in range(40):
        question = next(item["custom"] for item in items[::-1] if (item.get("custom") or {}).get("type") == "question")
        if question["purpose"] == "read_back":
            break
        plain = next((option["label"] for option in question["options"] if option["value"] == "continue"), None)
        words = {"number": "45", "duration": "2 days", "choice": "I don't know", "checklist": "none of these"}
        items = person.say(plain or words.get(question["kind"], "no"))
    with switched(server, "path_raises"):
        assert person.types("yes") == ["fail_safe"]
    results = [item["custom"] for item in person.say("yes") if item["custom"]["type"] == "assessment"]
    assert results
    assert results[0]["final"]


@pytest.mark.parametrize("name", ["database gone", "database locked"])
def test_readiness_says_what_is_wrong(server: Served, name: str) -> None:
    with FAULTS[name](server):
        server.wait_for("/health/ready", 503)
        assert "tracker store" in server.status("/health/ready")[1]
    server.wait_for("/health/ready", 200)


def test_killed_in_mid_talk_and_started_again_the_talk_goes_on(server: Served) -> None:
    person = Person(server)
    before = person.begin()
    server.stop(signal.SIGKILL)
    server.start(wait=False)
    server.wait_for("/health/ready", 200)
    assert person.types("why do you ask?")[-1] == "question"
    after = person.state()
    assert (after.case_id, after.case, after.open) == (before.case_id, before.case, before.open)


def test_no_word_of_a_person_is_in_the_log(server: Served) -> None:
    log = (server.home / "server.log").read_text(errors="replace")
    for word in ("fever", "wipe", "lower back"):
        assert word not in log


def test_it_ends_cleanly(server: Served) -> None:
    server.stop(signal.SIGTERM)
    assert server.status("/health/ready")[0] == 0
    server.start(wait=False)
    server.wait_for("/health/ready", 503)
    server.stop(signal.SIGINT)  # while it loads
    assert server.status("/health/ready")[0] == 0
