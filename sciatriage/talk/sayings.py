"""Builds what is said from the state: questions, read-back, result, emergency. Every sentence is the knowledge's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sciatriage.talk.saying import Option, Saying
from sciatriage.talk.state import OpenQuestion, TalkState
from sciatriage.triage import explanation_wording, wording
from sciatriage.triage.consultation import Opinion
from sciatriage.triage.entries import Region
from sciatriage.triage.explanation import what_would_change, why_this
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.questions import NextQuestion
from sciatriage.triage.vocabulary import Status


def information(knowledge: Knowledge, id_: str, region: Region | None = None, **filled: object) -> Saying:
    """A phrase of the knowledge, as the contract's information."""
    return Saying(wording.phrase(knowledge, id_, region, **filled), custom={"type": "information", "id": id_})


def clarification(knowledge: Knowledge, id_: str) -> Saying:
    """What the person can answer instead."""
    return Saying(wording.phrase(knowledge, id_), custom={"type": "clarification", "id": id_})


def clinical(question: NextQuestion, state: TalkState, opinion: Opinion, knowledge: Knowledge) -> OpenQuestion:
    """The triage's next question, numbered for this talk."""
    number = state.number + 1
    sent = wording.question_json(question, knowledge, number, opinion)
    return OpenQuestion(number, sent, wording.question_text(question, knowledge), again=question.again)


def plain(
    state: TalkState, knowledge: Knowledge, id_: str, kind: str, options: Iterable[tuple[str, str]], why: str
) -> OpenQuestion:
    """A question of another purpose than clinical: `options` are (phrase id, value)."""
    number = state.number + 1
    sent = {
        "type": "question",
        "id": id_,
        "kind": kind,
        "purpose": id_,
        "findings": [],
        "value": None,
        "options": [
            wording.option(number, index, knowledge.phrases[phrase], None, value)
            for index, (phrase, value) in enumerate(options, 1)
        ],
        "unticked_means_no": False,
        "progress": None,
        "why": knowledge.phrases[why],
        "sources": [],
    }
    return OpenQuestion(number, sent, knowledge.phrases[id_])


def mistake(state: TalkState, findings: Iterable[str], knowledge: Knowledge) -> OpenQuestion:
    """After an emergency: which of the danger signs was said or heard by mistake."""
    number = state.number + 1
    rows: list[tuple[str, str | None, str]] = [
        (knowledge.findings[id_].name, id_, Status.PRESENT.value) for id_ in findings
    ]
    rows.append((knowledge.phrases["emergency_mistake_none"], None, "none"))
    sent = {
        "type": "question",
        "id": "mistake",
        "kind": "checklist",
        "purpose": "mistake",
        "findings": [finding for _, finding, _ in rows if finding],
        "value": None,
        "options": [wording.option(number, index, *row) for index, row in enumerate(rows, 1)],
        "unticked_means_no": True,
        "progress": None,
        "why": knowledge.phrases["read_back_why"],
        "sources": [],
    }
    return OpenQuestion(number, sent, knowledge.phrases["emergency_mistake"])


def asking(question: OpenQuestion, opinion: Opinion, knowledge: Knowledge, prefix: str = "") -> Saying:
    """The open question as one item, with what was understood so far."""
    options = tuple(
        Option(one["label"], one["payload"], one.get("finding"), one.get("value")) for one in question.options
    )
    custom = {**question.sent, "understood": told(opinion, knowledge), "floor": opinion.certain.value}
    return Saying(f"{prefix}\n\n{question.text}" if prefix else question.text, options, custom)


def told(opinion: Opinion, knowledge: Knowledge) -> list[dict[str, Any]]:
    """What was understood, without the long list of things denied."""
    return [
        one
        for one in wording.understood(opinion, knowledge)
        if one["status"] in (Status.PRESENT.value, Status.UNCERTAIN.value)
    ]


def summary(opinion: Opinion, state: TalkState, knowledge: Knowledge) -> Saying:
    """What was understood so far."""
    text = wording.summary_text(opinion, knowledge, state.unheard)
    custom = {"type": "summary", "understood": wording.understood(opinion, knowledge), "unheard": list(state.unheard)}
    return Saying(text, custom=custom)


def assessment(opinion: Opinion, state: TalkState, knowledge: Knowledge, final: bool) -> Saying:
    """The result as a card and as text."""
    region = knowledge.region(state.region)
    custom = wording.assessment_json(opinion, knowledge, region, state.case_id, final)
    custom["understood"] = wording.understood(opinion, knowledge)
    return Saying(wording.assessment_text(opinion, knowledge, region), custom=custom)


def why_result(opinion: Opinion, knowledge: Knowledge) -> Saying:
    """The rules that carry the result, with the person's own words and the sources."""
    why = why_this(opinion, knowledge)
    sources = dict.fromkeys(source for carrier in why.carriers for source in carrier.sources) or why.sources
    custom = {"type": "information", "id": "why_result", "sources": list(sources)}
    return Saying(explanation_wording.why_this_text(opinion, knowledge), custom=custom)


def change(opinion: Opinion, knowledge: Knowledge) -> Saying:
    """What would make the result more urgent, and what less."""
    text = explanation_wording.change_text(opinion, knowledge)
    return Saying(text, custom={"type": "information", "id": "change"})


def change_not_yet(opinion: Opinion, knowledge: Knowledge) -> Saying:
    """While questions are open: that the result may change, and what would make it more urgent."""
    raises = explanation_wording.raises_text(what_would_change(opinion.case, knowledge), knowledge)
    not_yet = wording.phrase(knowledge, "change_not_yet")
    return Saying("\n".join(filter(None, (not_yet, raises))), custom={"type": "information", "id": "change_not_yet"})


def crisis(state: TalkState, knowledge: Knowledge) -> Saying:
    """The fixed, region-aware reply to words of self-harm."""
    region = knowledge.region(state.region)
    text = wording.fill(knowledge.texts["crisis"], region)
    calls = wording.calls_of(knowledge, (region.crisis, region.emergency))
    return Saying(text, custom={"type": "crisis", "calls": calls})


def crisis_calls(state: TalkState, knowledge: Knowledge) -> str:
    """Whom to call in a crisis, on its own line."""
    region = knowledge.region(state.region)
    lines = (wording.phrase(knowledge, "call", say=line.say) for line in (region.emergency, region.crisis))
    return "\n".join(f"{line}." for line in lines)


def filled(text: str, region: Region) -> str:
    """A text of the knowledge with the region's lines in it."""
    return wording.fill(text, region)
