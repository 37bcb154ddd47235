"""A whole triage over Telegram against the real server: only what a person sees, only what a person can do."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from .person import Person

MOST_STEPS = 60
STORY = "I get a painful cramp in my left calf at night"
# What is typed where the words of a question ask for it; all else is answered by pressing.
TYPED = {
    "how old are you": "45",
    "how long ago": "3 days",
    "when did this": "3 days",
    "from 0 to 10": "4",
    "in your own words": STORY,
}
TICK_AT = "what do you feel"  # the checklist where a box is ticked


def headings() -> dict[str, str]:
    """The heading of each disposition's result."""
    path = Path(__file__).parents[2] / "knowledge" / "dispositions.yml"
    entries = YAML(typ="safe", pure=True).load(path)["dispositions"]
    return {name: entry["heading"] for name, entry in entries.items()}


@pytest.fixture
def person(telegram_server: Any) -> Person:
    """Someone new to this server."""
    return Person(telegram_server.url, telegram_server.fake, id=time.time_ns() % 1_000_000_000)


def result_in(texts: list[str]) -> str | None:
    """The disposition whose heading the person was sent."""
    told = "\n".join(texts).casefold()
    return next((name for name, heading in headings().items() if heading.casefold() in told), None)


def settle(person: Person, before: int) -> list[str]:
    """Wait for an answer and for the end of it; the new texts."""
    person.wait_sent(before + 1, seconds=15)
    while True:
        count = len(person.sent())
        time.sleep(0.4)
        if len(person.sent()) == count:
            return person.sent()[before:]


def answer(person: Person) -> str:
    """Answer the last message, by a press wherever there is a button to press; what was done."""
    last = person.fake.chat(person.id)[-1]
    asked = last["text"].lower()
    typed = next((words for question, words in TYPED.items() if question in asked), None)
    if typed is not None or not last.get("reply_markup"):
        person.say(typed or STORY)
        return typed or STORY
    buttons = person.buttons()
    boxes = [button for button in buttons if button["text"].startswith("☐")]
    if boxes and TICK_AT in asked:
        person.press(boxes[0]["callback_data"])
        person.fake.wait(lambda: any(button["text"].startswith("☑") for button in person.buttons()))
        person.press("#done")
        return f"{boxes[0]['text']} + Done"
    plain = [button for button in buttons if button not in boxes and button["callback_data"] != "#done"]
    chosen = next((button for button in plain if button["text"] == "No"), plain[0])
    person.press(chosen["callback_data"])
    return chosen["text"]


def test_a_whole_triage_ends_with_a_result(person):
    person.say("/start")
    told, played = settle(person, 0), ["/start"]
    for _ in range(MOST_STEPS):
        found = result_in(told)
        if found:
            break
        before = len(person.sent())
        played.append(answer(person))
        told = settle(person, before)
    else:
        pytest.fail("\n".join(["no result; played:", *played, "the last messages:", *told]))
    assert found in ("self_care", "see_clinician_soon"), "\n".join([*played, *told])
    presses = len([step for step in played if step not in TYPED.values()])
    assert presses > 3
    assert len(person.fake.of("answerCallbackQuery")) >= presses - 1
    live = [message for message in person.fake.chat(person.id)[:-1] if message.get("reply_markup")]
    assert len(live) <= 1  # one question at a time can be answered


def test_a_danger_sign_is_answered_at_once(person):
    person.say("/start")
    settle(person, 0)
    before = len(person.sent())
    person.say("I can't feel when I wipe and I can't pee")
    assert result_in(settle(person, before)) == "emergency_now"
