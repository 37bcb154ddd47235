"""Loads the clinicians' room: cited YAML in, checked and frozen entries out. Only this room of triage reads files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from sciatriage.triage.chance_reading import (
    CHANCES,
    EXPECTED,
    WAITING,
    chances_of,
    waiting_of,
)
from sciatriage.triage.entries import (
    AT_HOME,
    Advice,
    Answer,
    ConditionEntry,
    Definition,
    DispositionEntry,
    Finding,
    LikelihoodWord,
    QuestionEntry,
    Region,
    Rule,
    WeekEntry,
)
from sciatriage.triage.entry_reading import LIMITS, VALUES, EntryReader
from sciatriage.triage.expectation import Expectations, expectations
from sciatriage.triage.expression import NO, NOT_ASKED, Condition, Leaf
from sciatriage.triage.likelihood_reading import LIKELIHOOD, from_the_likeliest
from sciatriage.triage.plain_words import faults_of_file
from sciatriage.triage.reading import (
    KnowledgeError,
    Problems,
    check_keys,
    did_you_mean,
    read_yaml,
)
from sciatriage.triage.vocabulary import Disposition
from sciatriage.triage.week_reading import IN_THE_WEEK

__all__ = ["VALUES", "Knowledge", "KnowledgeError", "load_knowledge"]

TEXTS = ("crisis", "fail_safe", "opening")
Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Knowledge:
    """All that the assistant knows. `fingerprint` is a SHA-256 over the files it was read from.

    `chances` are the findings' before anything is known; `waiting` [hours] is how long each disposition leaves.
    """

    fingerprint: str
    sources: Mapping[str, Mapping[str, Any]]
    findings: Mapping[str, Finding]
    definitions: Mapping[str, Definition]
    questions: Mapping[str, QuestionEntry]
    rules: Mapping[str, Rule]
    conditions: Mapping[str, ConditionEntry]
    likelihood_words: tuple[LikelihoodWord, ...]
    advice: Mapping[str, Advice]
    week: Mapping[Disposition, WeekEntry]
    answers: Mapping[str, Answer]
    regions: Mapping[str, Region]
    dispositions: Mapping[Disposition, DispositionEntry]
    decisions: Mapping[str, Mapping[str, Any]]
    texts: Mapping[str, str]
    phrases: Mapping[str, str]
    scope_words: frozenset[str]
    chances: Mapping[str, float]
    waiting: Mapping[Disposition, float]

    @cached_property
    def conditions_of_definitions(self) -> Mapping[str, Condition]:
        """Each definition's condition by id."""
        return {id_: definition.when for id_, definition in self.definitions.items()}

    @cached_property
    def narrower(self) -> Mapping[str, str]:
        """The wider finding by the id of each that is narrower than another."""
        return {id_: finding.narrower_than for id_, finding in self.findings.items() if finding.narrower_than}

    @cached_property
    def before_asking(self) -> Mapping[str, int]:
        """Each finding's span (as bits) while nothing was said of it. Who is never asked it can't have it open."""
        return {id_: (NOT_ASKED if finding.ask_in else NO).bits for id_, finding in self.findings.items()}

    @cached_property
    def expectations(self) -> Expectations:
        """What the order of the questions rests on, made ready once."""
        return expectations(self)

    @cached_property
    def _asked_by(self) -> Mapping[Leaf, QuestionEntry]:
        asked_by = {Leaf("value", one.value): one for one in self.questions.values() if one.value}
        for id_, finding in self.findings.items():
            if finding.ask_in:
                asked_by[Leaf("finding", id_)] = self.questions[finding.ask_in]
        return asked_by

    def question_of(self, leaf: Leaf) -> QuestionEntry | None:
        """The question that settles a finding or value; None where it is only heard."""
        return self._asked_by.get(leaf)

    def region(self, code: str | None) -> Region:
        """The region's numbers, or the list by country where none is set or known."""
        return self.regions.get((code or "default").lower(), self.regions["default"])


def knowledge_folder() -> Path:
    """Where the knowledge is: $SCIATRIAGE_KNOWLEDGE, or `knowledge/` beside the package."""
    written = os.environ.get("SCIATRIAGE_KNOWLEDGE")
    return Path(written) if written else Path(__file__).resolve().parents[2] / "knowledge"


def load_knowledge(folder: Path | None = None) -> Knowledge:
    """Read and check the whole folder. Raises KnowledgeError with every mistake found, file and line each."""
    folder = (folder or knowledge_folder()).resolve()
    if not folder.is_dir():
        raise KnowledgeError([f"{folder}: there is no knowledge here"])
    return _Reader(folder).read()


