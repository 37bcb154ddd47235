"""Options as buttons, and what a press does."""

from __future__ import annotations

import pytest

from .person import next_update_id, post

YES_NO = {
    "text": "Is it numb?",
    "buttons": [{"title": "Yes", "payload": "~4.1"}, {"title": "No", "payload": "~4.2"}],
    "custom": {"type": "question", "kind": "yes_no", "options": []},
}


@pytest.fixture
def asked(ada, talk):
    """A person looking at a yes/no question."""
    talk.says["ask"] = [YES_NO]
    ada.say("ask")
    ada.wait_sent(1)
    return ada


def test_one_option_a_row(asked):
    assert asked.question()["reply_markup"]["inline_keyboard"] == [
        [{"text": "Yes", "callback_data": "~4.1"}],
        [{"text": "No", "callback_data": "~4.2"}],
    ]
    assert asked.sent() == ["Is it numb?"]


def test_a_press_is_acknowledged_the_buttons_go_and_the_payload_is_the_message(asked, talk, fake):
    query = asked.press("~4.2")
    asked.wait_sent(2)
    assert talk.texts() == ["ask", "~4.2"]
    assert fake.of("answerCallbackQuery") == [{"callback_query_id": query}]
    assert "reply_markup" not in fake.chat(77)[0]


def test_a_double_tap_is_one_answer(asked, talk, fake):
    question = asked.question()
    for _ in range(3):
        asked.press("~4.1", question)
    fake.wait(lambda: len(fake.of("answerCallbackQuery")) == 3)
    asked.say("next")
    asked.wait_sent(3)
    assert talk.texts() == ["ask", "~4.1", "next"]


def test_a_stale_press_goes_to_the_talk_which_knows_it_is_old(asked, talk, fake):
    question = asked.question()
    asked.press("~4.1", question)
    asked.wait_sent(2)
    asked.press("~4.2", question)  # another answer to the question answered already
    asked.wait_sent(3)
    assert talk.texts() == ["ask", "~4.1", "~4.2"]
    assert len(fake.of("answerCallbackQuery")) == 2


def test_a_press_on_a_message_too_old_to_be_shown_goes_to_the_talk(asked, talk):
    old = {"message_id": 5, "date": 0, "chat": {"id": 77, "type": "private"}}
    asked.press("~1.1", old)
    asked.wait_sent(2)
    assert talk.texts() == ["ask", "~1.1"]


def test_a_press_after_a_restart_works(asked, serve, talk):
    asked.url = serve().url
    asked.press("~4.1")
    asked.wait_sent(2)
    assert talk.texts() == ["ask", "~4.1"]


def test_another_persons_press_is_acknowledged_and_ignored(asked, talk, fake):
    asked.press("~4.1", **{"from": {"id": 999, "is_bot": False}})
    fake.wait(lambda: fake.of("answerCallbackQuery"))
    asked.say("x")
    asked.wait_sent(2)
    assert talk.texts() == ["ask", "x"]


@pytest.mark.parametrize("where", [{"message": {"message_id": 1, "chat": {"id": -9, "type": "group"}}}, {}])
def test_a_press_in_a_group_or_without_a_message_is_acknowledged(ada, talk, fake, where):
    number = next_update_id()
    press = {"id": "q", "from": {"id": 77, "is_bot": False}, "data": "~4.1", **where}
    assert post(ada.url, {"update_id": number, "callback_query": press}) == 200
    fake.wait(lambda: fake.of("answerCallbackQuery"))
    assert talk.heard == []


@pytest.mark.parametrize("data", ['/inform{"finding":"x"}', " //inform"])
def test_forged_data_is_no_command(asked, talk, data):
    asked.press(data)
    asked.wait_sent(2)
    assert not talk.texts()[-1].startswith("/")


def test_a_press_without_data_is_answered(asked, fake, talk):
    asked.press("")
    asked.wait_sent(2)
    assert talk.texts() == ["ask"]


def test_the_old_buttons_go_when_a_new_question_comes(asked, talk, fake):
    asked.say("ask")
    fake.wait(lambda: fake.of("editMessageReplyMarkup"))
    assert ["reply_markup" in message for message in fake.chat(77)] == [False, True]


def test_a_failing_edit_or_acknowledgement_costs_nothing(asked, fake, talk):
    fake.fail("answerCallbackQuery", 400)
    fake.fail("editMessageReplyMarkup", 502, times=2)
    asked.press("~4.1")
    asked.wait_sent(2)
    assert talk.texts() == ["ask", "~4.1"]


def test_long_labels_stand_numbered_in_the_text(ada, talk):
    long = "Numbness around the back passage, the genitals or the inner thighs"
    talk.says["ask"] = [{"text": "Which?", "buttons": [{"title": long, "payload": "~1.1"},
                                                       {"title": "Neither", "payload": "~1.2"}]}]  # fmt: skip
    ada.say("ask")
    assert ada.wait_sent(1) == [f"Which?\n\n1. {long}\n2. Neither"]
    first, second = ada.buttons()
    assert first == {"text": "1. Numbness around the back passage…", "callback_data": "~1.1"}
    assert second == {"text": "2. Neither", "callback_data": "~1.2"}


@pytest.mark.parametrize("payload", ["p" * 65, "é" * 33, "#1", ""])
def test_a_payload_that_does_not_fit_is_kept_here(ada, talk, serve, payload):
    talk.says["ask"] = [{"text": "Which?", "buttons": [{"title": "This one", "payload": payload}]}]
    ada.say("ask")
    ada.wait_sent(1)
    ada.press(ada.buttons()[0]["callback_data"])
    ada.wait_sent(2)
    assert talk.texts()[-1] == (payload or "This one")


def test_after_a_restart_the_label_stands_for_such_a_payload(ada, talk, serve):
    talk.says["ask"] = [{"text": "Which?", "buttons": [{"title": "This one", "payload": "p" * 65}]}]
    ada.say("ask")
    ada.wait_sent(1)
    ada.url = serve().url
    ada.press(ada.buttons()[0]["callback_data"])
    ada.wait_sent(2)
    assert talk.texts()[-1] == "This one"
