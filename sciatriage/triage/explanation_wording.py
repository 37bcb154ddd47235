"""Puts explanations into words and JSON. All sentences come from the knowledge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sciatriage.triage.changes import Alternative, Change, Stretch
from sciatriage.triage.consultation import Opinion
from sciatriage.triage.durations import duration
from sciatriage.triage.explanation import (
    SAID_DOWN,
    Behind,
    Carrier,
    WhatWouldChange,
    WhyAsked,
    WhyThis,
    what_would_change,
    why_this,
    worth_saying,
)
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.vocabulary import Disposition, Status

Json = dict[str, Any]
MOST_RULES, MOST_FINDINGS = 5, 4  # said in one answer, and of one rule; the JSON holds all
_IN_DAYS = ("duration_days", "newest_days")
_LEVELS = {
    Disposition.SELF_CARE: "level_self_care",
    Disposition.SEE_CLINICIAN_SOON: "level_see_clinician_soon",
    Disposition.URGENT_SAME_DAY: "level_urgent_same_day",
    Disposition.EMERGENCY_NOW: "level_emergency_now",
}


def explanation_json(opinion: Opinion, knowledge: Knowledge) -> Json:
    """Why this result, and the few changes worth saying. Where another route led to it, no change is given."""
    why = why_this(opinion, knowledge)
    change = what_would_change(opinion.case, knowledge)
    same = change.level is opinion.disposition
    return {
        "why": _why_json(why, knowledge),
        "raises": [_raise_json(one, knowledge) for one in worth_saying(change.raises, knowledge) if same],
        "lowers": [_lower_json(one, change, knowledge) for one in change.lowers[:SAID_DOWN] if same],
    }


# Why do you ask?


def why_asked_text(why: WhyAsked, knowledge: Knowledge) -> str:
    """Why the question matters, and what a yes could mean where that is more than now."""
    words = knowledge.phrases
    said = [why.why or words["again_why"]]
    level = why.at_once or why.with_more
    if level is not None and level.urgency > Disposition.SELF_CARE.urgency:
        phrase = words["stake_yes" if why.at_once else "stake_with_more"]
        said.append(phrase.format(level=words[_LEVELS[level]]))
    return " ".join(said)


# Why this result?


def why_this_text(opinion: Opinion, knowledge: Knowledge) -> str:
    """The rules that carry the result, each with what the person said, why it matters, and its sources."""
    why, words = why_this(opinion, knowledge), knowledge.phrases
    title = words["why_result"].format(heading=knowledge.dispositions[why.disposition].heading)
    if not why.carriers:
        return f"{title}\n{_nothing_carries(why, knowledge)}"
    return _listed(title, [_carrier_text(one, knowledge) for one in why.carriers[:MOST_RULES]])


def _carrier_text(carrier: Carrier, knowledge: Knowledge) -> str:
    words = knowledge.phrases
    because = words["why_prefix"].format(why=carrier.because, sources=_short(carrier.sources))
    return " ".join([*_holds_up(carrier, knowledge), because])


def _holds_up(carrier: Carrier, knowledge: Knowledge) -> Iterator[str]:
    """The person's own answers behind a rule, as sentences."""
    words = knowledge.phrases
    kinds: dict[str, list[Behind]] = {"why_told": [], "why_not_sure": [], "why_not_asked": []}
    for one in carrier.findings:
        unsure = "why_not_sure" if one.asked else "why_not_asked"
        kinds[unsure if one.status is Status.UNCERTAIN else "why_told"].append(one)
    for phrase, findings in kinds.items():
        if findings:
            names = [_in_their_words(one, knowledge) for one in findings[:MOST_FINDINGS]]
            yield words[phrase].format(findings=_and(names))
    for value, told in carrier.values:
        if told is None:
            yield words["why_value_unknown"].format(value=words[f"value_what_{value}"])
        else:
            yield words[f"value_{value}"].format(value=_shown(value, told)) + "."


def _in_their_words(behind: Behind, knowledge: Knowledge) -> str:
    if not behind.words:
        return behind.name
    return knowledge.phrases["why_in_your_words"].format(finding=behind.name, words=behind.words)


def _nothing_carries(why: WhyThis, knowledge: Knowledge) -> str:
    """Self-care: the danger signs that were answered no. Out of scope: that nothing in scope was told."""
    words = knowledge.phrases
    said = []
    if why.disposition is Disposition.OUT_OF_SCOPE:
        said.append(words["why_out_of_scope"])
    if why.ruled_out:
        said.append(words["why_said_no"].format(count=len(why.ruled_out)))
        # A list that somebody adds needs no name here: it is left out until it has one.
        groups = [words[f"asked_about_{id_}"] for id_ in why.groups if f"asked_about_{id_}" in words]
        said += [_listed(words["why_asked_about"], groups)] if groups else []
    said.append(words["why_none_holds"])
    return "\n".join(said)


def _why_json(why: WhyThis, knowledge: Knowledge) -> list[Json]:
    if not why.carriers:
        return [
            {
                "rule": None,
                "level": why.disposition.value,
                "findings": [],
                "values": [],
                "ruled_out": list(why.ruled_out),
                "because": _nothing_carries(why, knowledge),
                "sources": list(why.sources),
                "text": _nothing_carries(why, knowledge),
            }
        ]
    return [
        {
            "rule": one.rule,
            "level": one.level.value,
            "findings": [
                {"id": it.finding, "name": it.name, "status": it.status.value, "words": it.words} for it in one.findings
            ],
            "values": [{"id": value, "value": told} for value, told in one.values],
            "because": one.because,
            "sources": list(one.sources),
            "text": " ".join([*_holds_up(one, knowledge), one.because]),
        }
        for one in why.carriers
    ]


