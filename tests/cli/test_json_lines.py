"""`sciatriage extract`, `assess` and `chat` as the contract has them, run as the commands they are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).parent / "sciatriage"


def run(arguments: list[str], text: str) -> list[dict[str, Any]]:
    done = subprocess.run([COMMAND, *arguments], input=text, capture_output=True, text=True, timeout=60, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def lines(*rows: Any) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_extract_gives_findings_with_the_words_they_came_from() -> None:
    text = "Since Tuesday I can\u2019t feel when I wipe \U0001f622 and my mum had cancer"
    (heard,) = run(["extract"], lines({"id": "m1", "text": text}))
    assert heard["id"] == "m1"
    found = {finding["id"]: finding for finding in heard["findings"]}
    assert found["saddle_numbness"]["status"] == "present"
    for finding in heard["findings"]:
        assert text[finding["start"] : finding["end"]] == finding["text"]
        assert 0 <= finding["confidence"] <= 1
        assert finding["by"]
    assert found.get("cancer_history", {"status": "other_person"})["status"] == "other_person"
    assert set(heard) == {"id", "findings", "values", "unheard"}


def test_a_line_that_cannot_be_read_is_answered_and_the_rest_go_on() -> None:
    text = lines({"id": "a", "text": "my calf cramps"}) + "{not json\n" + lines({"id": "c"}, {"id": "d", "text": ""})
    heard = run(["extract"], text)
    assert [one.get("id") for one in heard] == ["a", None, "c", "d"]
    assert heard[1]["line"] == 2
    assert "error" in heard[1]
    assert heard[2]["error"] == "'text' must be a string"
    assert heard[3]["findings"] == []


def test_assess_answers_as_the_contract_says() -> None:
    case = {"id": "c1", "findings": {"calf_cramp": "present", "foot_drop": "uncertain"}}
    case["values"] = {"age": 54, "duration_days": 3, "side": "left"}  # type: ignore[assignment]
    (opinion,) = run(["assess"], lines(case))
    assert opinion["disposition"] == "see_clinician_soon"
    assert opinion["complete"] is False
    (flag,) = opinion["red_flags"]
    assert flag["findings"] == ["foot_drop"]
    assert flag["level"] == "see_clinician_soon"
    assert flag["sources"]
    assert opinion["next_question"]["findings"] == ["foot_drop"]
    assert opinion["next_question"]["kind"] == "yes_no"
    assert sum(one["score"] for one in opinion["differential"]) > 0.99
    for one in opinion["differential"]:
        assert {"condition", "score", "for", "against", "not_asked"} <= set(one)
    for advice in opinion["advice"]:
        assert advice["sources"]
    assert opinion["knowledge_version"]
    assert opinion["trace"] == [flag["id"]]


def test_assess_without_the_question_leaves_it_out() -> None:
    (opinion,) = run(["assess", "--no-question"], lines({"id": 1, "findings": {"calf_cramp": "present"}}))
    assert "next_question" not in opinion


def test_assess_tells_what_it_cannot_take() -> None:
    told = run(
        ["assess", "--no-question"],
        lines(
            {"id": 1, "findings": {"calf_cramps": "present"}},
            {"id": 2, "findings": {"calf_cramp": "perhaps"}},
            {"id": 3, "findings": {}, "values": {"age": "old"}},
            {"id": 4, "findings": {"foot_drop": {"status": "uncertain", "asked_again": True}}},
            [1],
        ),
    )
    assert ["error" in one for one in told] == [True, True, True, False, True]
    assert told[3]["disposition"] == "see_clinician_soon"


def chat(region: str, *said: str) -> str:
    """What the terminal shows of this conversation."""
    done = subprocess.run(
        [COMMAND, "chat", "--region", region],
        input="\n".join([*said, "quit"]) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def test_chat_holds_a_whole_triage() -> None:
    said = ["my left calf cramps at night since 2 days, I am 40", "ok", *["none of these"] * 14, "4", "none of these"]
    shown = chat("gb", *said, "Yes, all correct", "none of these", "Yes, all correct")
    assert "Call 999" in shown
    assert "What to watch for:" in shown


def test_chat_says_emergency_at_once() -> None:
    shown = chat("us", "I can't feel when I wipe and can't pee")
    assert "GET EMERGENCY HELP NOW" in shown
    assert "911" in shown