class _Reader:
    """One reading of the folder. Gathers raw entries first, since a condition may name what another file defines."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems = Problems(folder)
        self.files = sorted(folder.rglob("*.yml"))
        self.read_from: dict[Path, Mapping[str, Any]] = {}
        self.raw: dict[str, dict[str, tuple[Path, list[str], Any]]] = {}
        self.scope_words: frozenset[str] = frozenset()

    def read(self) -> Knowledge:
        for file in self.files:
            self._gather(file)
        sources = self._all("sources", lambda id_, file, path, entry: entry)
        entries = self.entries
        for id_ in entries.definition_ids.keys() & entries.finding_ids.keys():
            self._problem("definitions", id_, f"'{id_}' is a finding already; give the definition another id")
        findings = self._all("findings", entries.finding)
        questions = self._all("questions", entries.question)
        for question in questions.values():
            within = [id_ for id_, finding in findings.items() if finding.ask_in == question.id]
            within.sort(key=lambda id_: not findings[id_].danger)  # danger signs head their list
            questions[question.id] = replace(question, findings=tuple(within))
        for id_, finding in findings.items():
            if finding.narrower_than and finding.narrower_than not in findings:
                self._problem(
                    "findings", id_, f"'{id_}' is narrower than '{finding.narrower_than}', which is no finding"
                )
            if finding.ask_in and finding.ask_in not in questions:
                known = did_you_mean(finding.ask_in, questions)
                self._problem("findings", id_, f"'{id_}' is asked in '{finding.ask_in}', which no question is{known}")
            elif finding.ask_in and questions[finding.ask_in].kind != "checklist":
                self._problem("findings", id_, f"'{id_}' is asked in '{finding.ask_in}', which is no checklist")
        knowledge = Knowledge(
            fingerprint=self._fingerprint(),
            sources=sources,
            findings=findings,
            definitions=self._all("definitions", entries.definition),
            questions=dict(sorted(questions.items(), key=lambda item: item[1].order)),
            rules=self._all("rules", entries.rule),
            conditions=self._all("conditions", entries.condition),
            likelihood_words=from_the_likeliest(self._all("likelihood", entries.likelihood).values(), self.problems),
            advice=self._all("advice", entries.advice),
            week={Disposition(id_): one for id_, one in self._all("week", entries.week).items()},
            answers=self._all("answers", entries.answer),
            regions=self._all("regions", entries.region),
            dispositions={Disposition(id_): one for id_, one in self._all("dispositions", entries.disposition).items()},
            decisions=self._all("decisions", entries.decision),
            texts=self._all("texts", entries.text),
            phrases={id_: str(text) for id_, (_, _, text) in self.raw.get("phrases", {}).items()},
            scope_words=self.scope_words,
            chances=chances_of(self.raw, findings, self.problems),
            waiting=waiting_of(self.raw.get("waiting", {}), self.problems),
        )
        self._check_whole(knowledge)
        self._check_words()
        self.problems.raise_if_any()
        return knowledge

    # Gathering

    def _gather(self, file: Path) -> None:
        read = self.read_from[file] = read_yaml(file, self.problems)
        if file.parent.name == "regions":
            self.raw.setdefault("regions", {})[file.stem] = (file, [], read)
            return
        for section, entries in read.items():
            if section == "scope_words":
                self.scope_words = frozenset(map(str, entries))
            elif section in TEXTS:
                self.raw.setdefault("texts", {})[section] = (file, [section], entries)
            elif section == "plain_words":
                self.raw.setdefault("plain_words", {})[section] = (file, [section], entries)
            elif section not in _SECTIONS or section in _NOT_WRITTEN:
                known = did_you_mean(section, [*(set(_SECTIONS) - _NOT_WRITTEN), *TEXTS])
                self.problems.add(file, [section], f"'{section}' is no section{known}")
            elif not isinstance(entries, Mapping):
                self.problems.add(file, [section], f"'{section}' must be a map of its entries, an id each")
            else:
                self._gather_entries(file, section, entries)

    def _gather_entries(self, file: Path, section: str, entries: Mapping[str, Any]) -> None:
        for id_, entry in entries.items():
            if id_ in self.raw.get(section, {}):
                first = self.raw[section][id_][0].name
                self.problems.add(file, [section, id_], f"'{id_}' is already in {first}; keep one of them")
            else:
                self.raw.setdefault(section, {})[id_] = (file, [section, id_], entry)

    def _all(self, section: str, build: Callable[[str, Path, list[str], Any], Entry | None]) -> dict[str, Entry]:
        built = {}
        for id_, (file, path, entry) in self.raw.get(section, {}).items():
            required, optional = _SECTIONS[section]
            if check_keys(entry, file, path, required, optional, self.problems):
                one = build(id_, file, path, entry)
                if one is not None:
                    built[id_] = one
        return built

    def _problem(self, section: str, id_: str, says: str) -> None:
        file, path, _ = self.raw[section][id_]
        self.problems.add(file, path, says)

    @cached_property
    def entries(self) -> EntryReader:
        """Reads one entry at a time; knows all ids once all files are gathered."""
        raw = {section: {id_: entry for id_, (_, _, entry) in of.items()} for section, of in self.raw.items()}
        sources = {id_: entry for id_, entry in raw.get("sources", {}).items() if isinstance(entry, Mapping)}
        return EntryReader(sources, raw.get("findings", {}), raw.get("definitions", {}), self.problems)

    # The whole

    def _check_whole(self, knowledge: Knowledge) -> None:
        for needed in Disposition:
            if needed not in knowledge.dispositions:
                self._missing("dispositions.yml", f"there is no '{needed.value}'; add it")
        for needed_text in TEXTS:
            if needed_text not in knowledge.texts:
                self._missing("dispositions.yml", f"there is no '{needed_text}' text; add it")
        if "default" not in knowledge.regions:
            self._missing("regions/default.yml", "no list for an unknown region; add it")
        for at_home in AT_HOME:
            if at_home not in knowledge.week:
                self._missing("week.yml", f"there is no week for '{at_home.value}'; add it")
        if "in_scope" not in knowledge.definitions:
            self._missing("definitions.yml", "there is no 'in_scope'; rules need it")
        self._refuse_circles(knowledge)

    def _missing(self, file: str, says: str) -> None:
        self.problems.add(self.folder / file, [], says)

    def _check_words(self) -> None:
        plain = self._all("plain_words", self.entries.plain_words).get("plain_words")
        if plain is None:
            self._missing("plain_words.yml", "nothing says how plain the words must be; add 'plain_words'")
            return
        for file, read in self.read_from.items():
            for path, says in faults_of_file(read, plain, file.parent.name == "regions"):
                self.problems.add(file, path, says)

    def _refuse_circles(self, knowledge: Knowledge) -> None:
        def reaches(id_: str, seen: tuple[str, ...]) -> None:
            if id_ in seen:
                self._problem("definitions", id_, f"'{id_}' rests on itself by way of {' and '.join(seen)}")
                return
            for leaf in knowledge.definitions[id_].when.leaves() if id_ in knowledge.definitions else ():
                if leaf.kind == "definition":
                    reaches(leaf.id, (*seen, id_))

        for id_ in knowledge.definitions:
            reaches(id_, ())

    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        for file in self.files:
            digest.update(str(file.relative_to(self.folder)).encode())
            digest.update(b"\0")
            digest.update(file.read_bytes())
            digest.update(b"\0")
        return digest.hexdigest()


_SECTIONS: dict[str, tuple[Iterable[str], Iterable[str]]] = {
    "sources": (("title",), ("publisher", "year", "kind", "used_for", "reviewed", "link")),
    "findings": (
        ("name", "label", "simpler", "why", "sources"),
        ("ask_in", "danger", "narrower_than", "heard_as", "reviewed"),
    ),
    "definitions": (("when", "name", "because", "sources"), ("reviewed",)),
    "questions": (
        ("kind", "order", "text", "why", "sources"),
        ("simpler", "value", "choices", "burden", "typical", "reviewed"),
    ),
    "chances": CHANCES,
    "expected": EXPECTED,
    "waiting": WAITING,
    "rules": (("when", "present", "uncertain", "because", "sources"), ("reviewed",)),
    "conditions": (("name", "because", "sources"), ("prior", "for", "against", "absent", "reviewed")),
    "likelihood": LIKELIHOOD,
    "advice": (
        ("title", "text", "kind", "dispositions", "because", "sources"),
        ("for", "withheld", "reviewed", *IN_THE_WEEK),
    ),
    "week": (("title", "intro", "stop_rules", "check_in", "sources"), ("be_seen_after", "reviewed")),
    "answers": (("title", "text", "asked_as", "sources"), ("reviewed",)),
    "dispositions": (
        ("heading", "within", "what_to_do", "who_to_call", "safety_net", "because", "sources"),
        ("reviewed",),
    ),
    "decisions": (("question", "settled", "because", "sources"), ("positions", "reviewed")),
    "texts": (("text", "sources"), ("reviewed",)),
    "plain_words": ((*LIMITS, "say", "terms", "not_shown"), ()),
    "phrases": ((), ()),
    "regions": (("name", "emergency", "urgent", "crisis", "sources"), ("by_country", "reviewed")),
}
_NOT_WRITTEN = {"texts", "regions"}  # not sections of a file: each of TEXTS is one, and a region is a whole file
