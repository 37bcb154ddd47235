"""A browser, a page that is watched while it is used, and a patient who answers whatever comes, by mouse or keyboard.

`server_url` (tests/conftest.py) is the address of a running server. The browser is closed after each file: Playwright's
loop must not be running when another file's asynchronous tests begin.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Route, expect, sync_playwright

CHROMIUM = Path(os.environ.get("SCIATRIAGE_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WEBHOOK = "**/webhooks/rest/webhook"
# Where a control stands from what has the focus, and the ring around what has it.
WHERE = """(control) => {
  const focused = document.activeElement;
  if (control === focused) return "here";
  return control.compareDocumentPosition(focused) & Node.DOCUMENT_POSITION_FOLLOWING ? "before" : "after";
}"""
RING = """() => {
  const focused = document.activeElement;
  return focused === document.body ? "not on a stop" : getComputedStyle(focused).outlineStyle;
}"""
TROUBLE = "My lower back hurts and my left leg tingles"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"no browser at {CHROMIUM}: install Debian's chromium, or name one in SCIATRIAGE_CHROMIUM")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


class Watched:
    """What the page did while it was used: requests to elsewhere, complaints on the console."""

    def __init__(self, page: Page, home: str) -> None:
        self.strangers: list[str] = []
        self.complaints: list[str] = []
        self.broken_on_purpose = False
        self.home = home
        page.on("request", self._request)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._console)

    def _console(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:")):
            self.strangers.append(request.url)

    def check(self) -> None:
        expected = "Failed to load resource" if self.broken_on_purpose else "nothing at all"
        assert self.strangers == [], "requests that left the origin"
        assert [said for said in self.complaints if expected not in said] == [], "complaints on the console"


class Patient:
    """Somebody at the page. `hands` is "mouse" or "keyboard"."""

    def __init__(self, page: Page, home: str, hands: str = "mouse") -> None:
        self.page = page
        self.home = home
        self.hands = hands
        self.watched = Watched(page, home)
        self.sent: list[str] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.method == "POST" and request.post_data:
            self.sent.append(json.loads(request.post_data)["message"])

    # what there is to see

    @property
    def turns(self) -> Locator:
        return self.page.locator("#log > .turn")

    @property
    def question(self) -> Locator:
        return self.page.locator("form.question:not(.question--answered)").last

    @property
    def card(self) -> Locator:
        return self.page.locator("article.card").last

    @property
    def message(self) -> Locator:
        return self.page.locator("#message")

    def settle(self) -> None:
        self.page.locator("body:not([data-waiting])").wait_for(timeout=15_000)

    def wide(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    # what there is to do

    def open(self) -> Patient:
        self.page.goto(self.home)
        self.page.locator("#start").wait_for()
        return self

    def start(self) -> Patient:
        self.press(self.page.locator("#start"))
        self.settle()
        return self

    def say(self, words: str) -> None:
        self.write(self.message, words)
        self.page.keyboard.press("Enter")
        self.settle()

    def press(self, control: Locator) -> None:
        if self.hands == "mouse":
            control.click()
        else:
            self.reach(control)
            self.page.keyboard.press("Space" if control.get_attribute("type") == "checkbox" else "Enter")

    def write(self, field: Locator, words: str) -> None:
        if self.hands == "mouse":
            field.fill(words)
        else:
            self.reach(field)
            self.page.keyboard.type(words)

    def reach(self, control: Locator) -> None:
        """With Tab alone, and the focus plain to see at every stop."""
        for _ in range(80):
            where = control.evaluate(WHERE)
            if where == "here":
                return
            self.page.keyboard.press("Shift+Tab" if where == "before" else "Tab")
            assert self.page.evaluate(RING) != "none", "a stop of the Tab key that can't be seen"
        raise AssertionError("the Tab key does not lead there")

    def answer(self) -> None:
        """A plain answer to whatever is asked: nothing alarming, 45 years, 3 days, on we go."""
        question, kind = self.question, self.question.get_attribute("data-kind")
        buttons = question.locator(".options .button")
        onward = question.locator(".options [data-value=continue]")
        send = question.get_by_role("button", name="Send", exact=True)
        if onward.count():
            self.press(onward.first)
        elif kind == "checklist":
            self.press(question.locator(".tick--none input").first)
            self.press(send)
        elif kind == "number":
            self.write(question.locator("input"), "4" if question.get_attribute("data-asks") == "pain_score" else "45")
            self.press(send)
        elif kind == "duration":
            self.write(question.locator("input"), "3")
            self.press(send)
        elif kind == "yes_no":
            self.press(buttons.filter(has_text=re.compile(r"^No(?![a-z])")).first)
        elif kind == "choice":
            self.press(buttons.first)
        else:
            self.say(TROUBLE)
        self.settle()

    def answer_all(self, most: int = 60, each: Callable[[], Any] = lambda: None) -> None:
        """Answers until there is a result."""
        for _ in range(most):
            if self.card.count():
                return
            expect(self.question).to_have_count(1)
            self.answer()
            each()
        raise AssertionError(f"no result after {most} answers")


@pytest.fixture
def someone(browser: Browser, server_url: str) -> Iterator[Callable[..., Patient]]:
    """Makes patients, each at a browser of their own; `hands`, and anything Playwright's new_context takes."""
    patients: list[Patient] = []

    def arrive(hands: str = "mouse", **context: Any) -> Patient:
        context.setdefault("viewport", {"width": 390, "height": 844})
        context.setdefault("reduced_motion", "reduce")
        patients.append(Patient(browser.new_context(**context).new_page(), server_url.rstrip("/") + "/", hands))
        return patients[-1].open()

    yield arrive
    for patient in patients:
        patient.page.context.close()
    for patient in patients:
        patient.watched.check()


@pytest.fixture
def patient(someone: Callable[..., Patient]) -> Patient:
    return someone()


@pytest.fixture
def served() -> Callable[..., None]:
    """Puts given items in the place of the server's answers, one list a turn; the last one stays."""

    def serve(patient: Patient, *turns: list[dict[str, Any]]) -> None:
        left = list(turns)

        def fulfil(route: Route) -> None:
            route.fulfill(json=left.pop(0) if len(left) > 1 else left[0])

        patient.page.route(WEBHOOK, fulfil)

    return serve


@pytest.fixture
def broken() -> Callable[..., None]:
    """Breaks the server for this page: "dead", "silent", "error" or "late"; None mends it."""

    def breakage(patient: Patient, how: str | None) -> None:
        patient.watched.broken_on_purpose = True
        patient.page.unroute(WEBHOOK)
        ways: dict[str, Callable[[Route], None]] = {
            "dead": lambda route: route.abort(),
            "silent": lambda route: route.fulfill(json=[]),
            "error": lambda route: route.fulfill(status=503, json={"error": "loading"}),
            "late": lambda route: None,
        }
        if how:
            patient.page.route(WEBHOOK, ways[how])

    return breakage
