"""The spaCy pipeline: `spacy.blank("en")` with a tokenizer and components of our own.

    tokenizer   the text as normalised words, each with its place in the text as typed          doc._.reading
    cues        words that negate, hedge, ask "what if", put in the past or on someone else     doc._.cues
    speaker     whether it is about oneself or about someone else                               doc._.about
    findings    what the lexicon sees                                                           doc._.sightings
    status      each sighting's status by the cues around it: a span, labelled with its finding doc.spans["findings"]
    values      age, duration, side, pain score                                                 doc._.values
    act         what the person does by saying it, and the topic of a question                  doc._.act, doc._.topic
    language    plainly another language                                                        doc._.language
    unheard     stretches that seem to matter and were not understood                           doc._.unheard

Each component reads what those before it left on the doc, so one can be taken out to see what it is worth.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sciatriage.hearing.acts import Acts
from sciatriage.hearing.context import Context
from sciatriage.hearing.language import Languages
from sciatriage.hearing.lexicon import HEARD_AS, LABEL, Lexicon, load_yaml
from sciatriage.hearing.light_spacy import Doc, Language, Span, Vocab, blank
from sciatriage.hearing.notation import Notation
from sciatriage.hearing.reading import Reader
from sciatriage.hearing.speaker import Speaker
from sciatriage.hearing.spelling import Repair, Stemmer
from sciatriage.hearing.topics import Topics
from sciatriage.hearing.unheard import Unheard
from sciatriage.hearing.values import values_in
from sciatriage.triage.vocabulary import Act, Status

if TYPE_CHECKING:
    from sciatriage.triage.knowledge import Knowledge

COMPONENTS = ("cues", "speaker", "findings", "status", "values", "act", "language", "unheard")
SPANS = "findings"
# Heard even in the tail of an endless message, where nothing else is; and no question hides them.
DANGER = frozenset(
    """bladder_retention bladder_incontinence bowel_incontinence saddle_numbness sexual_dysfunction foot_drop
    progressive_weakness sudden_weakness sudden_numbness weakness_limits bilateral_leg_symptoms severe_trauma
    calf_swelling calf_redness_warmth chest_pain breathlessness coughing_blood collapse cold_pale_limb dark_urine fever
    self_harm face_arm_speech hard_swollen_muscle cramp_not_letting_go sudden_tummy_back_pain palpitations fainting
    confusion rest_pain_foot foot_sores""".split()
)
_HERE = Path(__file__).parent
_WORDS_KEPT = 50_000  # spaCy keeps every word it ever saw; beyond this the store begins anew
_NOTHING: dict[str, Any] = {
    "offset": 0,  # where this part begins in the whole message
    "only": None,  # the only findings to look for; None for all
    "today": None,
    "reading": None,
    "cues": (),
    "about": None,
    "sightings": (),
    "values": None,
    "act": Act.TELL,
    "topic": None,
    "language": "en",
    "unheard": (),
}
for _name, _default in _NOTHING.items():
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=_default)


class Tables:
    """The data files, read once, and what the components share of them."""

    def __init__(self, knowledge: Knowledge | None) -> None:
        words = load_yaml(_HERE / "words.yml")
        stemmer = Stemmer({str(k): str(v) for k, v in words["stems"].items()})
        self.reader = Reader(words, stemmer)
        self.notation = Notation(load_yaml(_HERE / "lexicon" / "classes.yml"), stemmer, self.reader.canonical)
        self.lexicon = Lexicon(_HERE / "lexicon", self.notation)
        self.context = Context(load_yaml(_HERE / "context.yml"), self.notation)
        self.acts = Acts(load_yaml(_HERE / "acts.yml"), self.notation)
        self.speaker = Speaker(load_yaml(_HERE / "speaker.yml"), self.notation)
        self.topics = Topics(self.reader, knowledge)
        if knowledge is not None:
            for finding in knowledge.findings.values():
                heard_as = [self.reader.read(sentence) for sentence in finding.heard_as]
                self.lexicon.add_sentences(finding.id, heard_as, HEARD_AS)
                self.lexicon.add_sentences(finding.id, [self.reader.read(finding.label)], LABEL)
        everyday = (_HERE / "common_words.txt").read_text(encoding="utf-8").split()
        self.reader.repair = Repair(self.notation.vocabulary, everyday, stemmer)


class MessageTokenizer:
    """Text to a doc of normalised words. `doc._.reading` leads back to the code points of the text as typed.

    It carries the tables that the components read, since spaCy hands each of them the pipeline and plain JSON only.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.vocab = Vocab()

    def __call__(self, text: str, offset: int = 0) -> Doc:
        if len(self.vocab.strings) > _WORDS_KEPT:
            self.vocab = Vocab()
        reading = self.tables.reader.read(text, offset)
        doc = Doc(self.vocab, words=[token.word for token in reading.tokens])
        doc._.reading = reading
        doc._.offset = offset
        return doc


