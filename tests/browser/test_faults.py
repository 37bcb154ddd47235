"""A server that is dead, silent, late or in error: the page speaks for itself, and no message is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect


def fault(patient: Any) -> Any:
    return patient.page.locator("[data-type=fault]")


@pytest.mark.parametrize("how", ["dead", "silent", "error", "late"])
def test_no_answer_shows_the_emergency_words_and_another_try(
    patient: Any, broken: Callable[..., None], how: str
) -> None:
    broken(patient, how)
    patient.page.locator("#start").click()
    expect(patient.page.locator("#writing")).to_have_text("Sciatriage is writing…" if how == "late" else "")
    expect(fault(patient)).to_be_visible(timeout=10_000)
    expect(fault(patient)).to_have_attribute("role", "alert")
    expect(fault(patient).get_by_text("Call the emergency number now")).to_be_visible()
    expect(fault(patient).locator("a[href='tel:999']")).to_be_visible()
    expect(fault(patient).get_by_role("button", name="Try again")).to_be_focused()
    broken(patient, None)
    fault(patient).get_by_role("button", name="Try again").click()
    patient.settle()
    expect(fault(patient)).to_have_count(0)
    expect(patient.question).to_be_visible()
    assert patient.sent[0] == patient.sent[1], "another message than the one that failed"
    assert len(patient.sent) == 2


def test_what_is_written_meanwhile_goes_after_what_failed(patient: Any, broken: Callable[..., None]) -> None:
    broken(patient, "dead")
    patient.say("My back hurts")
    patient.say("and my leg too")
    broken(patient, None)
    fault(patient).get_by_role("button", name="Try again").click()
    patient.settle()
    assert patient.sent[-2:] == ["My back hurts", "and my leg too"]
    expect(fault(patient)).to_have_count(0)


def test_a_reload_while_nothing_answers_offers_the_same_message_again(
    patient: Any, broken: Callable[..., None]
) -> None:
    broken(patient, "dead")
    patient.say("My back hurts")
    patient.page.reload()
    expect(fault(patient)).to_be_visible()
    broken(patient, None)
    fault(patient).get_by_role("button", name="Try again").click()
    patient.settle()
    assert patient.sent == ["My back hurts", "My back hurts"]


def test_nothing_is_sent_twice_while_waiting(patient: Any, broken: Callable[..., None]) -> None:
    broken(patient, "late")
    patient.message.fill("My back hurts")
    patient.page.keyboard.press("Enter")
    expect(patient.page.locator("#send")).to_have_attribute("aria-disabled", "true")
    patient.message.fill("and my leg")
    patient.page.keyboard.press("Enter")
    patient.page.locator("#send").click(force=True)
    assert patient.sent == ["My back hurts"]
    expect(patient.message).to_have_value("and my leg")


def test_without_storage_the_talk_still_works(someone: Callable[..., Any]) -> None:
    patient = someone()
    patient.page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('off') } })"
    )
    patient.open().start()
    expect(patient.question).to_be_visible()


def test_without_javascript_the_emergency_words_stand(someone: Callable[..., Any], server_url: str) -> None:
    patient = someone()
    page = patient.page.context.browser.new_context(java_script_enabled=False).new_page()
    page.goto(server_url)
    expect(page.locator("noscript section")).to_be_visible()
    assert "Call your emergency number now" in page.locator("noscript section").inner_text()
    page.context.close()
