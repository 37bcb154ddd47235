"""Puts questions and opinions into the contract's words and JSON. All sentences come from the knowledge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sciatriage.triage.consultation import Opinion, RedFlag
from sciatriage.triage.differential import Possibility
from sciatriage.triage.durations import duration
from sciatriage.triage.entries import Advice, Line, Region
from sciatriage.triage.explanation import own_why, why_asked
from sciatriage.triage.explanation_wording import explanation_json, why_asked_text
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.likelihood import differential_json, named, what_speaks_for
from sciatriage.triage.questions import NextQuestion
from sciatriage.triage.vocabulary import Disposition, Status
from sciatriage.triage.week import WeekPlan, week_plan
from sciatriage.triage.week_wording import week_json, week_lines

Json = dict[str, Any]


def phrase(knowledge: Knowledge, id_: str, region: Region | None = None, **filled: object) -> str:
    """A phrase of the knowledge with its blanks filled; the region's lines fill {emergency}, {urgent}, {crisis}."""
    text = knowledge.phrases[id_]
    lines = _lines(region) if region else {}
    return text.format(**lines, **filled)


def fill(text: str, region: Region) -> str:
    """A text of dispositions.yml with the region's lines in it."""
    for key, say in _lines(region).items():
        text = text.replace("{" + key + "}", say)
    return text


def _lines(region: Region) -> dict[str, str]:
    return {"emergency": region.emergency.say, "urgent": region.urgent.say, "crisis": region.crisis.say}


# Questions


def question_text(question: NextQuestion, knowledge: Knowledge) -> str:
    """The sentence that asks, without its options."""
    if question.again:
        if question.kind == "yes_no":
            simpler = knowledge.findings[question.findings[0]].simpler
            return phrase(knowledge, "again_one", question=simpler)
        return phrase(knowledge, "again_many")
    assert question.entry is not None  # only a second asking has no entry
    if question.kind == "yes_no":
        return phrase(knowledge, "yes_no_text", label=_lower(knowledge.findings[question.findings[0]].label))
    return question.entry.text.strip()


def question_json(question: NextQuestion, knowledge: Knowledge, number: int, opinion: Opinion | None = None) -> Json:
    """The contract's question object. `number` is the talk's own count, which the options' payloads carry.

    With the opinion that asks, `why` also says what a yes could mean, and `decides` names the rules it could decide.
    """
    why, sources = own_why(question, knowledge)
    why = why or phrase(knowledge, "again_why")
    decides: tuple[str, ...] = ()
    if opinion is not None:
        asked = why_asked(question, opinion, knowledge)
        why, decides = why_asked_text(asked, knowledge), asked.rules
    return {
        "type": "question",
        "id": question.id,
        "kind": question.kind,
        "purpose": "clinical",
        "findings": list(question.findings),
        "value": question.value,
        "options": _options(question, knowledge, number),
        "unticked_means_no": question.kind == "checklist",
        "progress": {"asked": question.asked + 1, "at_most": question.at_most},
        "why": why,
        "decides": list(decides),
        "sources": list(sources),
    }


def option(number: int, index: int, label: str, finding: str | None = None, value: object = None) -> Json:
    """One option; its payload `~question.option` stays far below Telegram's 64 bytes."""
    return {"label": label, "payload": f"~{number}.{index}", "finding": finding, "value": value}


def _options(question: NextQuestion, knowledge: Knowledge, number: int) -> list[Json]:
    words = knowledge.phrases
    rows: list[tuple[str, str | None, object]] = []
    if question.kind == "yes_no":
        finding = question.findings[0]
        statuses = (("yes", Status.PRESENT), ("no", Status.ABSENT), ("not_sure", Status.UNCERTAIN))
        rows = [(words[word], finding, status.value) for word, status in statuses]
    elif question.kind == "checklist":
        for id_ in question.findings:
            finding_entry = knowledge.findings[id_]
            label = finding_entry.simpler if question.again else finding_entry.label
            rows.append((label, id_, Status.PRESENT.value))
        rows.append((words["none_of_these"], None, "none"))
    elif question.kind == "choice":
        assert question.entry is not None
        rows = [(label, None, value) for value, label in question.entry.choices.items()]
        rows.append((words["not_sure"], None, "unknown"))
    else:
        rows = [(words["dont_know"], None, "unknown")]
    return [option(number, index, *row) for index, row in enumerate(rows, 1)]


