"""Takes a message as the answer to the open question. A "no" answers the question asked, never the one after it."""

from __future__ import annotations

import re

from sciatriage.talk.picks import Pick, find_picks
from sciatriage.talk.state import Answered, OpenQuestion
from sciatriage.triage.case import Fact
from sciatriage.triage.vocabulary import Act, Heard, Mention, Status

TRIES = 2  # clarifications before a question left unanswered counts as skipped, that is as unsure
SHORT = 4  # words of a yes that is nothing but a yes
LIMITS = {"age": (0, 120), "pain_score": (0, 10)}

# The words a plain no is made of. Any other word may be an exception or a sign, so the list is asked about again.
_PLAIN_NO = frozenset(
    """a above absolutely again all am any anything apply applies as at aware certainly currently definitely do dont
    either far for fortunately have havent here i im is isnt it ive know like luckily me more nah neither never no none
    nope nor not nothing noticed now of ok okay really same so sorry still thank thankfully thanks that thats the them
    these think this those to today wrong yet you but and my""".split()
)

_BY_ACT = {
    Act.AFFIRM: Status.PRESENT,
    Act.DENY: Status.ABSENT,
    Act.NONE_OF_THESE: Status.ABSENT,
    Act.UNSURE: Status.UNCERTAIN,
}
_NOW = {Status.PRESENT: 3, Status.UNCERTAIN: 2, Status.ABSENT: 1, Status.PAST: 0, Status.OTHER_PERSON: -1}


def answer(question: OpenQuestion, heard: Heard) -> Answered:
    """What this message says to this question (see Answered)."""
    picks = find_picks(question, heard.text)
    if picks.stale:
        return Answered(taken=False, stale=True)
    if question.purpose == "mistake":
        return _mistake(question, heard, picks.taken)
    if question.purpose != "clinical":
        return _plain(question, heard, picks.taken)
    if question.kind == "yes_no":
        answered = _yes_no(question, heard, picks.taken)
    elif question.kind == "checklist":
        answered = _checklist(question, heard, picks.taken)
    else:
        answered = _value(question, heard, picks.taken)
    if not answered.taken and question.tries >= TRIES:
        return skip(question)
    return answered


def skip(question: OpenQuestion) -> Answered:
    """The question left out: a finding skipped counts as unsure even after asking again, a value as unknown."""
    facts = {id_: Fact(Status.UNCERTAIN, asked_again=True, by="skipped") for id_ in question.findings}
    return Answered(True, facts, {question.value: None} if question.value else {})


def _yes_no(question: OpenQuestion, heard: Heard, picks: tuple[Pick, ...]) -> Answered:
    finding = question.findings[0]
    mention = _strongest(finding, heard.mentions)
    if picks:
        status = Status(str(question.options[picks[0].index]["value"]))
    elif mention is not None and mention.status in (Status.PRESENT, Status.UNCERTAIN):
        status = mention.status
    elif heard.act in _BY_ACT:
        status = _BY_ACT[heard.act]
        if mention is not None and status is Status.PRESENT:
            status = Status.UNCERTAIN  # "yes, no numbness": two ways to take it, so it is asked again
    elif mention is not None:
        status = Status.ABSENT  # denied, past or another person's: not the patient's now
    elif heard.act is Act.SKIP:
        return skip(question)
    else:
        return Answered(False, clarify="not_understood_yes_no")
    return Answered(True, {finding: _fact(status, question, heard.text)}, within=_within(picks))


def _checklist(question: OpenQuestion, heard: Heard, picks: tuple[Pick, ...]) -> Answered:
    if heard.act is Act.SKIP:
        return skip(question)
    facts: dict[str, Fact] = {}
    none_picked = False
    for pick in picks:
        option = question.options[pick.index]
        if option["finding"] is None:
            none_picked = True
        else:
            status = Status.UNCERTAIN if pick.unsure else Status.PRESENT
            facts[option["finding"]] = _fact(status, question, str(option["label"]))
    outside = [mention for mention in heard.mentions if not _inside(mention, picks)]
    denied: list[str] = []
    for finding in question.findings:
        mention = _strongest(finding, outside)
        if mention is None or finding in facts:
            continue
        if mention.status in (Status.PRESENT, Status.UNCERTAIN):
            facts[finding] = _fact(mention.status, question, mention.text)
        else:
            denied.append(finding)
    refused = none_picked or (heard.act in (Act.NONE_OF_THESE, Act.DENY) and _is_plain_no(heard) and not denied)
    if facts or refused:
        # What was denied in words of its own stays open and is asked by itself: an ear can mishear a denial.
        rest = _fact(Status.ABSENT, question, heard.text if refused else "")
        settled = [id_ for id_ in question.findings if id_ not in denied or none_picked]
        return Answered(True, {id_: facts.get(id_, rest) for id_ in settled}, within=_within(picks))
    if heard.act is Act.UNSURE and not denied:
        return Answered(True, {id_: _fact(Status.UNCERTAIN, question, heard.text) for id_ in question.findings})
    if heard.act is Act.AFFIRM and not heard.mentions:
        if question.tries:
            doubt = Fact(Status.UNCERTAIN, asked_again=True, words=heard.text, by=question.id)
            return Answered(True, dict.fromkeys(question.findings, doubt))
        return Answered(False, clarify="which_of_these")
    return Answered(False, clarify="not_understood_checklist")


