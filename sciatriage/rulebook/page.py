"""The rulebook: all that the assistant knows as one web page, for a clinician who reads every rule and nods.

`render` is pure: knowledge, cases and files as they were read go in, one page that needs nothing else comes out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sciatriage.cases import WrittenCase
from sciatriage.rulebook.anchors import anchor, plain
from sciatriage.rulebook.cases import fired_by, testers
from sciatriage.rulebook.conditions_in_words import Words, in_words, name_of_value
from sciatriage.rulebook.references import citations, citing, counting
from sciatriage.rulebook.written import Written
from sciatriage.triage.entries import Advice, Answer, ConditionEntry, Finding, QuestionEntry, Rule, Weight
from sciatriage.triage.expression import AnyOf, Condition, IsDefinition, IsFinding
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.vocabulary import Disposition

_ROOM = Path(__file__).parent
# The sections of the knowledge that the head counts, in the words of the page.
_COUNTED = {
    "rules": "rules (red flags and reasons to be seen)",
    "definitions": "definitions",
    "findings": "findings",
    "questions": "questions",
    "conditions": "possible causes",
    "advice": "advice items",
    "answers": "answers",
    "dispositions": "dispositions",
    "texts": "fixed texts",
    "week": "first weeks",
    "likelihood": "likelihood words",
    "chances": "chances",
    "expected": "groups of findings by chance",
    "waiting": "waiting times",
    "regions": "regions",
    "decisions": "settled disagreements",
}
# What is filled into a text, where its name doesn't say it.
_BLANKS = {
    "emergency": "emergency number",
    "urgent": "urgent-care number",
    "crisis": "crisis line",
    "by": "the day it has lasted that long",
}
# From which factor on the odds it is called so; the bands in which likelihood ratios are commonly read.
_STRENGTHS = ((10.0, "large"), (5.0, "moderate"), (2.0, "small"), (0.0, "slight"))
Entry = TypeVar("Entry", Rule, Finding, Advice, Answer)


@dataclass(frozen=True)
class Weighing:
    """One row of a possible cause's table: `when` is "present" or "answered no"."""

    words: Words
    when: str
    weight: Weight
    factor: str
    strength: str
    reviewed: str


@dataclass(frozen=True)
class Gate:
    """Why an advice item is withheld, and when: all gates with the same reason together."""

    because: str
    words: Words
    sources: tuple[str, ...]
    reviewed: str


@dataclass(frozen=True)
class AskedIn:
    """A question (None: only heard, never asked) with what of a rule it asks."""

    question: QuestionEntry | None
    names: tuple[str, ...]


