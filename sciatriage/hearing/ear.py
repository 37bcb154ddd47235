"""The ear: text in, what was heard out.

A message is read into tokens (reading.py), searched for findings (lexicon.py), each finding is given its status by the
words around it (context.py), and numbers, the dialogue act, the language and whom it is about are added. Nothing here
knows what a finding means for triage; it only says what a person said, with their own words and where they stand.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sciatriage.hearing.acts import Acts
from sciatriage.hearing.context import Context, Cue
from sciatriage.hearing.language import Languages
from sciatriage.hearing.lexicon import LABEL, Lexicon, Sighting, load_yaml
from sciatriage.hearing.notation import Notation
from sciatriage.hearing.reading import Reader, Reading
from sciatriage.hearing.speaker import Speaker
from sciatriage.hearing.spelling import Repair, Stemmer
from sciatriage.hearing.topics import Topics
from sciatriage.hearing.unheard import Unheard
from sciatriage.hearing.values import side_in, values_in
from sciatriage.triage.vocabulary import Act, Heard, Mention, Status

if TYPE_CHECKING:
    from sciatriage.triage.knowledge import Knowledge

_HERE = Path(__file__).parent
_FULLY = 4_000  # characters heard in full; of what follows only the danger signs
_STRETCH = 2_000  # characters of the rest heard at a time
_AT_MOST = 100_000  # and nothing beyond: no person types that much, and work must end
_SAME = 3  # mentions kept of one finding with one status
PERSISTENT_AFTER = 7  # days (clinical-spec, Definitions)
# Heard even in the tail of an endless message, where nothing else is.
DANGER = frozenset(
    """bladder_retention bladder_incontinence bowel_incontinence saddle_numbness sexual_dysfunction foot_drop
    progressive_weakness sudden_weakness sudden_numbness weakness_limits bilateral_leg_symptoms severe_trauma
    calf_swelling calf_redness_warmth chest_pain breathlessness coughing_blood collapse cold_pale_limb dark_urine fever
    self_harm face_arm_speech hard_swollen_muscle cramp_not_letting_go sudden_tummy_back_pain palpitations fainting
    confusion rest_pain_foot foot_sores""".split()
)
_SAID_OF = {Status.PRESENT: 1.0, Status.UNCERTAIN: 0.6, Status.ABSENT: 1.0, Status.PAST: 0.9, Status.OTHER_PERSON: 0.9}


class Ear:
    """Hears messages. Making one reads the data files (about a second); hearing keeps no state."""

    def __init__(self, knowledge: Knowledge | None = None) -> None:
        words = load_yaml(_HERE / "words.yml")
        stemmer = Stemmer({str(k): str(v) for k, v in words["stems"].items()})
        self._reader = Reader(words, stemmer)
        classes = load_yaml(_HERE / "lexicon" / "classes.yml")
        notation = Notation(classes, stemmer, self._reader.canonical)
        self._lexicon = Lexicon(_HERE / "lexicon", notation)
        self._context = Context(load_yaml(_HERE / "context.yml"), notation)
        self._acts = Acts(load_yaml(_HERE / "acts.yml"), notation)
        self._speaker = Speaker(load_yaml(_HERE / "speaker.yml"), notation)
        self._languages = Languages(load_yaml(_HERE / "languages.yml"))
        self._unheard = Unheard()
        self._topics = Topics(self._reader, knowledge)
        if knowledge is not None:
            for finding in knowledge.findings.values():
                heard_as = [self._reader.read(sentence) for sentence in finding.heard_as]
                self._lexicon.add_sentences(finding.id, heard_as, "heard_as")
                self._lexicon.add_sentences(finding.id, [self._reader.read(finding.label)], LABEL)
        everyday = (_HERE / "common_words.txt").read_text(encoding="utf-8").split()
        self._reader.repair = Repair(notation.vocabulary, everyday, stemmer)

    @property
    def findings(self) -> frozenset[str]:
        """The ids of all findings that can be heard."""
        return self._lexicon.findings

    def hear(self, text: str, today: date | None = None) -> Heard:
        """What a message says. `today` turns weekdays ("since Tuesday") into a duration; else they are left out."""
        cut = _cut(text)
        reading = self._reader.read(text[:cut])
        cues = self._context.cues(reading)
        helpers = [(c.first, c.stop) for c in cues if c.kind == "not_other"]
        about = self._speaker.about(reading, helpers)
        sightings = self._lexicon.search(reading)
        mentions = self._mentions(text, reading, sightings, cues, others=about != "other")
        if len(text) > cut:
            mentions += self._beyond(text, cut)
        # the numbers in an option's label ("for weeks or longer") are not the person's
        labelled = any(seen.by.startswith(LABEL) for seen in sightings)
        values = {} if labelled else values_in(reading, today)
        mentions += self._derived(mentions, values)
        told = bool(mentions)
        act = self._acts.act(reading, told)
        asks = act is Act.ASK_QUESTION or (told and self._acts.asks(reading))
        topic = self._topics.topic(reading) if asks or not told else None
        if topic is not None and act is Act.TELL and not _danger_in(mentions):
            act = Act.ASK_QUESTION
        return Heard(
            text=text,
            mentions=tuple(_few(mentions)),
            values=MappingProxyType(values),
            act=act,
            unheard=self._unheard.stretches(text, reading, sightings, cues) if act is Act.TELL or told else (),
            about=about,
            language=self._languages.language(text),
            topic=topic if act is Act.ASK_QUESTION else None,
        )

    def _mentions(
        self, text: str, reading: Reading, sightings: list[Sighting], cues: list[Cue], others: bool
    ) -> list[Mention]:
        mentions = []
        for seen in sightings:
            status = self._context.status(seen, cues, reading, others)
            if status is None:
                continue
            start, end = reading.span(seen.first, seen.stop)
            side = side_in(_around(reading, seen))
            mentions.append(Mention(seen.finding, status, start, end, text[start:end], seen.by, _SAID_OF[status], side))
        return mentions

    def _beyond(self, text: str, cut: int) -> list[Mention]:
        """Danger signs in what lies beyond the part heard in full, stretch by stretch."""
        mentions: list[Mention] = []
        seen: set[str] = set()
        while cut < min(len(text), _AT_MOST):
            stop = min(len(text), cut + _STRETCH)
            part = text[cut:stop]
            if part not in seen:  # the same paste over and over is heard once
                seen.add(part)
                reading = self._reader.read(part, offset=cut)
                sightings = self._lexicon.search(reading, only=DANGER)
                if sightings:
                    mentions += self._mentions(text, reading, sightings, self._context.cues(reading), others=True)
            cut = stop
        return mentions

    @staticmethod
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


def _around(reading: Reading, seen: Sighting) -> str:
    """The words of a sighting and two on either side, within its clause: where its own left or right would stand."""
    first, stop = seen.first, seen.stop
    while first > max(0, seen.first - 2) and reading.tokens[first - 1].stem[0].isalnum():
        first -= 1
    while stop < min(len(reading.tokens), seen.stop + 2) and reading.tokens[stop].stem[0].isalnum():
        stop += 1
    return "".join(" " + t.word for t in reading.tokens[first:stop]) + " "


def _danger_in(mentions: list[Mention]) -> bool:
    return any(m.finding in DANGER and m.status in (Status.PRESENT, Status.UNCERTAIN) for m in mentions)


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
