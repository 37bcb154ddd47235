"""The ear: text in, what was heard out. A message goes through the spaCy pipeline (pipeline.py) and comes out as Heard.

Nothing here knows what a finding means for triage; it only says what a person said, with their own words and where
they stand.
"""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from sciatriage.hearing.light_spacy import Doc, Span
from sciatriage.hearing.pipeline import DANGER, SPANS, MessageTokenizer, make_pipeline
from sciatriage.hearing.reading import Reading
from sciatriage.hearing.values import side_in
from sciatriage.triage.vocabulary import Heard, Mention, Status

if TYPE_CHECKING:
    from sciatriage.triage.knowledge import Knowledge

_FULLY = 4_000  # characters heard in full; of what follows only the danger signs
_STRETCH = 2_000  # characters of the rest heard at a time
_AT_MOST = 100_000  # and nothing beyond: no person types that much, and work must end
_SAME = 3  # mentions kept of one finding with one status
_FOR_DANGER = ("speaker", "values", "act", "language", "unheard")  # left out beyond the part heard in full
PERSISTENT_AFTER = 7  # days (clinical-spec, Definitions)
_SAID_OF = {Status.PRESENT: 1.0, Status.UNCERTAIN: 0.6, Status.ABSENT: 1.0, Status.PAST: 0.9, Status.OTHER_PERSON: 0.9}


class Ear:
    """Hears messages. Making one reads the data files (about a second); hearing keeps no state."""

    def __init__(self, knowledge: Knowledge | None = None) -> None:
        self.nlp, tables = make_pipeline(knowledge)
        self._tokenizer = MessageTokenizer(tables)
        self.findings: frozenset[str] = tables.lexicon.findings

    def hear(self, text: str, today: date | None = None) -> Heard:
        """What a message says. `today` turns weekdays ("since Tuesday") into a duration; else they are left out."""
        cut = _cut(text)
        doc = self.nlp.make_doc(text[:cut])
        doc._.today = today
        doc = self.nlp(doc)
        mentions = _mentions(doc, text)
        if len(text) > cut:
            mentions += self._beyond(text, cut)
        mentions += _derived(mentions, doc._.values)
        return Heard(
            text=text,
            mentions=tuple(_few(mentions)),
            values=MappingProxyType(doc._.values),
            act=doc._.act,
            unheard=doc._.unheard,
            about=doc._.about,
            language=doc._.language,
            topic=doc._.topic,
        )

    def _beyond(self, text: str, cut: int) -> list[Mention]:
        """Danger signs in what lies beyond the part heard in full, stretch by stretch."""
        mentions: list[Mention] = []
        seen: set[str] = set()
        with self.nlp.select_pipes(disable=_FOR_DANGER):
            while cut < min(len(text), _AT_MOST):
                stop = min(len(text), cut + _STRETCH)
                part = text[cut:stop]
                if part not in seen:  # the same paste over and over is heard once
                    seen.add(part)
                    doc = self._tokenizer(part, offset=cut)
                    doc._.only = DANGER
                    mentions += _mentions(self.nlp(doc), text)
                cut = stop
        return mentions


def _mentions(doc: Doc, text: str) -> list[Mention]:
    """The doc's spans as mentions, with the words as typed."""
    reading: Reading = doc._.reading
    mentions = []
    for span in doc.spans[SPANS]:
        start, end = reading.span(span.start, span.end)
        status = Status(span.kb_id_)
        side = side_in(_around(reading, span))
        mentions.append(Mention(span.label_, status, start, end, text[start:end], span.id_, _SAID_OF[status], side))
    return mentions


def _derived(mentions: list[Mention], values: dict[str, float | str]) -> list[Mention]:
    days = values.get("duration_days")
    said = any(m.finding == "persistent_symptoms" and m.status is Status.PRESENT for m in mentions)
    if isinstance(days, float) and days > PERSISTENT_AFTER and not said:
        return [Mention("persistent_symptoms", Status.PRESENT, by="derived from the duration")]
    return []


def _cut(text: str) -> int:
    """Where the part heard in full ends: at a space, so that no word is torn."""
    if len(text) <= _FULLY:
        return len(text)
    space = max(text.rfind(" ", _FULLY - 200, _FULLY), text.rfind("\n", _FULLY - 200, _FULLY))
    return space if space > 0 else _FULLY


def _around(reading: Reading, span: Span) -> str:
    """The words of a span and two on either side, within its clause: where its own left or right would stand."""
    first, stop = span.start, span.end
    while first > max(0, span.start - 2) and reading.tokens[first - 1].stem[0].isalnum():
        first -= 1
    while stop < min(len(reading.tokens), span.end + 2) and reading.tokens[stop].stem[0].isalnum():
        stop += 1
    return "".join(" " + token.word for token in reading.tokens[first:stop]) + " "


def _few(mentions: list[Mention]) -> list[Mention]:
    """At most a few mentions of one finding with one status: endless repetition says nothing more."""
    counts: dict[tuple[str, Status], int] = {}
    kept = []
    for mention in mentions:
        key = (mention.finding, mention.status)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= _SAME:
            kept.append(mention)
    return kept