# The result


def red_flag_json(flag: RedFlag) -> Json:
    """The contract's element, with why."""
    return {
        "id": flag.id,
        "findings": list(flag.findings),
        "level": flag.level.value,
        "because": flag.because,
        "sources": list(flag.sources),
    }


def opinion_json(opinion: Opinion, knowledge: Knowledge) -> Json:
    """The parts of the contract's section 4 that `assess` and the result share."""
    told_of = [one for one, _ in _named(opinion, knowledge)]
    return {
        "disposition": opinion.disposition.value,
        "red_flags": [red_flag_json(flag) for flag in opinion.red_flags],
        "differential": differential_json(opinion.differential, told_of, knowledge, opinion.case),
        "advice": [
            {"id": one.id, "title": one.title, "text": one.text, "kind": one.kind, "sources": list(one.sources)}
            for one in opinion.plan.given
        ],
        "withheld_advice": [
            {"id": one.id, "title": one.title, "because": gate.because, "sources": list(gate.sources)}
            for one, gate in opinion.plan.withheld
        ],
        "knowledge_version": opinion.knowledge_version,
    }


def safety_net(disposition: Disposition, knowledge: Knowledge, region: Region) -> str:
    """The four parts, a paragraph each."""
    net = knowledge.dispositions[disposition].safety_net
    return "\n".join(fill(part, region) for part in (net.uncertain, net.watch_for, net.turn_to, net.how_long))


def calls(disposition: Disposition, knowledge: Knowledge, region: Region) -> list[Json]:
    """Who to call, for buttons: only lines that the region has a number for."""
    lines = [region.emergency, region.urgent]
    if disposition is not Disposition.EMERGENCY_NOW:
        lines.reverse()
    return calls_of(knowledge, lines)


def calls_of(knowledge: Knowledge, lines: Iterable[Line]) -> list[Json]:
    """These lines as buttons, without those that the region has no number for."""
    return [{"label": phrase(knowledge, "call", say=line.say), "number": line.number} for line in lines if line.number]


def assessment_json(opinion: Opinion, knowledge: Knowledge, region: Region, case_id: str, final: bool) -> Json:
    """The contract's result object, with what a page needs to show it."""
    entry = knowledge.dispositions[opinion.disposition]
    week = week_plan(opinion.disposition, opinion.case, knowledge)
    return {
        "type": "assessment",
        **opinion_json(opinion, knowledge),
        "final": final,
        "heading": entry.heading,
        "within": entry.within,
        "what_to_do": fill(entry.what_to_do, region),
        "who_to_call": fill(entry.who_to_call, region),
        "reasons": [red_flag_json(flag) for flag in opinion.reasons],
        "may_be": may_be(opinion, knowledge),
        "week": week and week_json(week, opinion.at, entry.safety_net, knowledge, lambda text: fill(text, region)),
        "safety_net": safety_net(opinion.disposition, knowledge, region),
        "calls": calls(opinion.disposition, knowledge, region),
        "explanation": explanation_json(opinion, knowledge),
        "case_id": case_id,
    }


def may_be(opinion: Opinion, knowledge: Knowledge) -> list[str]:
    """The likeliest conditions in words, no percentages; nothing where the trouble is out of scope."""
    said = [sentence for _, sentence in _named(opinion, knowledge)]
    return [*said, phrase(knowledge, "not_a_diagnosis")] if said else []


def _named(opinion: Opinion, knowledge: Knowledge) -> list[tuple[Possibility, str]]:
    return [] if opinion.disposition is Disposition.OUT_OF_SCOPE else named(opinion.differential, knowledge)