# What would change it?


def change_text(opinion: Opinion, knowledge: Knowledge) -> str:
    """What would make the result more urgent, then what would make it less; in an emergency, to get help first."""
    change, words = what_would_change(opinion.case, knowledge), knowledge.phrases
    if not change.offered or change.level is not opinion.disposition:
        return _rests_on(opinion, knowledge)
    said = [raises_text(change, knowledge)]
    lowers = [_down_text(one, number, knowledge) for number, one in enumerate(change.lowers[:SAID_DOWN])]
    if lowers:
        said.append(" ".join(lowers) if all("\n" not in one for one in lowers) else "\n".join(lowers))
        said.append(words["change_down_warning"])
    elif change.level.urgency > Disposition.SELF_CARE.urgency:
        said.append(words["change_down_none"])
    return "\n".join(filter(None, said))


def raises_text(change: WhatWouldChange, knowledge: Knowledge) -> str:
    """The few changes up that are worth saying; empty where there are none."""
    raises = [_up_text(one, knowledge) for one in worth_saying(change.raises, knowledge)]
    return _listed(knowledge.phrases["change_up_title"], raises) if raises else ""


def _rests_on(opinion: Opinion, knowledge: Knowledge) -> str:
    """An emergency's answer: what makes it one, and no way round it."""
    words = knowledge.phrases
    names = dict.fromkeys(one.name for carrier in why_this(opinion, knowledge).carriers for one in carrier.findings)
    rests = [words["change_emergency_rests"].format(findings=_and(list(names)))] if names else []
    return " ".join([words["change_emergency"], *rests])


def _up_text(alternative: Alternative, knowledge: Knowledge) -> str:
    words = knowledge.phrases
    changes = _and([_clause(one, knowledge) for one in alternative.changes])
    return words["change_up"].format(changes=changes, level=words[_LEVELS[alternative.level]])


def _down_text(alternative: Alternative, number: int, knowledge: Knowledge) -> str:
    """One sentence for one answer; for several a list, so that no line grows long."""
    words = knowledge.phrases
    clauses = [_clause(one, knowledge) for one in alternative.changes]
    if len(clauses) == 1:
        return words["change_down_or" if number else "change_down"].format(changes=clauses[0])
    return _listed(words["change_down_all_or" if number else "change_down_all"], clauses)


def _clause(change: Change, knowledge: Knowledge) -> str:
    words = knowledge.phrases
    if change.finding is not None:
        phrase = words["change_have" if change.status is Status.PRESENT else "change_not_have"]
        return phrase.format(finding=knowledge.findings[change.finding].name)
    assert change.value is not None  # a change is of a finding or of a value
    assert change.stretch is not None
    value = words[f"value_what_{change.value}"]
    if change.stretch.choices:
        question = next((one for one in knowledge.questions.values() if one.value == change.value), None)
        labels = [question.choices.get(one, one) if question else one for one in change.stretch.choices]
        return words["change_value_is"].format(value=value, choices=words["or"].join(labels).lower())
    limits = _limits(change.stretch)
    said = [words[phrase].format(value=value, limit=_shown(change.value, limit)) for phrase, limit in limits]
    return words["and"].join(said)


def _limits(stretch: Stretch) -> Iterator[tuple[str, float]]:
    if stretch.low is not None:
        yield "change_value_from" if stretch.with_low else "change_value_over", stretch.low
    if stretch.high is not None:
        yield "change_value_to" if stretch.with_high else "change_value_under", stretch.high


def _raise_json(alternative: Alternative, knowledge: Knowledge) -> Json:
    return {**_alternative_json(alternative), "text": _up_text(alternative, knowledge)}


def _lower_json(alternative: Alternative, change: WhatWouldChange, knowledge: Knowledge) -> Json:
    """What would be less urgent. `offered` is false in an emergency: it explains, and nobody is asked to look again."""
    words = knowledge.phrases
    warning = words["change_down_warning"] if change.offered else words["change_emergency"]
    text = f"{_down_text(alternative, 0, knowledge)}\n{warning}"
    return {**_alternative_json(alternative), "offered": change.offered, "text": text}


def _alternative_json(alternative: Alternative) -> Json:
    return {"level": alternative.level.value, "changes": [_change_json(one) for one in alternative.changes]}


def _change_json(change: Change) -> Json:
    if change.finding is not None:
        return {"finding": change.finding, "status": change.status.value if change.status else None}
    stretch = change.stretch or Stretch()
    return {
        "value": change.value,
        "low": stretch.low,
        "high": stretch.high,
        "with_low": stretch.with_low,
        "with_high": stretch.with_high,
        "choices": list(stretch.choices),
    }


def _shown(value: str, told: float | str) -> str:
    if value in _IN_DAYS:
        return duration(float(told))
    return f"{told:g}" if isinstance(told, (int, float)) else str(told)


def _short(sources: Iterable[str]) -> str:
    """The sources' ids, without their passages."""
    return ", ".join(dict.fromkeys(one.split(":")[0] for one in sources))


def _listed(title: str, lines: Iterable[str]) -> str:
    return "\n".join([title, *(f"- {line}" for line in lines)])


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
