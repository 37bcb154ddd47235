"""Checklists: boxes that tick, "Done" and "None of these"."""

from __future__ import annotations

import pytest

from rasa_project.channels.telegram.words import load_words

WORDS = load_words()
SHORT = ["Fever", "Weight loss", "Night pain"]
LONG = ["Numbness around the back passage, the genitals or the inner thighs", "Fever", "Trouble starting to pass urine"]


def checklist(labels: list[str], none: str | None = "None of these") -> dict[str, object]:
    """A checklist as the contract has it."""
    options = [
        {"label": label, "payload": f"~4.{number}", "finding": f"f{number}", "value": None}
        for number, label in enumerate(labels, 1)
    ]
    if none:
        options.append({"label": none, "payload": "~4.9", "finding": None, "value": None})
    buttons = [{"title": option["label"], "payload": option["payload"]} for option in options]
    custom = {"type": "question", "kind": "checklist", "options": options, "unticked_means_no": True}
    return {"text": "Any of these?", "buttons": buttons, "custom": custom}


@pytest.fixture(params=[SHORT, LONG], ids=["short", "long"])
def labels(request):
    """Labels that fit on buttons, and labels that don't."""
    return request.param


@pytest.fixture
def asked(ada, talk, labels):
    """A person looking at a checklist."""
    talk.says["ask"] = [checklist(labels)]
    ada.say("ask")
    ada.wait_sent(1)
    return ada


def press(person, data):
    """Press and wait for the acknowledgement; its toast."""
    query = person.press(data)
    found = person.fake.wait(
        lambda: [f for f in person.fake.of("answerCallbackQuery") if f["callback_query_id"] == query]
    )
    return found[0].get("text")


def test_boxes_none_and_done(asked, labels):
    faces = [button["text"] for button in asked.buttons()]
    assert [face[0] for face in faces[:3]] == ["☐"] * 3
    assert faces[3].endswith("None of these")
    assert faces[4] == "Done"
    assert len(faces) == 5


def test_ticking_unticking_and_done(asked, labels, talk):
    for data in ("~4.1", "~4.2", "~4.3", "~4.2"):
        press(asked, data)
    assert [button["text"][0] for button in asked.buttons()[:3]] == ["☑", "☐", "☑"]
    assert talk.texts() == ["ask"]
    press(asked, "#done")
    asked.wait_sent(2)
    assert talk.texts() == ["ask", f"{labels[0]}; {labels[2]}"]
    assert "reply_markup" not in asked.fake.chat(77)[0]


def test_quick_taps_all_count(asked, talk, labels):
    seen = asked.question()  # the client still shows this to all three
    for data in ("~4.1", "~4.2", "#done"):
        asked.press(data, seen)
    asked.wait_sent(2)
    assert talk.texts() == ["ask", f"{labels[0]}; {labels[1]}"]


def test_the_toasts_say_what_to_do(asked, talk):
    assert press(asked, "#done") == WORDS.tick_first
    assert press(asked, "~4.1") == WORDS.ticked
    assert press(asked, "~4.9") == WORDS.untick_first  # a slip here must not unsay a danger sign
    assert press(asked, "~4.1") == WORDS.unticked
    assert talk.texts() == ["ask"]


def test_none_of_these(asked, talk):
    press(asked, "~4.9")
    asked.wait_sent(2)
    assert talk.texts() == ["ask", "~4.9"]


def test_a_checklist_without_such_an_option_gets_one(ada, talk):
    talk.says["ask"] = [checklist(SHORT, none=None)]
    ada.say("ask")
    ada.wait_sent(1)
    press(ada, ada.buttons()[3]["callback_data"])
    ada.wait_sent(2)
    assert talk.texts() == ["ask", "None of these"]


def test_a_restart_in_the_middle_keeps_the_ticks(asked, talk, labels, serve):
    press(asked, "~4.1")
    asked.url = serve().url
    press(asked, "~4.3")
    asked.url = serve().url
    press(asked, "#done")
    asked.wait_sent(2)
    assert talk.texts() == ["ask", f"{labels[0]}; {labels[2]}"]


@pytest.mark.parametrize("data", ["#done", "#3"])
def test_ticks_that_are_lost_are_asked_for_in_words(ada, talk, data):
    ada.press(data, {"message_id": 5, "date": 0, "chat": {"id": 77, "type": "private"}})
    assert ada.wait_sent(1) == [WORDS.ticks_lost]
    assert talk.heard == []


def test_the_same_checklist_asked_again_keeps_its_ticks(asked, talk, labels):
    press(asked, "~4.2")
    asked.say("ask")
    asked.wait_sent(2)
    assert [button["text"][0] for button in asked.buttons()[:3]] == ["☐", "☑", "☐"]
    press(asked, "#done")
    asked.wait_sent(3)
    assert talk.texts()[-1] == labels[1]


@pytest.mark.parametrize("typed", ["done", "Done.", "DONE!"])
def test_done_may_be_typed(asked, talk, labels, typed):
    press(asked, "~4.1")
    asked.say(typed)
    asked.wait_sent(2)
    assert talk.texts() == ["ask", labels[0]]


def test_done_typed_without_a_tick_is_a_message(asked, talk):
    asked.say("done")
    asked.wait_sent(2)
    assert talk.texts() == ["ask", "done"]


def test_done_on_a_checklist_that_has_passed_shows_its_number(asked, talk, fake):
    press(asked, "~4.1")
    seen = asked.question()
    talk.says["on"] = [{"text": "Numb?", "buttons": [{"title": "Yes", "payload": "~5.1"}]}]
    asked.say("on")
    fake.wait(lambda: "reply_markup" not in fake.chat(77)[0])
    asked.press("#done", seen)  # a client that was slow to lose the buttons
    asked.wait_sent(3)
    assert talk.texts() == ["ask", "on", "~4.1"]
