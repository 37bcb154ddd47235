"""Plays whole patients over REST, answering in words, and tells where they end beside where they should.

A patient is a line of patients.jsonl: opening, facts (finding or value: true, "unsure", number or word; what is missing
is not so), expected_disposition, minimum_safe and maximum_reasonable.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

Json = Mapping[str, Any]
Say = Callable[[str, str], list[dict[str, Any]]]

LADDER = ("out_of_scope", "self_care", "see_clinician_soon", "urgent_same_day", "emergency_now")
TURNS = 40
WORDS = {
    True: ("yes", "yeah", "yes I do", "yep", "I do, yes", "sadly yes", "that's right"),
    False: ("no", "nope", "no I don't", "not at all", "nah", "no, nothing like it", "not that I've noticed"),
    "unsure": ("I'm not sure", "maybe", "hard to say", "dunno", "I think so but I'm not sure"),
}
NONE = ("none of these", "none", "no, none of them", "nope, none")
ORDINARY = {"age": 45, "duration_days": 3, "side": "left", "pain_score": 4}


@dataclass(frozen=True)
class Played:
    """How one patient's talk went. `reached` is None where it came to no end."""

    patient: Json
    reached: str | None
    top: str | None
    asked: int
    said: tuple[tuple[str, str], ...]
    silent: bool = False

    @property
    def level(self) -> int:
        """The urgency reached; -1 for none."""
        return LADDER.index(self.reached) if self.reached else -1

    @property
    def exact(self) -> bool:
        """Just what was expected."""
        return self.reached == self.patient["expected_disposition"]

    @property
    def unsafe(self) -> bool:
        """Less urgent than is safe. Care at home for what isn't ours to assess is no danger."""
        low = self.patient.get("minimum_safe", self.patient["expected_disposition"])
        return self.level < LADDER.index(low) and not (low == "out_of_scope" and self.reached == "self_care")

    @property
    def over(self) -> bool:
        """More urgent than is reasonable."""
        expected = self.patient["expected_disposition"]
        return expected != "out_of_scope" and self.level > LADDER.index(
            self.patient.get("maximum_reasonable", expected)
        )

    def transcript(self) -> str:
        """The talk as text."""
        return "\n".join(f"  {who}: {text}" for who, text in self.said)


def read_patients() -> list[dict[str, Any]]:
    """All patients of this folder."""
    lines = (Path(__file__).parent / "patients.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def play(patient: Json, say: Say, seed: int = 1) -> Played:
    """One whole talk, to a final result, an emergency, silence, or the bound of turns."""
    dice = random.Random(f"{seed}:{patient['id']}")
    sender, message = f"patient-{uuid.uuid4().hex[:10]}", patient["opening"]
    said: list[tuple[str, str]] = []
    asked = 0
    for _ in range(TURNS):
        said.append(("person", message))
        items = say(sender, message)
        said += [("bot", item.get("text") or "") for item in items]
        customs = [item.get("custom") or {} for item in items]
        for custom in customs:
            final = custom.get("final") or custom.get("disposition") == "emergency_now"
            if custom.get("type") == "assessment" and final:
                top = custom["differential"][0]["condition"] if custom["differential"] else None
                return Played(patient, custom["disposition"], top, asked, tuple(said))
        if not items:
            return Played(patient, None, None, asked, tuple(said), silent=True)
        question = next((custom for custom in reversed(customs) if custom.get("type") == "question"), None)
        asked += question is not None and question["purpose"] == "clinical"
        message = answer(question, patient["facts"], dice) if question else "ok"
    return Played(patient, None, None, asked, tuple(said))


def answer(question: Json, facts: Json, dice: random.Random) -> str:
    """What this patient says to this question."""
    options = question["options"]
    if question["purpose"] != "clinical":
        plain = [option["label"] for option in options if option["value"] == "continue"]
        return plain[0] if plain else dice.choice(WORDS[True])
    if question["kind"] == "yes_no":
        return dice.choice(WORDS[facts.get(question["findings"][0], False)])
    if question["kind"] == "checklist":
        named = [option for option in options if option["finding"]]
        ticked = [option["label"] for option in named if facts.get(option["finding"]) is True]
        unsure = [option["label"] for option in named if facts.get(option["finding"]) == "unsure"]
        said = [*ticked, *(f"I'm not sure about this one: {label}" for label in unsure)]
        return "; ".join(said) if said else dice.choice(NONE)
    told = {**ORDINARY, **facts}[question["value"]]
    if question["kind"] == "duration":
        return in_words(float(told))
    if question["kind"] == "choice":
        return next((option["label"] for option in options if str(option["value"]) == str(told)), str(told))
    return str(told)


def in_words(days: float) -> str:
    """Days as people say them."""
    if days < 1:
        return f"about {max(1, round(days * 24))} hours"
    if days < 60:
        return "1 day" if round(days) == 1 else f"{round(days)} days"
    return f"{round(days / 30)} months" if days < 700 else f"{round(days / 365)} years"


def figures(played: Iterable[Played]) -> str:
    """The figures of a run, a line each."""
    talks = list(played)
    tops = [talk for talk in talks if talk.patient.get("expected_differential_top")]
    right = [
        talk
        for talk in tops
        if talk.top in (talk.patient["expected_differential_top"], *talk.patient.get("also_acceptable_top", ()))
    ]
    lines = [
        f"{name} {count / len(talks):.3f} ({count} of {len(talks)})"
        for name, count in (
            ("exact", sum(talk.exact for talk in talks)),
            ("unsafe", sum(talk.unsafe for talk in talks)),
            ("over", sum(talk.over for talk in talks)),
            ("unfinished", sum(talk.reached is None for talk in talks)),
        )
    ]
    lines.append(f"likeliest condition as expected {len(right)} of {len(tops)}")
    lines.append(f"questions median {median(talk.asked for talk in talks)}, max {max(talk.asked for talk in talks)}")
    return "\n".join(lines)
