"""How plain words are measured: sentences, words, reading age, hard words, and numbers to call."""

from __future__ import annotations

import pytest

from sciatriage.triage.plain_words import PlainWords, faults_of_file, sentences, service_number, shown_texts, words

PLAIN = PlainWords(
    longest_sentence=20,
    longest_word=11,
    reading_age=11,
    judged_from=20,
    say={"urinat*": "pee", "saddle": "between your legs", "stenosis": "a narrow space"},
    terms=frozenset({"physiotherapist"}),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It hurts. It can last.", ["It hurts.", "It can last."]),
        ("Does it hurt? Stop! Then rest.", ["Does it hurt?", "Stop!", "Then rest."]),
        ("Use a pain gel, e.g. ibuprofen gel, at 8 a.m. each day.", None),
        ("Take 2.5 tablets.", None),
        ("See Dr. J. Smith today.", None),
        ("You can go on. e.g. by bus", ["You can go on.", "e.g. by bus"]),
        ('He said "stop." Then he left.', ['He said "stop."', "Then he left."]),
        ("It could be you or I. Then rest.", ["It could be you or I.", "Then rest."]),
        ("What helps\n- Warmth\n- Cold, at first\n\nAsk your doctor.", ["What helps", "- Warmth", "- Cold, at first"]),
        ("Call {emergency}. Then wait.", ["Call {emergency}.", "Then wait."]),
        ("Wait ... and see.", None),
        ("", []),
        ("...", []),
    ],
)
def test_sentences(text: str, found: list[str] | None) -> None:
    expected = [text] if found is None else found
    assert sentences(text)[: len(expected) or None] == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Call {emergency} now", 3),
        ("8 to 10.5 hours", 4),
        ("a long-term illness", 3),
        ("and/or — yes", 3),
        ("A&E", 1),
        ("- one - two", 2),
        ("you'd don’t", 2),
    ],
)
def test_words(text: str, count: int) -> None:
    assert len(words(text)) == count


def test_reading_age_is_the_published_formula() -> None:
    assert PLAIN.measure("The cat sat on the mat.").age == pytest.approx(4.71 * 17 / 6 + 0.5 * 6 - 21.43 + 5)


def test_blanks_and_terms_count_as_ordinary_words() -> None:
    plain = PLAIN.measure("Call the nurse now.")
    assert PLAIN.measure("Call the {emergency} now.") == plain
    assert PLAIN.measure("Call the Physiotherapist now.") == plain
    assert PLAIN.measure("Call the gastroenterologist now.").age > plain.age


def test_a_short_text_is_not_judged_by_the_formula() -> None:
    hard = "Several different problems produce painful muscles."
    assert PLAIN.measure(hard).age > 11
    assert list(PLAIN.faults(hard)) == []
    assert [one for one in PLAIN.faults(" ".join([hard] * 4)) if "reads at the age of" in one]


def test_short_texts_of_an_entry_are_judged_together() -> None:
    hard = "Several different problems produce painful muscles."
    entry = {"label": hard, "why": hard, "simpler": "Does it hurt?", "because": "You may feel it for days."}
    told = list(faults_of_file({"findings": {"x": entry}}, PLAIN, False))
    assert [path for path, says in told if "'x' with all its texts reads at the age of" in says] == [("findings", "x")]
    easy = {**entry, "why": "It can come from a cut.", "label": "A cut"}
    assert list(faults_of_file({"findings": {"x": easy}}, PLAIN, False)) == []


@pytest.mark.parametrize(
    ("text", "explained", "told"),
    [
        ("You urinated.", "", "say 'pee' instead of 'urinated'"),
        ("Urinating hurts.", "", "say 'pee' instead of 'urinating'"),
        ("Your saddle area", "", "say 'between your legs' instead of 'saddle'"),
        ("It is a narrow space (stenosis).", "", None),
        ("It is called stenosis.", "", None),
        ("Stenosis (a narrow space) hurts.", "", None),
        ("Stenosis (a narrow space) hurts. So stenosis is bad.", "", "say 'a narrow space' instead of 'stenosis'"),
        ("Stenosis is a narrow space.", "What is stenosis?", None),
        ("A physiotherapist helps.", "", None),
        ("An extraordinary pain", "", "'extraordinary' has 13 letters"),
        ("A long-lasting, well-understood pain", "", None),
        ("Call {an_extraordinary_line}.", "", None),
    ],
)
def test_hard_words(text: str, explained: str, told: str | None) -> None:
    faults = list(PLAIN.faults(text, explained))
    assert bool(faults) == (told is not None), faults
    assert told is None or faults[0].startswith(told)


@pytest.mark.parametrize(
    "text",
    [
        "Call 999.",
        "In the US it is 911",
        "Samaritans: 116 123",
        "Lifeline on 13 11 14 helps",
        "call healthdirect on 1800 022 222",
        "0800-611-116",
        "+44 20 7946 0000",
        "Call 15.",
        "Phone the 17 for help.",
        "Dial nine one one.",
        "Call triple zero",
        "000",
    ],
)
def test_a_number_to_call_is_seen(text: str) -> None:
    assert service_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "For 10 to 15 minutes",
        "the first 24 to 72 hours",
        "24-72 hours",
        "Walk 100 metres, then 200 more steps",
        "0 is no pain and 10 is the worst",
        "Pain of 7 or more out of 10",
        "Over 65 or under 16",
        "about 2 in 100 people",
        "about 2 in 1,000 of those who ask",
        "At least 120 minutes a week",
        "400 mg at most",
        "between points called L4 and S3",
        "Call if it lasts 10 minutes or more.",
        "one or two of them",
        "{emergency}",
    ],
)
def test_other_numbers_are_let_be(text: str) -> None:
    assert service_number(text) is None


def test_every_text_of_an_entry_is_shown_but_ids_and_peoples_own_words() -> None:
    entry = {
        "label": "A label",
        "ask_in": "daily_life",
        "heard_as": ["my own words"],
        "sources": ["A0: a passage"],
        "reviewed": "awaiting a clinician",
        "a_new_field": [{"because": "Because."}, "And more"],
        "uncertain": "urgent_same_day",
    }
    assert list(shown_texts(entry, ("findings", "x"))) == [
        (("findings", "x", "label"), "A label"),
        (("findings", "x", "a_new_field", 0, "because"), "Because."),
        (("findings", "x", "a_new_field", 1), "And more"),
    ]
