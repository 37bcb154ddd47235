"""Edits, pictures, recordings, groups: one plain sentence, or the caption."""

from __future__ import annotations

import pytest

from rasa_project.channels.telegram.words import load_words

from .person import next_update_id, post

WORDS = load_words()
PHOTO = {"photo": [{"file_id": "f", "width": 1, "height": 1}]}


@pytest.mark.parametrize("media", [PHOTO, {"voice": {"file_id": "f"}}, {"document": {"file_id": "f"}}])
def test_a_caption_is_read(ada, talk, media):
    ada.send(**media, caption="chest pain")
    assert ada.wait_sent(2) == [WORDS.caption_read, "heard chest pain"]
    assert talk.texts() == ["chest pain"]


@pytest.mark.parametrize("kind", ["photo", "voice", "document", "sticker", "location", "something_new"])
def test_without_words_it_says_text_only(ada, talk, kind):
    ada.send(**{kind: {}})
    assert ada.wait_sent(1) == [WORDS.text_only]
    assert talk.heard == []


def test_an_album_is_answered_once(ada):
    for _ in range(3):
        ada.send(**PHOTO, media_group_id="album")
    ada.say("x")
    assert ada.wait_sent(2) == [WORDS.text_only, "heard x"]


@pytest.mark.parametrize("fields", [{"text": "changed"}, {**PHOTO, "caption": "changed"}, PHOTO])
def test_an_edit_is_no_turn_and_is_said_once(ada, talk, fields):
    message = ada.message(**fields)
    for _ in range(3):
        assert post(ada.url, {"update_id": next_update_id(), "edited_message": message}) == 200
    ada.say("x")
    assert ada.wait_sent(2) == [WORDS.edits_unseen, "heard x"]
    assert talk.texts() == ["x"]


@pytest.mark.parametrize("kind", ["group", "supergroup"])
def test_a_group_gets_one_refusal_and_no_state(ada, talk, fake, kind):
    for _ in range(3):
        message = ada.message(text="/start") | {"chat": {"id": -100, "type": kind}}
        post(ada.url, {"update_id": next_update_id(), "message": message})
    fake.wait(lambda: fake.sent(-100))
    ada.say("x")
    ada.wait_sent(1)
    assert fake.sent(-100) == [WORDS.private_only]
    assert talk.texts() == ["x"]


def test_another_bot_is_not_answered(ada, talk):
    message = ada.message(text="beep") | {"from": {"id": 77, "is_bot": True}}
    post(ada.url, {"update_id": next_update_id(), "message": message})
    ada.say("x")
    assert ada.wait_sent(1) == ["heard x"]
