"""Whatever is typed: no error, no long wait, and offsets that point at the person's own words."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciatriage.hearing.ear import Ear
from sciatriage.triage.vocabulary import Heard

EAR = Ear()
HERE = Path(__file__).parent
SECONDS = 5.0  # generous: a laden machine; measured is under 1.5 for 100,000 characters of distinct messages


def _sound(heard: Heard) -> None:
    for mention in heard.mentions:
        assert heard.text[mention.start : mention.end] == mention.text
        assert 0 <= mention.start <= mention.end <= len(heard.text)
        assert 0.0 <= mention.confidence <= 1.0


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    _sound(EAR.hear(text))


_WORDS = "no not I my leg can't feel when wipe numb both legs pee but maybe mum had , . ? 3 weeks ago ’ 😀 ﬁ İ".split()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=60))
def test_any_order_of_telling_words(words: list[str]) -> None:
    _sound(EAR.hear(" ".join(words)))


@pytest.mark.parametrize("name", ["messages.jsonl", "messages_unseen.jsonl"])
def test_offsets_of_the_labelled_messages(name: str) -> None:
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        _sound(EAR.hear(json.loads(line)["text"]))


def test_offsets_survive_normalisation() -> None:
    text = "😀 İt’s ﬁne — but I can’t\u200b feel when I wipe"
    (mention,) = (m for m in EAR.hear(text).mentions if m.finding == "saddle_numbness")
    assert mention.text == "can’t\u200b feel when I wipe"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "numb leg " * 11_000,
        ".,;" * 33_000,
        "😀" * 100_000,
        "can't feel my leg when I " * 4_000,
        "\x00\x07\u202e",
    ],
)
def test_endless_text_is_heard_in_time(text: str) -> None:
    begun = time.monotonic()
    _sound(EAR.hear(text))
    assert time.monotonic() - begun < SECONDS


def test_a_danger_sign_at_the_end_of_an_endless_message_is_heard() -> None:
    lines = [f"Then on day {n} we went to town and bought {n} apples." for n in range(1500)]
    heard = EAR.hear(" ".join(lines) + " I cannot feel when I wipe")
    assert any(m.finding == "saddle_numbness" and m.status.value == "present" for m in heard.mentions)
    _sound(heard)
