"""Puts the first week into JSON and into plain text. All sentences come from the knowledge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sciatriage.triage.entries import DAYS, Advice, SafetyNet, StopRule
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.week import WeekPlan

Json = dict[str, Any]
Fill = Callable[[str], str]  # puts the region's lines into a text


def week_json(week: WeekPlan, at: datetime, net: SafetyNet, knowledge: Knowledge, fill: Fill) -> Json:
    """The plan for pages and records. Day 1 is the day of `at`; dates are by its clock."""
    return {
        "title": week.entry.title,
        "intro": week.entry.intro,
        "days": [
            {
                "from": days.first,
                "to": days.last,
                "heading": _heading(days.first, days.last, knowledge),
                "items": [_item(one, knowledge) for one in days.items],
            }
            for days in week.days
        ],
        "stop_title": knowledge.phrases["week_stop_title"],
        "stop_rules": [
            {
                "id": rule.id,
                "level": rule.level.value,
                "text": _stop(rule, week, at, knowledge, fill),
                "because": rule.because,
                "sources": list(rule.sources),
            }
            for rule in week.entry.stop_rules
        ],
        "see_someone_by": _by(week, at),
        "check_in": week.entry.check_in,
        "withheld": [
            {"id": one.id, "title": one.title, "because": gate.because, "sources": list(gate.sources)}
            for one, gate in week.withheld
        ],
        "safety_net": {
            "uncertain": fill(net.uncertain),
            "watch_for": fill(net.watch_for),
            "turn_to": fill(net.turn_to),
            "how_long": fill(net.how_long),
        },
        "sources": list(week.entry.sources),
    }


def week_lines(week: WeekPlan, at: datetime, knowledge: Knowledge, fill: Fill) -> Iterator[str]:
    """The plan as short lines: what is for every day, what changes from day to day, and when to stop."""
    yield f"{week.entry.title}: {week.entry.intro}"
    every_day = {one.id: one for one in week.every_day}
    if every_day:
        yield f"{_heading(1, DAYS, knowledge)}:"
        for _, some in groupby(every_day.values(), key=lambda one: one.part):
            yield f"- {_in_short(some)}"
    for days in week.days:
        items = [one for one in days.items if one.id not in every_day]
        if items:
            yield f"{_heading(days.first, days.last, knowledge)}: {_in_short(items)}"
    yield knowledge.phrases["week_stop_title"]
    for rule in week.entry.stop_rules:
        yield f"- {_stop(rule, week, at, knowledge, fill)}"
    yield week.entry.check_in


def _item(advice: Advice, knowledge: Knowledge) -> Json:
    stop_if = knowledge.phrases["week_stop_if"].format(stop_if=advice.stop_if) if advice.stop_if else ""
    return {
        "id": advice.id,
        "title": advice.title,
        "text": advice.text,
        "part": advice.part,
        "in_short": advice.in_short,
        "how_often": advice.how_often,
        "stop_if": stop_if,
        "sources": list(advice.sources),
    }


def _in_short(items: Iterable[Advice]) -> str:
    return " ".join(one.in_short or one.text for one in items)


def _heading(first: int, last: int, knowledge: Knowledge) -> str:
    if first == last:
        id_ = "week_today" if first == 1 else "week_one_day"
    elif first == 1:
        id_ = "week_every_day" if last == DAYS else "week_from_today"
    else:
        id_ = "week_two_days" if last == first + 1 else "week_days"
    return knowledge.phrases[id_].format(first=first, last=last)


def _by(week: WeekPlan, at: datetime) -> Json | None:
    if week.be_seen_by is None:
        return None
    return {"day": week.be_seen_by, "date": (at.date() + timedelta(days=week.be_seen_by - 1)).isoformat()}


def _stop(rule: StopRule, week: WeekPlan, at: datetime, knowledge: Knowledge, fill: Fill) -> str:
    day = week.be_seen_by
    if day is None:
        by = knowledge.phrases["week_by_unknown"]
    elif day == 1:
        by = knowledge.phrases["week_by_today"]
    else:
        date = at.date() + timedelta(days=day - 1)
        by = knowledge.phrases["week_by"].format(day=day, date=f"{date:%A} {date.day} {date:%B}")
    return fill(rule.text.replace("{by}", by))
