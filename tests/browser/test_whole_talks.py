"""Whole talks with the real server, from the welcome to the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

EMERGENCY = "I can't feel when I wipe and can't pee"


@pytest.mark.parametrize("hands", ["mouse", "keyboard"])
def test_a_talk_ends_in_a_care_card(someone: Callable[..., Any], hands: str) -> None:
    patient = someone(hands).start()
    patient.answer_all()
    expect(patient.card.locator(".card__title")).to_be_visible()
    expect(patient.card.get_by_role("heading", name="What to watch for", exact=True)).to_be_visible()
    expect(patient.card.get_by_role("button", name="Print or save this")).to_be_visible()
    assert patient.card.get_attribute("data-disposition") in {
        "emergency_now",
        "urgent_same_day",
        "see_clinician_soon",
        "self_care",
        "out_of_scope",
    }


def test_the_focus_goes_to_the_new_question(someone: Callable[..., Any]) -> None:
    patient = someone("keyboard").start()
    for _ in range(3):
        if patient.card.count():
            break
        expected = "message" if patient.question.get_attribute("data-kind") == "text" else None
        focused = patient.page.evaluate("document.activeElement.id")
        assert focused == (expected or patient.question.locator(".question__asked").get_attribute("id"))
        patient.answer()


def test_an_emergency_said_at_once_is_an_alert(patient: Any) -> None:
    patient.say(EMERGENCY)
    alert = patient.page.locator("article.card[data-disposition=emergency_now]").get_by_role("alert")
    expect(alert).to_be_visible()
    expect(alert.get_by_role("heading").first).to_be_in_viewport()
    expect(alert.get_by_role("heading").first).to_be_focused()
    expect(alert.locator("a[href^='tel:']").first).to_be_visible()
    expect(alert.get_by_text("Emergency advice:")).to_have_count(1)


def test_an_emergency_is_heard_in_the_middle_of_a_question(patient: Any) -> None:
    patient.start()
    patient.answer()
    patient.say(EMERGENCY)
    expect(patient.page.locator("article.card[data-disposition=emergency_now] [role=alert]").last).to_be_visible()


def test_an_emergency_out_of_sight_leaves_a_way_back(someone: Callable[..., Any]) -> None:
    patient = someone(viewport={"width": 390, "height": 500})
    patient.say(EMERGENCY)
    strip, title = patient.page.locator("#strip"), patient.card.locator(".card__title")
    patient.page.locator("#emergency summary").click()
    for scroll in ["scrollTo(0, 0)", "scrollTo(0, document.body.scrollHeight)"]:
        patient.page.evaluate(scroll)
        expect(strip.get_by_role("button")).to_be_in_viewport()
        expect(title).not_to_be_in_viewport()
        strip.get_by_role("button").click()
        expect(title).to_be_in_viewport(ratio=1)
        expect(title).to_be_focused()
        assert strip.bounding_box()["y"] + strip.bounding_box()["height"] <= title.bounding_box()["y"] + 1


def test_a_reload_keeps_the_talk_and_it_goes_on(patient: Any) -> None:
    patient.start()
    patient.answer()
    patient.answer()
    before, sender = patient.turns.all_inner_texts(), patient.page.evaluate("sessionStorage['sciatriage.talk']")
    patient.page.reload()
    expect(patient.turns).to_have_count(len(before))
    assert patient.turns.all_inner_texts() == before
    assert patient.page.evaluate("JSON.parse(sessionStorage['sciatriage.talk']).sender") in sender
    patient.answer_all()


def test_start_again_forgets(patient: Any) -> None:
    patient.start()
    patient.answer()
    sender = "JSON.parse(sessionStorage['sciatriage.talk'] ?? '{}').sender"
    old = patient.page.evaluate(sender)
    patient.page.get_by_role("button", name="Start again").click()
    patient.page.get_by_role("button", name="Keep this conversation").click()
    assert patient.page.evaluate(sender) == old
    patient.page.get_by_role("button", name="Start again").click()
    patient.page.get_by_role("button", name="Forget it and start again").click()
    expect(patient.turns).to_have_count(0)
    expect(patient.page.get_by_role("heading", name="What can I help with?")).to_be_focused()
    assert patient.page.evaluate("sessionStorage.length + localStorage.length") == 0
    patient.start()
    assert patient.page.evaluate(sender) != old
    patient.answer_all()


def test_two_people_are_two_senders(someone: Callable[..., Any]) -> None:
    senders = {
        someone().start().page.evaluate("JSON.parse(sessionStorage['sciatriage.talk']).sender") for _ in range(2)
    }
    assert len(senders) == 2
