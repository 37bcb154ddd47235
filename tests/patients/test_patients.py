"""Whole patients, played over REST against the running bot: none unsafe, failed or unfinished."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.patients.player import LADDER, Played, figures, play, read_patients
from tests.real_server import RealServer

PATIENTS = read_patients()


@pytest.fixture(scope="module")
def played(server: RealServer) -> list[Played]:
    """Every patient's talk with the one running server."""
    talks = [play(patient, server.say) for patient in PATIENTS]
    print(f"\n{len(talks)} patients over REST\n{figures(talks)}")
    return talks


def test_there_are_enough_of_each_kind() -> None:
    assert len(PATIENTS) >= 60
    of_each = Counter(patient["expected_disposition"] for patient in PATIENTS)
    in_words = Counter(patient["expected_disposition"] for patient in PATIENTS if patient["told"] == "in the opening")
    for disposition in LADDER:
        assert of_each[disposition] >= 12
        assert in_words[disposition] >= of_each[disposition] / 2


def test_none_ends_below_what_is_safe(played: list[Played]) -> None:
    unsafe = [talk for talk in played if talk.unsafe]
    assert unsafe == [], "\n\n".join(f"{talk.patient['id']}: {talk.reached}\n{talk.transcript()}" for talk in unsafe)


def test_every_talk_ends_and_none_falls_silent(played: list[Played]) -> None:
    assert [talk.patient["id"] for talk in played if talk.silent or talk.reached is None] == []


def test_most_end_exactly_where_they_should(played: list[Played]) -> None:
    assert sum(talk.exact for talk in played) >= 0.85 * len(played), figures(played)


def test_few_are_sent_further_than_is_reasonable(played: list[Played]) -> None:
    over = [f"{talk.patient['id']}: {talk.reached}" for talk in played if talk.over]
    assert len(over) <= 0.08 * len(played), over


def test_a_talk_stays_within_14_questions_and_is_typically_10(played: list[Played]) -> None:
    asked = sorted(talk.asked for talk in played)
    assert asked[-1] <= 14
    assert asked[len(asked) // 2] <= 10
