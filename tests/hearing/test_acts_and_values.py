"""Answers, moves and numbers; among them the very words in which the play-through's patients answer."""

from __future__ import annotations

from datetime import date

import pytest

from sciatriage.hearing.ear import Ear

ACTS = {
    "affirm": [
        "yes", "yeah", "yep I do", "yes it is", "I have, yes", "yea", "ye", "that's right", "unfortunately yes", "ok",
        "okay", "ok go on",
        "sure", "correct", "yes but only at night",
    ],
    "deny": [
        "no", "nope", "no I don't", "not at all", "nah", "none of that", "no, nothing like that",
        "not that I've noticed", "not that I know", "I don't think so",
    ],
    "unsure": [
        "I'm not sure", "maybe", "hard to say", "dunno really", "I think so but not sure", "no idea", "can't tell",
        "I don't know", "yes and no",
    ],
    "none_of_these": ["none of these", "no, none of them", "nope none", "none"],
    "ask_why": [
        "why?", "why do you ask?", "why do you say that?", "why this result?", "why not self-care?",
        "why is it an emergency", "why do I need to see a doctor?", "what makes you say that?", "but why",
        "why can't I look after it at home", "how did you come to that conclusion",
    ],
    "ask_change": [
        "what would change it?", "when would it be worse?", "what would make it more urgent",
        "what would make this less urgent?", "when would it be an emergency?", "what would change the result",
        "when would I need an ambulance", "what would have to happen for it to be urgent",
    ],
    "ask_meaning": ["what do you mean?", "I don't understand"],
    "go_back": ["go back", "I made a mistake", "change my answer", "I said no to numbness but actually"],
    "ask_summary": ["what have you understood so far?"],
    "skip": ["skip", "I'd rather not say"],
    "start_again": ["start again", "start over"],
    "stop": ["stop", "delete what I said", "forget me"],
    "ask_human": ["I want to talk to a person", "can I speak to a nurse"],
    "ask_urgent": ["is this urgent?", "is it serious", "is it dangerous",
        "should I go to A&E?", "is this urgent? I can't feel when I wipe"],
    "ask_question": [
        "what is sciatica?", "how long does it last", "can I use heat?", "when will it get better",
        "what makes it worse", "why does it hurt",
    ],
    "thanks": ["thanks", "thank you so much"],
    "greet": ["hi", "hello there"],
    "tell": [
        "my leg hurts", "3 days", "45", "", "hello, I have back pain", "it goes numb when I go back to bed",
        "I keep having to go back to the toilet", "done", "I'm done", "finished", "it starts again every night",
        "the pain starts again when I sit", "fine", "it is fine", "all good", "I'm ok", "good", "I am not well",
        "I'm not ok", "it went away", "it is worse when I sit", "why does my leg hurt",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("act", "text"), [(act, text) for act, texts in ACTS.items() for text in texts])
def test_act(ear: Ear, act: str, text: str) -> None:
    assert ear.hear(text).act.value == act


@pytest.mark.parametrize(
    ("text", "act", "finding"),
    [
        ("no but my calf is swollen", "deny", "calf_swelling"),
        ("yes and I can't pee", "affirm", "bladder_retention"),
        ("is this urgent? I can't feel when I wipe", "ask_urgent", "saddle_numbness"),
        ("when would it be worse, I can't feel when I wipe", "tell", "saddle_numbness"),
        ("what would change it? my calf is swollen", "tell", "calf_swelling"),
        ("why this result? I wet myself", "tell", "bladder_incontinence"),
    ],
)
def test_an_answer_keeps_what_it_tells_besides(ear: Ear, text: str, act: str, finding: str) -> None:
    heard = ear.hear(text)
    assert heard.act.value == act
    assert [(m.finding, m.status.value) for m in heard.mentions] == [(finding, "present")]


VALUES = [
    ("45", "number", 45.0), ("twenty five", "number", 25.0), ("I'm 54", "age", 54.0), ("54 year old", "age", 54.0),
    ("54yo", "age", 54.0), ("aged 54", "age", 54.0), ("my 12 year old has cramp", "age", 12.0),
    ("im 45 and it hurts", "age", 45.0), ("8/10", "pain_score", 8.0), ("8 out of 10", "pain_score", 8.0),
    ("pain is a 7", "pain_score", 7.0), ("left calf is swollen", "side", "left"), ("both", "side", "both"),
    ("3 days", "duration_days", 3.0), ("for 3 days", "duration_days", 3.0), ("1 day", "duration_days", 1.0),
    ("about 3 hours", "duration_days", 0.125), ("2 months", "duration_days", 60.0),
    ("2 years", "duration_days", 730.0), ("about 3 weeks, maybe 4", "duration_days", 28.0),
    ("3-4 weeks", "duration_days", 28.0), ("a couple of days", "duration_days", 2.0),
    ("yesterday", "duration_days", 1.0), ("this morning", "duration_days", 0.3), ("a fortnight", "duration_days", 14.0),
    ("an hour ago", "duration_days", 0.042), ("since Tuesday", "duration_days", 3.0),
    ("it has been going on for six weeks", "duration_days", 42.0),
    ("35 yrs, back pain 3 weeks", "age", 35.0), ("35 yrs, back pain 3 weeks", "duration_days", 21.0),
    ("62 years, had it for 5 years", "duration_days", 1825.0), ("35 yrs", "number", 35.0),
    ("smoked all my life, pain for 2 weeks", "duration_days", 14.0),
    ("back pain for 10 years, both legs went numb", "age", None), ("had this 12 years, left leg", "age", None),
    ("I've had sciatica for 2 years. Today my foot is numb", "age", None),
    ("I've had sciatica for 2 years. Today my foot is numb", "newest_days", 0.3),
    ("sciatica for 20 years, 70 now", "age", 70.0), ("I'm 14 actually", "age", 14.0), ("actually I'm 14", "age", 14.0),
    ("back pain for years but since yesterday both legs are numb", "duration_days", 730.0),
    ("back pain for years but since yesterday both legs are numb", "newest_days", 1.0),
    ("back pain 3 weeks", "newest_days", None), ("years", "duration_days", 730.0), ("10d", "duration_days", 10.0),
    ("2/52", "duration_days", 14.0), ("since 2019", "duration_days", 2555.0),
    ("pain for 3 months, on naproxen for 2 weeks", "newest_days", None),
]  # fmt: skip
NOT_ITS_DURATION = [
    "the cramp lasts 10 minutes",
    "after an 8 hour flight",
    "I'm 30 weeks pregnant",
    "gave birth three weeks ago",
    "I'm 54 years old",
    "used to get it years ago",
    "took ibuprofen for 3 weeks",
]


@pytest.mark.parametrize(("text", "value", "expected"), VALUES)
def test_value(ear: Ear, text: str, value: str, expected: float | str) -> None:
    assert ear.hear(text, today=date(2026, 11, 20)).values.get(value) == expected


@pytest.mark.parametrize("text", NOT_ITS_DURATION)
def test_another_length_of_time_is_not_the_troubles(ear: Ear, text: str) -> None:
    assert "duration_days" not in ear.hear(text).values


def test_a_weekday_without_a_calendar_is_left_out(ear: Ear) -> None:
    assert "duration_days" not in ear.hear("since Tuesday").values


def test_more_than_a_week_is_persistent(ear: Ear) -> None:
    derived = [m for m in ear.hear("8 days").mentions if m.by == "derived from the duration"]
    assert [m.finding for m in derived] == ["persistent_symptoms"]
    assert not ear.hear("7 days").mentions


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("my leg hurts", "en"),
        ("me duele mucho la pierna desde hace tres días", "es"),
        ("j'ai très mal au dos et à la jambe", "fr"),
        ("ich habe seit zwei Tagen Schmerzen im Bein", "de"),
        ("боль в ноге", "ru"),
        ("ألم في الساق", "ar"),
        ("腿很痛", "zh"),
        ("3 days", "en"),
        ("", "en"),
    ],
)
def test_language(ear: Ear, text: str, language: str) -> None:
    assert ear.hear(text).language == language


def test_what_seems_to_matter_and_was_not_understood_is_named(ear: Ear) -> None:
    assert ear.hear("my knee clicks in a sickening hot way").unheard
    assert not ear.hear("lovely weather today").unheard