def assessment_text(opinion: Opinion, knowledge: Knowledge, region: Region) -> str:
    """The whole result as plain text: what to do, whom to call, why, what it may be, what helps, what to watch for."""
    entry = knowledge.dispositions[opinion.disposition]
    blocks = [entry.heading.upper(), f"{fill(entry.what_to_do, region)}\n{fill(entry.who_to_call, region)}"]
    urgent = [flag for flag in (*opinion.red_flags, *opinion.reasons) if flag.level is opinion.disposition]
    if urgent:
        becauses = dict.fromkeys(flag.because for flag in urgent)
        blocks.append(_list(knowledge, "because_title", becauses))
    elif opinion.disposition is Disposition.SELF_CARE:
        blocks.append(phrase(knowledge, "nothing_red"))
    if opinion.disposition.urgency < Disposition.URGENT_SAME_DAY.urgency:
        said = may_be(opinion, knowledge)
        if said:
            first, _ = _named(opinion, knowledge)[0]
            said.insert(1, what_speaks_for(first, knowledge, opinion.case))
            blocks.append(f"{phrase(knowledge, 'may_be_title')}\n" + " ".join(filter(None, said)))
    week = week_plan(opinion.disposition, opinion.case, knowledge)
    blocks += _week(week, opinion, knowledge, region) if week else []
    helps = [_titled(one) for one in opinion.plan.given if one.kind != "education" and not (week and one.part)]
    if helps:
        blocks.append(_list(knowledge, "week_also_title" if week else "help_title", helps))
    left_out = week.withheld if week else opinion.plan.withheld
    withheld = [f"{one.title}: {gate.because}" for one, gate in left_out]
    if withheld:
        blocks.append(_list(knowledge, "ask_first_title", withheld))
    net = safety_net(opinion.disposition, knowledge, region)
    blocks.append(f"{phrase(knowledge, 'safety_net_title')}\n{net}")
    return "\n\n".join(blocks)


def _week(week: WeekPlan, opinion: Opinion, knowledge: Knowledge, region: Region) -> list[str]:
    """The week in short lines; below it in full, how a stretch and the like is done."""
    lines = week_lines(week, opinion.at, knowledge, lambda text: fill(text, region))
    items = {one.id: one for days in week.days for one in days.items}
    steps = [_titled(one) for one in items.values() if one.steps]
    return ["\n".join(lines), *([_list(knowledge, "week_steps_title", steps)] if steps else [])]


def _titled(advice: Advice) -> str:
    """Title and text, or the text alone where it begins like its title."""
    same = advice.text.casefold().startswith(advice.title.casefold()[:12])
    return advice.text if same else f"{advice.title}: {advice.text}"


def _list(knowledge: Knowledge, title: str, lines: Iterable[str]) -> str:
    return "\n".join([phrase(knowledge, title), *(f"- {line}" for line in lines)])


# What was understood


def understood(opinion: Opinion, knowledge: Knowledge) -> list[Json]:
    """Each finding told or asked, with its plain name, status and the person's words."""
    return [
        {"id": id_, "name": knowledge.findings[id_].name, "status": fact.status.value, "words": fact.words}
        for id_, fact in opinion.case.findings.items()
        if id_ in knowledge.findings
    ]


def summary_text(opinion: Opinion, knowledge: Knowledge, unheard: Iterable[str] = ()) -> str:
    """What was understood as sentences: what they have, what they are not sure of, how many they denied, values."""
    by_status: dict[str, list[str]] = {}
    for one in understood(opinion, knowledge):
        by_status.setdefault(one["status"], []).append(one["name"])
    lines = [phrase(knowledge, "read_back_intro")]
    present = by_status.get(Status.PRESENT.value, [])
    if present:
        lines.append(phrase(knowledge, "read_back_have", findings=_and(present)))
    else:
        lines.append(phrase(knowledge, "read_back_nothing"))
    if by_status.get(Status.UNCERTAIN.value):
        lines.append(phrase(knowledge, "read_back_not_sure", findings=_and(by_status[Status.UNCERTAIN.value])))
    values = values_in_words(opinion.case.values, knowledge)
    if values:
        lines.append(phrase(knowledge, "read_back_values", values=". ".join(values)))
    denied = len(by_status.get(Status.ABSENT.value, []))
    if denied:
        lines.append(phrase(knowledge, "read_back_no", count=denied))
    lines += [phrase(knowledge, "read_back_unheard", words=words) for words in unheard]
    return "\n".join(lines)


def values_in_words(values: Mapping[str, float | str | None], knowledge: Knowledge) -> list[str]:
    """Each known value as a short sentence."""
    said = []
    for id_, told in values.items():
        if told is None:
            continue
        if id_ in ("duration_days", "newest_days"):
            shown = duration(float(told))
        else:
            shown = f"{told:g}" if isinstance(told, (int, float)) else str(told)
        said.append(phrase(knowledge, f"value_{id_}", value=shown))
    return said


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _lower(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it starts with I or an abbreviation."""
    first = label.split(" ", 1)[0]
    return label if first in ("I", "I'm") or first.isupper() else label[:1].lower() + label[1:]