def make_pipeline(knowledge: Knowledge | None = None) -> tuple[Language, Tables]:
    """The whole pipeline and the tables it reads from. Takes about a second."""
    tables = Tables(knowledge)
    nlp = blank("en")
    nlp.tokenizer = MessageTokenizer(tables)
    for name in COMPONENTS:
        nlp.add_pipe(name)
    return nlp, tables


class Component:
    """One step; subclasses read the doc, add what they find and return it."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def __call__(self, doc: Doc) -> Doc:
        raise NotImplementedError


class Cues(Component):
    """Marks the words that change what is said."""

    def __call__(self, doc: Doc) -> Doc:
        doc._.cues = self.tables.context.cues(doc._.reading)
        return doc


class WhoSpeaks(Component):
    """Tells whom the message is about."""

    def __call__(self, doc: Doc) -> Doc:
        helpers = [(cue.first, cue.stop) for cue in doc._.cues if cue.kind == "not_other"]
        doc._.about = self.tables.speaker.about(doc._.reading, helpers)
        return doc


class Findings(Component):
    """Sees the lexicon's findings, whatever their status."""

    def __call__(self, doc: Doc) -> Doc:
        doc._.sightings = self.tables.lexicon.search(doc._.reading, only=doc._.only)
        return doc


class StatusOfFindings(Component):
    """Makes a span of each sighting that is said of somebody: label the finding, kb_id the status, id what saw it."""

    def __call__(self, doc: Doc) -> Doc:
        others = doc._.about != "other"
        spans = []
        cues = self.tables.context.unspent(doc._.sightings, doc._.cues, doc._.reading)
        for seen in doc._.sightings:
            status = self.tables.context.status(
                seen, cues, doc._.reading, others, seen.finding in DANGER, doc._.sightings
            )
            if status is not None:
                span = Span(doc, seen.first, seen.stop, label=seen.finding, kb_id=status.value, span_id=seen.by)
                spans.append(span)
        doc.spans[SPANS] = spans
        return doc


class Values(Component):
    """Numbers and durations; those in an option's label ("for weeks or longer") are not the person's."""

    def __call__(self, doc: Doc) -> Doc:
        labelled = any(seen.by.startswith(LABEL) for seen in doc._.sightings)
        doc._.values = {} if labelled else values_in(doc._.reading, doc._.today)
        return doc


class DialogueAct(Component):
    """What the person does by saying it; a danger sign is told even where it is asked about."""

    def __call__(self, doc: Doc) -> Doc:
        reading, spans = doc._.reading, doc.spans[SPANS]
        told = bool(spans)
        act = self.tables.acts.act(reading, told)
        asks = act is Act.ASK_QUESTION or (told and self.tables.acts.asks(reading))
        topic = self.tables.topics.topic(reading) if asks or not told else None
        if topic is not None and act is Act.TELL and not any(_is_danger(span) for span in spans):
            act = Act.ASK_QUESTION
        doc._.act = act
        doc._.topic = topic if act is Act.ASK_QUESTION else None
        return doc


class OtherLanguage(Component):
    """The language, where it plainly isn't English."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self._languages = Languages(load_yaml(_HERE / "languages.yml"))

    def __call__(self, doc: Doc) -> Doc:
        doc._.language = self._languages.language(doc._.reading.text)
        return doc


class NotUnderstood(Component):
    """Keeps what seems to matter and was not understood."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self._unheard = Unheard()

    def __call__(self, doc: Doc) -> Doc:
        if doc._.act is Act.TELL or doc.spans[SPANS]:
            reading = doc._.reading
            doc._.unheard = self._unheard.stretches(reading.text, reading, doc._.sightings, doc._.cues)
        return doc


def _is_danger(span: Span) -> bool:
    return span.label_ in DANGER and span.kb_id_ in (Status.PRESENT.value, Status.UNCERTAIN.value)


_CLASSES: dict[str, type[Component]] = {
    "cues": Cues,
    "speaker": WhoSpeaks,
    "findings": Findings,
    "status": StatusOfFindings,
    "values": Values,
    "act": DialogueAct,
    "language": OtherLanguage,
    "unheard": NotUnderstood,
}


def _register(name: str, made_as: type[Component]) -> None:
    # Without annotations: spaCy's config reads them, and can't resolve those that wait to be evaluated.
    def make(nlp, name):  # type: ignore[no-untyped-def]
        return made_as(nlp.tokenizer.tables)

    Language.factory(name, func=make)


for _name, _class in _CLASSES.items():
    _register(_name, _class)
