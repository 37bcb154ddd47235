"""The page on a narrow phone, zoomed in, in the dark, without motion; sizes to touch, contrast to read; headers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

# The contrast of every text on the page against what lies behind it, where it is less than WCAG asks for.
TOO_FAINT = """() => {
  const numbers = (color) => { const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number); return { r, g, b, a }; };
  const over = (top, under) => ({ r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a),
    b: top.b * top.a + under.b * (1 - top.a), a: 1 });
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ({ r, g, b }) => [r, g, b].map((v) => linear(v / 255))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.push(numbers(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, top) => over(top, under), { r: 255, g: 255, b: 255, a: 1 });
  };
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    const words = walk.currentNode.data.trim();
    if (!words || !node.checkVisibility({ visibilityProperty: true })) continue;
    if (node.closest(".hidden, .skip, option, script")) continue;
    const style = getComputedStyle(node);
    const ground = behind(node);
    const [a, b] = [light(over(numbers(style.color), ground)), light(ground)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.push(`${words}: ${ratio.toFixed(2)}`);
  }
  return faint;
}"""

# What can be pressed and is smaller than 44 by 44 (links inside a sentence or a list of sources may be).
TOO_SMALL = """() => [...document.querySelectorAll(
    "button, a.call, summary, .tick__label, input:not([type=checkbox]), select, textarea")]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }))
  .map((node) => [node.textContent.trim() || node.id, node.getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
  .map(([name, box]) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


def item(text: str, **custom: Any) -> list[dict[str, Any]]:
    return [{"recipient_id": "x", "text": text, "buttons": [], "custom": custom}]


def result(disposition: str) -> list[dict[str, Any]]:
    return item(
        "Do this today.",
        type="assessment",
        disposition=disposition,
        final=False,
        calls=[{"label": "Call 999", "number": "999"}],
        red_flags=[{"id": "r", "because": "Your foot drags.", "sources": ["An article"]}],
        differential=[{"condition": "other", "for": ["tingling"], "against": ["fever"]}],
        advice=[{"id": "a", "title": "Move", "text": "Walk a little.", "sources": ["An article"]}],
        week={
            "title": "Your week",
            "intro": "Do what helps.",
            "days": [
                {"from": 1, "to": 7, "heading": "Every day", "items": [{"id": "b", "title": "Cold", "text": "Cool."}]}
            ],
            "stop_title": "Stop if:",
            "stop_rules": [{"id": "worse", "text": "It gets worse."}],
            "check_in": "Ask yourself each evening.",
        },
        withheld_advice=[{"id": "heat", "because": "Your skin is numb."}],
        safety_net="I may be wrong.",
        case_id="c1",
    )


CHECKS = item(
    "Some words first.\nDo you have any of these?",
    type="question",
    kind="checklist",
    why="Because.",
    sources=["An article"],
    progress={"asked": 4, "at_most": 12},
    understood=[{"id": "fever", "name": "Fever", "status": "absent", "words": "no fever"}],
    options=[
        {"label": "Pain, tingling or weakness in both legs", "payload": "~1.1", "finding": "bilateral_leg_symptoms"},
        {"label": "Numbness around your bottom, or where you wipe", "payload": "~1.2", "finding": "saddle_numbness"},
        {"label": "None of these", "payload": "~1.3", "finding": None, "value": "none"},
    ],
)
TALK = [
    CHECKS,
    result("emergency_now"),
    item("You are not alone.", type="crisis", calls=[{"label": "Line", "number": "116 123"}]),
    result("urgent_same_day"),
    result("see_clinician_soon"),
    result("self_care"),
    result("out_of_scope"),
    item("It broke.", type="fail_safe"),
    CHECKS,
]


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everything_can_be_read_and_touched(
    someone: Callable[..., Any], served: Callable[..., None], colours: str
) -> None:
    patient = someone(color_scheme=colours, viewport={"width": 320, "height": 640})
    served(patient, *TALK)
    assert patient.page.evaluate(TOO_FAINT) == []
    for number in range(len(TALK)):
        patient.say(f"number {number}")
        patient.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert patient.page.evaluate(TOO_FAINT) == []
        assert patient.page.evaluate(TOO_SMALL) == []
        assert patient.wide() <= 0


def test_a_phone_of_320_pixels_never_scrolls_sideways(someone: Callable[..., Any]) -> None:
    patient = someone(viewport={"width": 320, "height": 568}).start()
    widths: list[int] = []
    patient.answer_all(each=lambda: widths.append(patient.wide()))
    assert max([*widths, patient.wide()]) <= 0


def test_four_times_zoom_hides_nothing(someone: Callable[..., Any]) -> None:
    patient = someone("keyboard", viewport={"width": 320, "height": 256}).start()
    patient.answer()
    assert patient.wide() <= 0
    patient.reach(patient.message)
    expect(patient.message).to_be_in_viewport(ratio=0.9)
    assert patient.page.evaluate("getComputedStyle(document.getElementById('dock')).position") == "static"


def test_what_has_the_focus_is_not_under_the_dock(someone: Callable[..., Any], served: Callable[..., None]) -> None:
    patient = someone("keyboard", viewport={"width": 320, "height": 520})
    served(patient, CHECKS)
    patient.start()
    for box in patient.question.get_by_role("checkbox").all():
        patient.reach(box)
        bottom = box.evaluate("node => node.getBoundingClientRect().bottom")
        assert bottom <= patient.page.locator("#dock").evaluate("node => node.getBoundingClientRect().top")


def test_the_dark_page_is_dark(someone: Callable[..., Any], tmp_path: Path) -> None:
    patient = someone(color_scheme="dark").start()
    picture = tmp_path / "dark.png"
    patient.page.screenshot(path=str(picture))
    assert picture.stat().st_size > 5_000
    red, green, blue = patient.page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    )
    assert max(red, green, blue) < 60


def test_who_wants_no_motion_gets_none(patient: Any) -> None:
    patient.start()
    assert patient.page.evaluate("document.getAnimations().length") == 0
    assert patient.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_forced_colours_keep_the_edges(someone: Callable[..., Any], served: Callable[..., None]) -> None:
    patient = someone(forced_colors="active")
    served(patient, result("emergency_now"))
    patient.start()
    assert patient.card.evaluate("node => getComputedStyle(node).borderTopStyle") == "solid"


def test_the_log_is_one_and_stays(patient: Any) -> None:
    log = patient.page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    before = log.element_handle()
    patient.start()
    assert before.evaluate("node => node.isConnected")
    assert patient.page.evaluate("document.documentElement.lang") == "en"


def test_the_server_sends_the_page_under_a_strict_policy(patient: Any) -> None:
    answer = patient.page.goto(patient.home)
    policy = answer.headers["content-security-policy"]
    for rule in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"]:
        assert rule in policy
    assert "unsafe" not in policy
    assert answer.headers["content-type"].startswith("text/html")