def render(knowledge: Knowledge, cases: Sequence[WrittenCase], written: Written) -> str:
    """The whole page as HTML."""
    environment = Environment(
        loader=FileSystemLoader(_ROOM), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["plain"] = plain
    environment.filters["blanks"] = _blanks
    environment.filters["breakable"] = _breakable
    environment.filters["points"] = lambda points: f"{points:+.1f}".replace("-", "\N{MINUS SIGN}")
    environment.filters["cited"] = partial(citations, knowledge=knowledge)
    environment.filters["words"] = partial(in_words, knowledge=knowledge)
    environment.globals["anchor"] = anchor
    fired = fired_by(cases, knowledge)
    counts = counting(knowledge)
    flags = [rule for rule in knowledge.rules.values() if rule.red_flag]
    reasons = [rule for rule in knowledge.rules.values() if not rule.red_flag]
    totals = _totals(written)
    return environment.get_template("rulebook.html.j2").render(
        style=_own_file("rulebook.css"),
        script=_own_file("filter.js"),
        knowledge=knowledge,
        written=written,
        cases=cases,
        fired=fired,
        ladder=[one for one in reversed(Disposition) if one in knowledge.dispositions],
        totals=totals,
        awaiting=sum(awaiting for _, _, awaiting in totals),
        flags=_by_file(flags, "rules", written),
        reasons=reasons,
        findings=_by_file(knowledge.findings.values(), "findings", written),
        advice=_by_file(knowledge.advice.values(), "advice", written),
        answers=_by_file(knowledge.answers.values(), "answers", written),
        asked=lambda rule: _asked(rule, knowledge),
        testers=lambda rule: testers(rule, cases, fired, knowledge),
        counts=lambda id_: counts.get(id_, []),
        weighings=lambda entry: _weighings(entry, knowledge, written),
        gates=lambda advice: _gates(advice, knowledge, written),
        dangers=lambda question: sum(knowledge.findings[id_].danger for id_ in question.findings),
        factor=_factor,
        disposition=Disposition,
        citing=citing(knowledge, written),
    )


def _own_file(name: str) -> Markup:
    # Markup: these files are the room's own, not anything that was read.
    return Markup((_ROOM / name).read_text(encoding="utf-8"))


def _totals(written: Written) -> list[tuple[str, int, int]]:
    """Each section's words, entries, and places awaiting a clinician; others only where something awaits."""
    others = (section for section, _ in written.entries if written.awaiting(section))
    return [
        (_COUNTED.get(section, plain(section)), len(entries), written.awaiting(section))
        for section in dict.fromkeys([*_COUNTED, *others])
        if (entries := written.section(section))
    ]


def _by_file(entries: Iterable[Entry], section: str, written: Written) -> Mapping[str, list[Entry]]:
    """Entries by the name of their file; the files of danger signs come first."""
    groups: dict[tuple[bool, str], list[Entry]] = {}
    for entry in entries:
        paper = written.entry(section, entry.id)
        groups.setdefault((not paper.file.startswith("red_flags/"), paper.group), []).append(entry)
    return {group: groups[order, group] for order, group in sorted(groups)}


def _breakable(id_: str) -> Markup:
    """An id that may go on in the next line after each of its parts."""
    return Markup("_<wbr>").join(id_.split("_"))


def _blanks(text: str) -> Markup:
    """A text with its blanks, such as {emergency}, marked as what the program fills in."""
    parts = re.split(r"\{(\w+)\}", text)
    filled = [
        Markup('<span class="blank">[{}]</span>').format(_BLANKS.get(part, part)) if index % 2 else Markup.escape(part)
        for index, part in enumerate(parts)
    ]
    return Markup("").join(filled)


def _asked(rule: Rule, knowledge: Knowledge) -> list[AskedIn]:
    """The questions that ask what a rule names itself, in their order; what is only heard comes last."""
    found: dict[str | None, dict[str, None]] = {}
    for leaf in rule.when.leaves():
        if leaf.kind != "definition":
            question = knowledge.question_of(leaf)
            name = knowledge.findings[leaf.id].name if leaf.kind == "finding" else name_of_value(leaf.id)
            found.setdefault(question.id if question else None, {})[name] = None
    order = [*(id_ for id_ in knowledge.questions if id_ in found), *([None] if None in found else [])]
    return [AskedIn(knowledge.questions[id_] if id_ else None, tuple(found[id_])) for id_ in order]


def _weighings(entry: ConditionEntry, knowledge: Knowledge, written: Written) -> list[Weighing]:
    """What speaks for and against a possible cause, the weightiest first."""
    paper = written.entry("conditions", entry.id)
    rows = []
    for side, weights, when in (
        ("for", entry.speaks_for, "present"),
        ("against", entry.speaks_against, "present"),
        ("absent", entry.absent, "answered no"),
    ):
        for key, weight in weights.items():
            reviewed = paper.reviewed(side, key) if side in paper.raw else ""
            named: Condition = IsFinding(key) if key in knowledge.findings else IsDefinition(key)
            words = in_words(named, knowledge)
            factor = _factor(weight.points)
            rows.append(Weighing(words, when, weight, factor, _strength(weight.points), reviewed))
    return sorted(rows, key=lambda row: -abs(row.weight.points))


def _factor(points: float) -> str:
    """Points, which are natural log odds, as what they do to the odds: "× 3.3" or "÷ 2"."""
    factor = math.exp(abs(points))
    shown = f"{factor:,.0f}" if factor >= 10 else f"{factor:.1f}".removesuffix(".0")
    return f"{'÷' if points < 0 else '×'} {shown}"


def _strength(points: float) -> str:
    factor = math.exp(abs(points))
    return next(words for least, words in _STRENGTHS if factor >= least)


def _gates(advice: Advice, knowledge: Knowledge, written: Written) -> list[Gate]:
    paper = written.entry("advice", advice.id)
    grouped: dict[tuple[str, tuple[str, ...], str], list[Condition]] = {}
    for index, gate in enumerate(advice.withheld):
        reviewed = paper.reviewed("withheld", index) if "withheld" in paper.raw else ""
        grouped.setdefault((gate.because, gate.sources, reviewed), []).append(gate.when)
    return [
        Gate(because, in_words(whens[0] if len(whens) == 1 else AnyOf(tuple(whens)), knowledge), sources, reviewed)
        for (because, sources, reviewed), whens in grouped.items()
    ]
