"""Reads what the knowledge says of the first week: an advice item's place in it, and what stands around the items."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sciatriage.triage.entries import AT_HOME, DAYS, PARTS, StopRule, WeekEntry
from sciatriage.triage.reading import Problems, check_keys, read_flag, read_number
from sciatriage.triage.vocabulary import Disposition

IN_THE_WEEK = ("part", "in_short", "days", "how_often", "stop_if", "steps")
Cited = Callable[[Mapping[str, Any], Path, list[str]], tuple[str, ...]]  # the sources of an entry, checked
Level = Callable[[object, Path, list[str]], Disposition | None]  # a disposition, or None where it is none


def in_the_week(id_: str, file: Path, path: list[str], entry: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """An advice item's part in the first week, as fields of `Advice`; only self_care has one."""
    written = [key for key in IN_THE_WEEK if key in entry]
    if entry["kind"] != "self_care":
        for key in written:
            problems.add(file, [*path, key], f"'{key}' is only for advice of kind self_care; take it out")
        return {}
    if entry.get("part") not in PARTS:
        problems.add(file, [*path, "part"], f"'{id_}' needs a 'part' of the week: one of {', '.join(PARTS)}")
    days = _days(entry["days"]) if "days" in entry else (1, DAYS)
    if days is None:
        says = f"'days' are two whole days in order, such as {{from: 1, to: {DAYS}}}, within 1 and {DAYS}"
        problems.add(file, [*path, "days"], says)
    return {
        "part": entry.get("part"),
        "days": days or (1, DAYS),
        "steps": read_flag(entry, "steps", file, path, problems),
        **{key: str(entry.get(key, "")).strip() for key in ("in_short", "how_often", "stop_if")},
    }


def week_entry(
    id_: str, file: Path, path: list[str], entry: Mapping[str, Any], problems: Problems, level: Level, cited: Cited
) -> WeekEntry | None:
    """The week of one disposition, with its stop rules in the order they are written."""
    disposition = level(id_, file, path)
    if disposition is not None and disposition not in AT_HOME:
        problems.add(file, path, f"'{id_}' can have no week: who must be seen by then gets no plan; take it out")
    limit = read_number(entry, "be_seen_after", file, path, problems) if "be_seen_after" in entry else None
    rules = entry["stop_rules"]
    if not isinstance(rules, Mapping):
        problems.add(file, [*path, "stop_rules"], "'stop_rules' must be a map of rules by id")
        rules = {}
    stop_rules = [
        _stop_rule(rule, file, [*path, "stop_rules", rule], rules[rule], problems, level, cited) for rule in rules
    ]
    for stop in stop_rules:
        if stop is not None and "{by}" in stop.text and limit is None:
            says = f"'{stop.id}' names a day by {{by}}, and there is no 'be_seen_after'; add it"
            problems.add(file, [*path, "stop_rules", stop.id], says)
    sources = cited(entry, file, path)
    if disposition is None:
        return None
    title, intro, check_in = (str(entry[key]).strip() for key in ("title", "intro", "check_in"))
    rules_read = tuple(stop for stop in stop_rules if stop is not None)
    return WeekEntry(disposition, title, intro, rules_read, check_in, sources, limit)


def _stop_rule(
    id_: str, file: Path, path: list[str], entry: Any, problems: Problems, level: Level, cited: Cited
) -> StopRule | None:
    if not check_keys(entry, file, path, ("text", "level", "because", "sources"), ("reviewed",), problems):
        return None
    leads_to, sources = level(entry["level"], file, [*path, "level"]), cited(entry, file, path)
    if leads_to is None:
        return None
    text, because = str(entry["text"]).strip(), str(entry["because"]).strip()
    return StopRule(id_, text, leads_to, because, sources, str(entry.get("reviewed", "")))


def _days(written: object) -> tuple[int, int] | None:
    """`{from: 1, to: 7}` as whole days in order and within the week; None for anything else."""
    if not isinstance(written, Mapping) or set(written) != {"from", "to"}:
        return None
    first, last = written["from"], written["to"]
    if any(isinstance(day, bool) or not isinstance(day, int) for day in (first, last)):
        return None
    return (first, last) if 1 <= first <= last <= DAYS else None
