"""Every kind of item the server may send: how it is shown, and what an answer sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

SOURCES = [{"title": "A guideline", "url": "https://example.org/guideline"}, "An article"]
BLADDER, SADDLE = "Can't pee", "Numb where you wipe"


def option(label: str, number: int, finding: str | None = None, value: Any = None) -> dict[str, Any]:
    return {"label": label, "payload": f"~7.{number}", "finding": finding, "value": value}


def asked(kind: str, *options: dict[str, Any], text: str = "Do you have this?", **custom: Any) -> list[dict[str, Any]]:
    buttons = [{"title": one["label"], "payload": one["payload"]} for one in options]
    question = {
        "type": "question",
        "id": "q",
        "kind": kind,
        "purpose": "clinical",
        "findings": [],
        "value": None,
        "options": list(options),
        "unticked_means_no": True,
        "progress": {"asked": 4, "at_most": 12},
        "why": "It tells me how soon.",
        "sources": SOURCES,
        **custom,
    }
    return [{"recipient_id": "x", "text": text, "buttons": buttons, "custom": question}]


def told(kind: str, text: str, **custom: Any) -> list[dict[str, Any]]:
    return [{"recipient_id": "x", "text": text, "buttons": [], "custom": {"type": kind, **custom}}]


CHECKLIST = asked(
    "checklist",
    option(BLADDER, 1, "bladder_retention"),
    option(SADDLE, 2, "saddle_numbness"),
    option("None of these", 3, value="none"),
)
YES_NO = asked(
    "yes_no", option("Yes", 1, "fever", True), option("No", 2, "fever", False), option("Not sure", 3, "fever")
)


def test_one_tap_sends_the_payload_and_shows_the_label(patient: Any, served: Callable[..., None]) -> None:
    served(patient, YES_NO, told("information", "Thank you."))
    patient.start()
    patient.question.get_by_role("button", name="No", exact=True).click()
    patient.settle()
    assert patient.sent[-1] == "~7.2"
    expect(patient.page.locator(".bubble--person").last).to_contain_text("No")
    expect(patient.page.locator(".bubble--person").last).not_to_contain_text("~")
    expect(patient.page.locator("fieldset").last).to_have_attribute("disabled", "")
    expect(patient.page.locator(".question .options .button").first).to_be_hidden()


def test_a_checklist_is_a_fieldset_of_checkboxes_and_sends_labels(patient: Any, served: Callable[..., None]) -> None:
    served(patient, CHECKLIST)
    patient.start()
    group = patient.page.get_by_role("group", name="Do you have this?")
    expect(group.get_by_role("checkbox")).to_have_count(3)
    expect(group.get_by_text("Leaving a box empty means no.")).to_be_visible()
    group.get_by_role("checkbox", name=BLADDER).check()
    group.get_by_role("checkbox", name=SADDLE).check()
    group.get_by_role("button", name="Send").click()
    patient.settle()
    assert patient.sent[-1] == f"{BLADDER}; {SADDLE}"


def test_none_of_these_stands_alone(patient: Any, served: Callable[..., None]) -> None:
    served(patient, CHECKLIST)
    patient.start()
    boxes = patient.question.get_by_role("checkbox")
    none = patient.question.get_by_role("checkbox", name="None of these")
    boxes.first.check()
    none.check()
    expect(boxes.first).not_to_be_checked()
    boxes.first.check()
    expect(none).not_to_be_checked()
    none.check()
    patient.question.get_by_role("button", name="Send").click()
    patient.settle()
    assert patient.sent[-1] == "None of these"


def test_not_sure_is_said_for_one_row(patient: Any, served: Callable[..., None]) -> None:
    served(patient, CHECKLIST)
    patient.start()
    patient.question.get_by_role("checkbox", name=BLADDER).check()
    unsure = patient.question.get_by_role("button", name=f"Not sure about: {SADDLE}")
    patient.question.get_by_role("checkbox", name=SADDLE).check()
    unsure.click()
    expect(patient.question.get_by_role("checkbox", name=SADDLE)).not_to_be_checked()
    expect(unsure).to_have_attribute("aria-pressed", "true")
    patient.question.get_by_role("button", name="Send").click()
    patient.settle()
    assert patient.sent[-1] == f"{BLADDER}; I'm not sure about this one: {SADDLE}"


def test_an_empty_checklist_is_not_an_answer(patient: Any, served: Callable[..., None]) -> None:
    served(patient, CHECKLIST)
    patient.start()
    patient.question.get_by_role("button", name="Send").click()
    expect(patient.question.locator(".error")).to_have_text("Tick what fits, or tick “None of these”.")
    assert len(patient.sent) == 1


@pytest.mark.parametrize(("typed", "sent"), [("45", "45"), ("4,5", "4.5"), ("", None), ("old", None), ("450", None)])
def test_numbers(patient: Any, served: Callable[..., None], typed: str, sent: str | None) -> None:
    served(patient, asked("number", value="age", text="How old are you?"))
    patient.start()
    patient.question.get_by_label("Age in years").fill(typed)
    patient.page.keyboard.press("Enter")
    patient.settle()
    assert patient.sent[1:] == ([sent] if sent else [])
    if not sent:
        expect(patient.question.locator(".error")).to_contain_text("from 0 to 120")


@pytest.mark.parametrize(
    ("typed", "unit", "sent"), [("3", "days", "3 days"), ("1", "weeks", "1 week"), ("1.5", "hours", "1.5 hours")]
)
def test_durations(patient: Any, served: Callable[..., None], typed: str, unit: str, sent: str) -> None:
    served(patient, asked("duration", value="duration_days", text="How long?"))
    patient.start()
    patient.question.get_by_label("How many").fill(typed)
    patient.question.locator("select").select_option(unit)
    patient.question.get_by_role("button", name="Send").click()
    patient.settle()
    assert patient.sent[-1] == sent


def test_why_and_progress_need_no_server(patient: Any, served: Callable[..., None]) -> None:
    served(patient, YES_NO)
    patient.start()
    patient.question.get_by_text("Why do you ask?").click()
    expect(patient.question.get_by_text("It tells me how soon.")).to_be_visible()
    expect(patient.question.get_by_role("link", name="A guideline")).to_have_attribute("rel", "noopener noreferrer")
    expect(patient.question.get_by_text("Question 4 of at most 12")).to_be_visible()
    assert len(patient.sent) == 1


def test_free_text_is_always_possible(patient: Any, served: Callable[..., None]) -> None:
    served(patient, CHECKLIST, YES_NO)
    patient.start()
    patient.say("none, but my foot drags")
    assert patient.sent[-1] == "none, but my foot drags"
    expect(patient.message).to_have_value("")
    expect(patient.question.locator(".question__asked")).to_be_focused()


def test_words_are_never_markup(patient: Any, served: Callable[..., None]) -> None:
    sneaky = "<img src=x onerror=alert(1)>"
    served(
        patient,
        asked(
            "yes_no",
            option(sneaky, 1),
            text=f"{sneaky}?",
            why=sneaky,
            sources=[{"title": sneaky, "url": "javascript:alert(1)"}],
        ),
    )
    patient.say(sneaky)
    expect(patient.page.locator("#log img")).to_have_count(0)
    expect(patient.page.locator("#log a")).to_have_count(0)
    expect(patient.question.get_by_role("button", name=sneaky)).to_be_visible()


FLAG = {
    "id": "r",
    "findings": ["saddle_numbness"],
    "level": "x",
    "because": "You can't feel when you wipe.",
    "sources": SOURCES,
}
CALLS = [{"label": "Call 999", "number": "999"}]
RESULT = {
    "final": True,
    "red_flags": [],
    "differential": [
        {
            "condition": "ordinary_cramp",
            "name": "Ordinary cramp",
            "score": 0.4,
            "words": "A tired muscle.",
            "for": ["exertion_overuse"],
            "against": ["tingling"],
            "not_asked": [],
        }
    ],
    "advice": [{"id": "cold", "title": "Cold", "text": "Cool it for 15 minutes.", "sources": SOURCES}],
    "withheld_advice": [{"id": "ibuprofen", "because": "You take a blood thinner."}],
    "safety_net": "I may be wrong.\nIf you are worried, don't wait.",
    "case_id": "c1",
    "knowledge_version": "k1",
}


@pytest.mark.parametrize(
    ("disposition", "urgency", "spoken"),
    [
        ("emergency_now", "emergency", "Emergency advice:"),
        ("urgent_same_day", "urgent", "Urgent advice:"),
        ("see_clinician_soon", "soon", "Non-urgent advice:"),
        ("self_care", "home", "Self-care advice:"),
        ("out_of_scope", "none", "Advice:"),
    ],
)
def test_a_result_is_a_care_card_of_its_level(
    patient: Any, served: Callable[..., None], disposition: str, urgency: str, spoken: str
) -> None:
    served(
        patient,
        told(
            "assessment",
            "Do this.\nI may be wrong.",
            **{**RESULT, "disposition": disposition, "red_flags": [FLAG], "calls": CALLS},
        ),
    )
    patient.start()
    card = patient.page.locator(f"article.card--{urgency}")
    expect(card.get_by_role("heading", level=2)).to_contain_text(spoken)
    expect(card.get_by_role("alert")).to_have_count(1 if urgency == "emergency" else 0)
    expect(card.get_by_role("link", name="Call 999")).to_have_attribute("href", "tel:999")
    if urgency in ("emergency", "urgent"):
        expect(card.get_by_text("Ordinary cramp")).to_be_hidden()
        card.get_by_text("What it may be", exact=True).click()
    for words in [
        "Do this.",
        "You can't feel when you wipe.",
        "Ordinary cramp",
        "exertion overuse",
        "tingling",
        "Cool it for 15 minutes.",
        "You take a blood thinner.",
        "If you are worried, don't wait.",
    ]:
        expect(card.get_by_text(words).first).to_be_visible()
    expect(card.get_by_text("I may be wrong.")).to_have_count(1)
    expect(card.get_by_text("A guideline").first).to_be_hidden()


def day_item(id_: str, title: str, how_often: str = "", stop_if: str = "") -> dict[str, Any]:
    text = f"How {title.lower()} is done."
    return {"id": id_, "title": title, "text": text, "how_often": how_often, "stop_if": stop_if, "sources": []}


WALK, COLD = day_item("walk", "Walk", "3 times a day"), day_item("cold", "Cold", "10 minutes", "Stop if it burns.")
WARM = day_item("warm", "Warmth <b>now</b>")
WEEK = {
    "title": "Your plan for the week",
    "intro": "Do what does you good.",
    "days": [
        {"from": 1, "to": 3, "heading": "Today to day 3", "items": [WALK, COLD]},
        {"from": 4, "to": 7, "heading": "Days 4 to 7", "items": [WALK, WARM]},
    ],
    "stop_title": "Stop, and get help, if:",
    "stop_rules": [{"id": "worse", "text": "It gets worse.", "level": "see_clinician_soon", "sources": SOURCES}],
    "check_in": "Each evening, ask yourself.",
    "withheld": [{"id": "heat", "title": "A bath", "because": "Your skin is numb."}],
}


def test_the_week_is_folded_and_shows_each_item_on_its_days(patient: Any, served: Callable[..., None]) -> None:
    advice = [{**one, "kind": "self_care"} for one in (WALK, COLD)]
    served(
        patient,
        told("assessment", "Do this.", **{**RESULT, "disposition": "self_care", "advice": advice, "week": WEEK}),
    )
    patient.start()
    fold = patient.card.locator("details", has_text="Do what does you good.")
    expect(fold.get_by_text("Each evening, ask yourself.")).to_be_hidden()
    patient.card.get_by_text("Your plan for the week", exact=True).first.click()
    expect(fold.get_by_text("Each evening, ask yourself.")).to_be_visible()
    headings = fold.get_by_role("heading").all_inner_texts()
    assert headings == ["Every day", "Today to day 3", "Days 4 to 7", "Stop, and get help, if:"]
    assert fold.get_by_role("listitem").all_inner_texts() == [
        "Walk: 3 times a day.",
        "Cold: 10 minutes. Stop if it burns.",
        "Warmth <b>now</b>: How warmth <b>now</b> is done.",
        "It gets worse.",
    ]
    expect(patient.card.get_by_text("A bath")).to_be_visible()


def test_a_result_without_a_week_has_no_such_fold(patient: Any, served: Callable[..., None]) -> None:
    served(patient, told("assessment", "Do this.", **{**RESULT, "disposition": "urgent_same_day", "week": None}))
    patient.start()
    expect(patient.card.get_by_text("Cool it for 15 minutes.")).to_be_visible()
    expect(patient.card.get_by_text("Every day")).to_have_count(0)
    expect(patient.card.get_by_text("You take a blood thinner.")).to_be_visible()


def test_an_emergency_without_numbers_lists_them_by_country(patient: Any, served: Callable[..., None]) -> None:
    served(patient, told("assessment", "Go now.", **{**RESULT, "disposition": "emergency_now"}))
    patient.start()
    alert = patient.page.get_by_role("alert")
    for number in ["999", "112", "911", "000", "111"]:
        expect(alert.locator(f"a[href='tel:{number}']")).to_be_visible()


def test_what_i_understood_is_shown_by_status(patient: Any, served: Callable[..., None]) -> None:
    understood = [
        {"id": "fever", "name": "Fever", "status": "absent", "words": "no fever"},
        {"id": "numbness", "name": "Numbness", "status": "uncertain", "words": "maybe"},
        {"id": "low_back_pain", "name": "Low back pain", "status": "present", "words": "back hurts"},
    ]
    served(patient, asked("yes_no", option("Yes", 1), understood=understood))
    patient.start()
    panel = patient.page.locator("#understood")
    panel.get_by_text("What I understood").click()
    assert panel.get_by_role("heading").all_inner_texts() == ["You have", "You don’t have", "Not sure"]
    expect(panel.get_by_text("back hurts")).to_be_visible()


def test_a_crisis_is_an_alert_and_the_talk_stays_open(patient: Any, served: Callable[..., None]) -> None:
    served(patient, told("crisis", "You don't have to be alone.", calls=[{"label": "Samaritans", "number": "116 123"}]))
    patient.start()
    alert = patient.page.get_by_role("alert")
    expect(alert).to_contain_text("You don't have to be alone.")
    expect(alert.get_by_role("link", name="Samaritans: 116 123")).to_have_attribute("href", "tel:116123")
    expect(patient.message).to_be_editable()


def test_a_fail_safe_offers_the_same_message_again(patient: Any, served: Callable[..., None]) -> None:
    served(patient, told("fail_safe", "Something went wrong on my side."), YES_NO)
    patient.say("My back hurts")
    expect(patient.page.get_by_role("alert")).to_contain_text("Something went wrong on my side.")
    patient.page.get_by_role("button", name="Try again").click()
    patient.settle()
    assert patient.sent == ["My back hurts", "My back hurts"]


@pytest.mark.parametrize("kind", ["information", "clarification", "summary", "safety_net", "handoff", "something_new"])
def test_everything_else_is_shown_with_its_buttons(patient: Any, served: Callable[..., None], kind: str) -> None:
    item = {**told(kind, "Some words.")[0], "buttons": [{"title": "Go on", "payload": "~8.1"}]}
    served(patient, [item])
    patient.start()
    expect(patient.page.locator("#log").get_by_text("Some words.")).to_be_visible()
    patient.page.get_by_role("button", name="Go on").click()
    patient.settle()
    assert patient.sent[-1] == "~8.1"


def test_a_result_prints_without_the_controls(patient: Any, served: Callable[..., None]) -> None:
    served(patient, told("assessment", "Do this.", **{**RESULT, "disposition": "self_care"}))
    patient.start()
    patient.page.emulate_media(media="print")
    expect(patient.card.get_by_text("Cool it for 15 minutes.")).to_be_visible()
    for control in ["#composer", "#start-again", ".card__end .button"]:
        expect(patient.page.locator(control)).to_be_hidden()
