"""Loads the clinicians' room: cited YAML in, checked and frozen entries out. Only this room of triage reads files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from sciatriage.triage.entries import (
    Advice,
    Answer,
    ConditionEntry,
    Definition,
    DispositionEntry,
    Finding,
    Line,
    QuestionEntry,
    Region,
    Rule,
    SafetyNet,
    Weight,
    Withheld,
)
from sciatriage.triage.expression import Condition, ConditionError, Leaf, read_condition
from sciatriage.triage.reading import KnowledgeError, Problems, check_keys, did_you_mean, read_yaml
from sciatriage.triage.vocabulary import Disposition

__all__ = ["VALUES", "Knowledge", "KnowledgeError", "load_knowledge"]

VALUES = ("age", "duration_days", "newest_days", "side", "pain_score")
KINDS = ("checklist", "number", "duration", "choice")
Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Knowledge:
    """All that the assistant knows. `fingerprint` is a SHA-256 over the files it was read from."""

    fingerprint: str
    sources: Mapping[str, Mapping[str, Any]]
    findings: Mapping[str, Finding]
    definitions: Mapping[str, Definition]
    questions: Mapping[str, QuestionEntry]
    rules: Mapping[str, Rule]
    conditions: Mapping[str, ConditionEntry]
    advice: Mapping[str, Advice]
    answers: Mapping[str, Answer]
    regions: Mapping[str, Region]
    dispositions: Mapping[Disposition, DispositionEntry]
    decisions: Mapping[str, Mapping[str, Any]]
    texts: Mapping[str, str]
    phrases: Mapping[str, str]
    scope_words: frozenset[str]

    @property
    def conditions_of_definitions(self) -> Mapping[str, Condition]:
        """Each definition's condition by id."""
        return {id_: definition.when for id_, definition in self.definitions.items()}

    def question_of(self, leaf: Leaf) -> QuestionEntry | None:
        """The question that settles a finding or value; None where it is only heard."""
        if leaf.kind == "value":
            return next((question for question in self.questions.values() if question.value == leaf.id), None)
        ask_in = self.findings[leaf.id].ask_in
        return self.questions[ask_in] if ask_in else None

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
        self.raw: dict[str, dict[str, tuple[Path, list[str], Any]]] = {}
        self.texts: dict[str, str] = {}
        self.phrases: dict[str, str] = {}
        self.scope_words: frozenset[str] = frozenset()
        self.sources: dict[str, Mapping[str, Any]] = {}

    def read(self) -> Knowledge:
        for file in self.files:
            self._gather(file)
        self.sources = {id_: entry for id_, (_, _, entry) in self.raw.get("sources", {}).items()}
        self.finding_ids = dict(self.raw.get("findings", {}))
        self.definition_ids = dict(self.raw.get("definitions", {}))
        findings = self._all("findings", self._finding)
        questions = self._all("questions", self._question)
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
        knowledge = Knowledge(
            fingerprint=self._fingerprint(),
            sources=self.sources,
            findings=findings,
            definitions=self._all("definitions", self._definition),
            questions=dict(sorted(questions.items(), key=lambda item: item[1].order)),
            rules=self._all("rules", self._rule),
            conditions=self._all("conditions", self._condition),
            advice=self._all("advice", self._advice),
            answers=self._all("answers", self._answer),
            regions=self._regions(),
            dispositions={Disposition(id_): one for id_, one in self._all("dispositions", self._disposition).items()},
            decisions={id_: entry for id_, (_, _, entry) in self.raw.get("decisions", {}).items()},
            texts=self.texts,
            phrases=self.phrases,
            scope_words=self.scope_words,
        )
        self._check_whole(knowledge)
        self.problems.raise_if_any()
        return knowledge

    # Gathering

    def _gather(self, file: Path) -> None:
        read = read_yaml(file, self.problems)
        if file.parent.name == "regions":
            self.raw.setdefault("regions", {})[file.stem] = (file, [], read)
            return
        for section, entries in read.items():
            if section in ("crisis", "fail_safe", "opening"):
                self.texts[section] = str(entries["text"]).strip() if isinstance(entries, Mapping) else str(entries)
                continue
            if section == "phrases":
                self.phrases.update({str(id_): str(text) for id_, text in entries.items()})
                continue
            if section == "scope_words":
                self.scope_words = frozenset(map(str, entries))
                continue
            if section not in _SECTIONS:
                self.problems.add(file, [section], f"'{section}' is no section{did_you_mean(section, _SECTIONS)}")
                continue
            for id_, entry in (entries or {}).items():
                if id_ in self.raw.get(section, {}):
                    first = self.raw[section][id_][0].name
                    self.problems.add(file, [section, id_], f"'{id_}' is already in {first}; keep one of them")
                    continue
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

    # One entry each

    def _cited(self, entry: Mapping[str, Any], file: Path, path: Sequence[str]) -> tuple[str, ...]:
        cited = []
        written = entry.get("sources") or []
        for source in written if isinstance(written, list) else [written]:
            if isinstance(source, Mapping):
                for id_, passage in source.items():
                    cited.append(f"{id_}: {passage}")
            else:
                cited.append(str(source))
        for one in cited:
            id_ = one.split(":")[0].strip()
            if id_ not in self.sources:
                known = did_you_mean(id_, self.sources)
                self.problems.add(file, [*path, "sources"], f"source '{id_}' is not in sources.yml{known}")
        if not cited:
            self.problems.add(file, path, f"'{path[-1]}' has no source; nothing is known here without one")
        return tuple(cited)

    def _when(self, written: object, file: Path, path: Sequence[str]) -> Condition | None:
        try:
            return read_condition(written, self.finding_ids, self.definition_ids)
        except ConditionError as error:
            known = ""
            if isinstance(written, str):
                known = did_you_mean(written, [*self.finding_ids, *self.definition_ids])
            self.problems.add(file, [*path, "when"], f"{error}{known}")
            return None

    def _finding(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> Finding:
        return Finding(
            id=id_,
            name=str(entry["name"]),
            label=str(entry["label"]),
            simpler=str(entry["simpler"]),
            why=str(entry["why"]),
            sources=self._cited(entry, file, path),
            ask_in=entry.get("ask_in"),
            danger=bool(entry.get("danger", False)),
            narrower_than=entry.get("narrower_than"),
            heard_as=tuple(map(str, entry.get("heard_as") or ())),
            reviewed=str(entry.get("reviewed", "")),
        )

    def _definition(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> Definition | None:
        when = self._when(entry["when"], file, path)
        sources = self._cited(entry, file, path)
        if when is None:
            return None
        return Definition(id_, str(entry["name"]), when, str(entry["because"]), sources, str(entry.get("reviewed", "")))

    def _rule(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> Rule | None:
        when = self._when(entry["when"], file, path)
        levels = [self._level(entry[key], file, [*path, key]) for key in ("present", "uncertain")]
        sources = self._cited(entry, file, path)
        present, uncertain = levels
        if when is None or present is None or uncertain is None:
            return None
        if uncertain.urgency > present.urgency:
            self.problems.add(file, [*path, "uncertain"], f"'{id_}' is more urgent unsure than sure; swap them")
        return Rule(
            id=id_,
            when=when,
            present=present,
            uncertain=uncertain,
            because=str(entry["because"]),
            sources=sources,
            red_flag=file.parent.name == "red_flags",
            reviewed=str(entry.get("reviewed", "")),
        )

    def _level(self, written: object, file: Path, path: Sequence[str]) -> Disposition | None:
        try:
            return Disposition(str(written))
        except ValueError:
            known = did_you_mean(str(written), [one.value for one in Disposition])
            self.problems.add(file, path, f"'{written}' is no disposition{known}")
            return None

    def _question(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> QuestionEntry:
        kind, value = str(entry["kind"]), entry.get("value")
        if kind not in KINDS:
            self.problems.add(file, [*path, "kind"], f"'{kind}' is no kind of question; use one of {', '.join(KINDS)}")
        if kind != "checklist" and value not in VALUES:
            self.problems.add(file, path, f"'{id_}' asks for '{value}'; a value is one of {', '.join(VALUES)}")
        return QuestionEntry(
            id=id_,
            kind=kind,
            order=int(entry["order"]),
            text=str(entry["text"]),
            why=str(entry["why"]),
            sources=self._cited(entry, file, path),
            simpler=str(entry.get("simpler", "")),
            value=value,
            choices={str(key): str(label) for key, label in (entry.get("choices") or {}).items()},
        )

    def _condition(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> ConditionEntry:
        return ConditionEntry(
            id=id_,
            name=str(entry["name"]),
            prior=float(entry.get("prior", 0.0)),
            speaks_for=self._weights(entry, "for", 1, file, path),
            speaks_against=self._weights(entry, "against", -1, file, path),
            absent=self._weights(entry, "absent", 1, file, path),
            because=str(entry["because"]),
            sources=self._cited(entry, file, path),
        )

    def _weights(
        self, entry: Mapping[str, Any], side: str, sign: int, file: Path, path: list[str]
    ) -> dict[str, Weight]:
        weights = {}
        for key, written in (entry.get(side) or {}).items():
            where = [*path, side, str(key)]
            if key not in self.finding_ids and key not in self.definition_ids:
                known = did_you_mean(str(key), [*self.finding_ids, *self.definition_ids])
                self.problems.add(file, where, f"'{key}' is neither a finding nor a definition{known}")
            elif check_keys(written, file, where, ("points", "because", "sources"), ("reviewed",), self.problems):
                points = sign * float(written["points"])
                weights[key] = Weight(key, points, str(written["because"]), self._cited(written, file, where))
        return weights

    def _advice(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> Advice:
        withheld = []
        for gate in entry.get("withheld") or ():
            if check_keys(gate, file, [*path, "withheld"], _GATE, ("reviewed",), self.problems):
                when = self._when(gate["when"], file, [*path, "withheld"])
                if when is not None:
                    sources = self._cited(gate, file, [*path, "withheld"])
                    withheld.append(Withheld(when, str(gate["because"]), sources))
        levels = [self._level(one, file, [*path, "dispositions"]) for one in entry["dispositions"]]
        return Advice(
            id=id_,
            title=str(entry["title"]),
            text=str(entry["text"]),
            kind=str(entry["kind"]),
            dispositions=tuple(level for level in levels if level is not None),
            for_whom=self._when(entry["for"], file, path) if entry.get("for") else None,
            withheld=tuple(withheld),
            because=str(entry["because"]),
            sources=self._cited(entry, file, path),
        )

    def _answer(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> Answer:
        asked_as = tuple(map(str, entry["asked_as"]))
        return Answer(id_, str(entry["title"]), str(entry["text"]).strip(), asked_as, self._cited(entry, file, path))

    def _disposition(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> DispositionEntry | None:
        level = self._level(id_, file, path)
        net = entry["safety_net"]
        parts = ("uncertain", "watch_for", "turn_to", "how_long")
        if level is None or not check_keys(net, file, [*path, "safety_net"], parts, (), self.problems):
            return None
        return DispositionEntry(
            id=level,
            heading=str(entry["heading"]),
            within=str(entry["within"]),
            what_to_do=str(entry["what_to_do"]).strip(),
            who_to_call=str(entry["who_to_call"]).strip(),
            safety_net=SafetyNet(*(str(net[part]).strip() for part in parts)),
            sources=self._cited(entry, file, path),
        )

    def _regions(self) -> dict[str, Region]:
        regions = {}
        for code, (file, path, entry) in self.raw.get("regions", {}).items():
            required, optional = _SECTIONS["regions"]
            if not check_keys(entry, file, [*path, code][:1], required, optional, self.problems):
                continue
            self._cited(entry, file, path or [code])
            lines = [
                Line(str(entry[key]["number"]) if entry[key].get("number") else None, str(entry[key]["say"]))
                for key in ("emergency", "urgent", "crisis")
            ]
            regions[code] = Region(code, str(entry["name"]), *lines)
        return regions

    # The whole

    def _check_whole(self, knowledge: Knowledge) -> None:
        for needed in Disposition:
            if needed not in knowledge.dispositions:
                self.problems.found.append(f"knowledge/dispositions.yml:1: there is no '{needed.value}'; add it")
        for needed_text in ("crisis", "fail_safe", "opening"):
            if needed_text not in knowledge.texts:
                self.problems.found.append(f"knowledge/dispositions.yml:1: there is no '{needed_text}' text; add it")
        if "default" not in knowledge.regions:
            self.problems.found.append("knowledge/regions/default.yml:1: no list for an unknown region; add it")
        if "in_scope" not in knowledge.definitions:
            self.problems.found.append("knowledge/definitions.yml:1: there is no 'in_scope'; rules need it")
        self._refuse_circles(knowledge)

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


_GATE = ("when", "because", "sources")
_SECTIONS: dict[str, tuple[Iterable[str], Iterable[str]]] = {
    "sources": (("title",), ("publisher", "year", "kind", "used_for", "reviewed", "link")),
    "findings": (
        ("name", "label", "simpler", "why", "sources"),
        ("ask_in", "danger", "narrower_than", "heard_as", "reviewed"),
    ),
    "definitions": (("when", "name", "because", "sources"), ("reviewed",)),
    "questions": (("kind", "order", "text", "why", "sources"), ("simpler", "value", "choices", "reviewed")),
    "rules": (("when", "present", "uncertain", "because", "sources"), ("reviewed",)),
    "conditions": (("name", "because", "sources"), ("prior", "for", "against", "absent", "reviewed")),
    "advice": (
        ("title", "text", "kind", "dispositions", "because", "sources"),
        ("for", "withheld", "reviewed"),
    ),
    "answers": (("title", "text", "asked_as", "sources"), ("reviewed",)),
    "dispositions": (
        ("heading", "within", "what_to_do", "who_to_call", "safety_net", "sources"),
        ("because", "reviewed"),
    ),
    "decisions": (("question", "settled", "because"), ("positions", "sources", "reviewed")),
    "regions": (("name", "emergency", "urgent", "crisis", "sources"), ("by_country", "reviewed")),
}