def _is_plain_no(heard: Heard) -> bool:
    """Whether a no is nothing but a no, beside findings that were understood. "None except the second" is not."""
    left = heard.text
    for mention in heard.mentions:
        if mention.text:  # what was derived (a long time from a duration) has no words of its own
            left = left.replace(mention.text, " ")
    words = re.findall(r"[^\W_]+", left.casefold().replace("\u2019", "'").replace("'", ""))
    return set(words) <= _PLAIN_NO


def _mistake(question: OpenQuestion, heard: Heard, picks: tuple[Pick, ...]) -> Answered:
    """Which danger signs were named by mistake: only those picked, or denied in so many words. All others stand."""
    taken = {
        question.options[pick.index]["finding"]: _fact(Status.PRESENT, question, heard.text)
        for pick in picks
        if question.options[pick.index]["finding"] is not None
    }
    if not picks:
        for finding in question.findings:
            mention = _strongest(finding, heard.mentions)
            if mention is not None and mention.status is Status.ABSENT:
                taken[finding] = _fact(Status.PRESENT, question, mention.text)
    stand = not taken and heard.act in (Act.DENY, Act.NONE_OF_THESE)
    return Answered(bool(picks or taken or stand), taken, within=_within(picks))


def _value(question: OpenQuestion, heard: Heard, picks: tuple[Pick, ...]) -> Answered:
    value = question.value
    assert value is not None  # a question of these kinds asks for a value
    if picks:
        chosen = question.options[picks[0].index]["value"]
        return Answered(True, values={value: None if chosen == "unknown" else chosen}, within=_within(picks))
    told = heard.values.get(value)
    if told is None and question.kind == "number":
        told = heard.values.get("number")
    if told is None and value == "side":
        sides = {mention.side for mention in heard.mentions if mention.side}
        told = sides.pop() if len(sides) == 1 else None
    if told is not None:
        low, high = LIMITS.get(value, (float("-inf"), float("inf")))
        if isinstance(told, str) or low <= told <= high:
            return Answered(True, values={value: told})
    elif heard.act in (Act.UNSURE, Act.SKIP) or (heard.act is Act.DENY and question.tries):
        return Answered(True, values={value: None})
    return Answered(False, clarify=f"not_understood_{question.kind}")


def _plain(question: OpenQuestion, heard: Heard, picks: tuple[Pick, ...]) -> Answered:
    """Consent, read-back and the like: the option taken, or continue and stop for a plain yes and no."""
    if picks:
        return Answered(True, choice=str(question.options[picks[0].index]["value"]), within=_within(picks))
    if heard.act is Act.AFFIRM and len(heard.text.split()) <= SHORT:
        return Answered(True, choice="continue")
    if heard.act in (Act.DENY, Act.NONE_OF_THESE) and _is_plain_no(heard):
        return Answered(True, choice="stop")
    return Answered(False)


def _fact(status: Status, question: OpenQuestion, words: str) -> Fact:
    again = question.again and status is Status.UNCERTAIN
    return Fact(status, asked_again=again, words=words[:200], by=question.id)


def _strongest(finding: str, mentions: tuple[Mention, ...] | list[Mention]) -> Mention | None:
    of_it = [mention for mention in mentions if mention.finding == finding]
    return max(of_it, key=lambda mention: _NOW[mention.status]) if of_it else None


def _inside(mention: Mention, picks: tuple[Pick, ...]) -> bool:
    return any(pick.start <= mention.start and mention.end <= pick.end for pick in picks)


def _within(picks: tuple[Pick, ...]) -> tuple[tuple[int, int], ...]:
    return tuple((pick.start, pick.end) for pick in picks)
