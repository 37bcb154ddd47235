"""Reads how likely findings are before they are asked, and how hard a question is. Only the order of asking uses it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sciatriage.triage.entries import Finding
from sciatriage.triage.reading import Problems, check_keys, did_you_mean
from sciatriage.triage.vocabulary import Disposition

Raw = Mapping[str, tuple[Path, list[str], Any]]  # the entries of one section as they were gathered
CHANCES = (("probability", "because"), ("sources", "reviewed"))
EXPECTED = (("chance", "because"), ("findings", "default_for", "sources", "reviewed"))
WAITING = (("hours", "because"), ("sources", "reviewed"))
KINDS = ("danger", "other")


def burden_of(entry: Mapping[str, Any], file: Path, path: list[str], problems: Problems) -> float:
    """How hard a question is beside an ordinary one: `{times: 1.5, because: ...}`, and 1 where nothing is said."""
    written = entry.get("burden")
    if written is None or not check_keys(written, file, [*path, "burden"], ("times", "because"), (), problems):
        return 1.0
    times = _number(written["times"])
    if times is None or times <= 0:
        problems.add(file, [*path, "burden", "times"], f"'times' is a number above 0, not '{written['times']}'")
        return 1.0
    return times


def typical_of(entry: Mapping[str, Any], file: Path, path: list[str], problems: Problems) -> tuple[float | str, ...]:
    """Answers as they come in, each as likely as the others: numbers, or for a choice its own words."""
    typical: list[float | str] = []
    choices = entry.get("choices") or {}
    for told in entry.get("typical") or ():
        number = _number(told)
        if (told not in choices) if choices else (number is None):
            allowed = f"one of {', '.join(choices)}" if choices else "a number"
            problems.add(file, [*path, "typical"], f"a typical answer is {allowed}, not '{told}'")
        else:
            typical.append(str(told) if number is None else number)
    return tuple(typical)


def chances_of(raw: Mapping[str, Raw], findings: Mapping[str, Finding], problems: Problems) -> dict[str, float]:
    """Each finding's chance before anything is known, from the words of `chances` and the groups of `expected`."""
    words = {}
    for id_, (file, path, entry) in raw.get("chances", {}).items():
        if check_keys(entry, file, path, *CHANCES, problems):
            chance = _number(entry["probability"])
            if chance is None or not 0 < chance < 1:
                problems.add(file, path, f"'{id_}' has the probability {entry['probability']}; it is between 0 and 1")
            else:
                words[id_] = chance
    usual: dict[str, float] = {}
    own: dict[str, float] = {}
    for file, path, entry in raw.get("expected", {}).values():
        if not check_keys(entry, file, path, *EXPECTED, problems):
            continue
        if entry["chance"] not in words:
            known = did_you_mean(str(entry["chance"]), words)
            problems.add(file, [*path, "chance"], f"'{entry['chance']}' is no chance{known}")
            continue
        for finding in entry.get("findings") or ():
            if finding not in findings:
                problems.add(file, [*path, "findings"], f"'{finding}' is no finding{did_you_mean(finding, findings)}")
            elif finding in own:
                problems.add(file, [*path, "findings"], f"'{finding}' already has a chance; keep one")
            own[finding] = words[entry["chance"]]
        if "default_for" in entry:
            if entry["default_for"] not in KINDS:
                problems.add(file, [*path, "default_for"], f"'default_for' is one of {', '.join(KINDS)}")
            usual[entry["default_for"]] = words[entry["chance"]]
    missing = [kind for kind in KINDS if kind not in usual]
    if missing:
        problems.found.append(f"knowledge/chances.yml:1: 'expected' has no 'default_for: {missing[0]}'; add it")
        return own
    return {id_: own.get(id_, usual["danger" if one.danger else "other"]) for id_, one in findings.items()}


def waiting_of(raw: Raw, problems: Problems) -> dict[Disposition, float]:
    """How many hours each disposition leaves; what leaves fewer is asked about first."""
    levels = [one.value for one in Disposition]
    waiting = {}
    for id_, (file, path, entry) in raw.items():
        if check_keys(entry, file, path, *WAITING, problems):
            hours = _number(entry["hours"])
            if id_ not in levels:
                problems.add(file, path, f"'{id_}' is no disposition{did_you_mean(id_, levels)}")
            elif hours is None or hours <= 0:
                problems.add(file, [*path, "hours"], f"'hours' is a number above 0, not '{entry['hours']}'")
            else:
                waiting[Disposition(id_)] = hours
    for level in Disposition:
        if level.urgency > Disposition.SELF_CARE.urgency and level not in waiting:
            problems.found.append(f"knowledge/chances.yml:1: 'waiting' has no '{level.value}'; add it")
    return waiting


def _number(written: object) -> float | None:
    return float(written) if isinstance(written, (int, float)) and not isinstance(written, bool) else None
