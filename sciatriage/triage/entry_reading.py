"""Reads one entry of the knowledge at a time: its parts checked, its condition and its sources understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sciatriage.triage.chance_reading import (
    burden_of,
    typical_of,
)
from sciatriage.triage.entries import (
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
    SafetyNet,
    WeekEntry,
    Weight,
    Withheld,
)
from sciatriage.triage.expression import Condition, ConditionError, read_condition
from sciatriage.triage.likelihood_reading import likelihood_word
from sciatriage.triage.plain_words import PlainWords
from sciatriage.triage.reading import (
    Problems,
    check_keys,
    did_you_mean,
    has_cut_off,
    read_cited,
    read_flag,
    read_line,
    read_number,
)
from sciatriage.triage.vocabulary import Disposition
from sciatriage.triage.week_reading import in_the_week, week_entry

VALUES = ("age", "duration_days", "newest_days", "side", "pain_score")
KINDS = ("checklist", "number", "duration", "choice")
ADVICE_KINDS = ("self_care", "caution", "clinician_may", "education")
LIMITS = ("longest_sentence", "longest_word", "reading_age", "judged_from")


@dataclass(frozen=True)
class EntryReader:
    """Makes entries of what was gathered: each method takes an entry's id, file, place in the file and parts.

    A condition may name the findings and definitions, a citation the sources.
    """

    sources: Mapping[str, Mapping[str, Any]]
    finding_ids: Mapping[str, object]
    definition_ids: Mapping[str, object]
    problems: Problems

    def _cited(self, entry: Mapping[str, Any], file: Path, path: Sequence[str | int]) -> tuple[str, ...]:
        return read_cited(entry, file, path, self.sources, self.problems)

    def _when(self, entry: Mapping[str, Any], key: str, file: Path, path: Sequence[str | int]) -> Condition | None:
        written = entry[key]
        if has_cut_off(written) and not entry.get("reviewed"):
            says = "a cut-off is for a clinician to confirm; add 'reviewed: awaiting a clinician' to this entry"
            self.problems.add(file, [*path, key], says)
        try:
            return read_condition(written, self.finding_ids, self.definition_ids)
        except ConditionError as error:
            known = ""
            if isinstance(written, str):
                known = did_you_mean(written, [*self.finding_ids, *self.definition_ids])
            self.problems.add(file, [*path, key], f"{error}{known}")
            return None

    def finding(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> Finding:
        """Something a person can tell us."""
        return Finding(
            id=id_,
            name=str(entry["name"]),
            label=str(entry["label"]),
            simpler=str(entry["simpler"]),
            why=str(entry["why"]),
            sources=self._cited(entry, file, path),
            ask_in=entry.get("ask_in"),
            danger=read_flag(entry, "danger", file, path, self.problems),
            narrower_than=entry.get("narrower_than"),
            heard_as=tuple(map(str, entry.get("heard_as") or ())),
            reviewed=str(entry.get("reviewed", "")),
        )

    def definition(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> Definition | None:
        """A named combination, or None where its condition can't be read."""
        when = self._when(entry, "when", file, path)
        sources = self._cited(entry, file, path)
        if when is None:
            return None
        return Definition(id_, str(entry["name"]), when, str(entry["because"]), sources, str(entry.get("reviewed", "")))

    def rule(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> Rule | None:
        """A danger sign or a reason to be seen, or None where a part of it can't be read."""
        when = self._when(entry, "when", file, path)
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

    def question(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> QuestionEntry:
        """A question."""
        kind, value = str(entry["kind"]), entry.get("value")
        if kind not in KINDS:
            self.problems.add(file, [*path, "kind"], f"'{kind}' is no kind of question; use one of {', '.join(KINDS)}")
        if kind != "checklist" and value not in VALUES:
            self.problems.add(file, path, f"'{id_}' asks for '{value}'; a value is one of {', '.join(VALUES)}")
        return QuestionEntry(
            id=id_,
            kind=kind,
            order=int(read_number(entry, "order", file, path, self.problems)),
            text=str(entry["text"]),
            why=str(entry["why"]),
            sources=self._cited(entry, file, path),
            simpler=str(entry.get("simpler", "")),
            value=value,
            choices={str(key): str(label) for key, label in (entry.get("choices") or {}).items()},
            burden=burden_of(entry, file, path, self.problems),
            typical=typical_of(entry, file, path, self.problems),
        )

    def condition(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> ConditionEntry:
        """What it may be, with its weights."""
        return ConditionEntry(
            id=id_,
            name=str(entry["name"]),
            prior=read_number(entry, "prior", file, path, self.problems),
            speaks_for=self._weights(entry, "for", 1, file, path),
            speaks_against=self._weights(entry, "against", -1, file, path),
            absent=self._weights(entry, "absent", 1, file, path),
            because=str(entry["because"]),
            sources=self._cited(entry, file, path),
        )

    def likelihood(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> LikelihoodWord:
        """A word for how likely something is."""
        return likelihood_word(id_, file, path, entry, self._cited(entry, file, path), self.problems)

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
                points = read_number(written, "points", file, where, self.problems)
                if side != "absent" and points < 0:
                    says = f"points under '{side}' have no minus; move it to the other side"
                    self.problems.add(file, [*where, "points"], says)
                weights[key] = Weight(key, sign * points, str(written["because"]), self._cited(written, file, where))
        return weights

    def advice(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> Advice:
        """What helps, with its gates."""
        withheld = []
        for index, gate in enumerate(entry.get("withheld") or ()):
            where: tuple[str | int, ...] = (*path, "withheld", index)
            if check_keys(gate, file, where, ("when", "because", "sources"), ("reviewed",), self.problems):
                when = self._when(gate, "when", file, where)
                sources = self._cited(gate, file, where)
                if when is not None:
                    withheld.append(Withheld(when, str(gate["because"]), sources))
        if entry["kind"] not in ADVICE_KINDS:
            says = f"'{entry['kind']}' is no kind of advice; use one of {', '.join(ADVICE_KINDS)}"
            self.problems.add(file, [*path, "kind"], says)
        levels = [self._level(one, file, [*path, "dispositions"]) for one in entry["dispositions"]]
        return Advice(
            id=id_,
            title=str(entry["title"]),
            text=str(entry["text"]),
            kind=str(entry["kind"]),
            dispositions=tuple(level for level in levels if level is not None),
            for_whom=self._when(entry, "for", file, path) if entry.get("for") else None,
            withheld=tuple(withheld),
            because=str(entry["because"]),
            sources=self._cited(entry, file, path),
            **in_the_week(id_, file, path, entry, self.problems),
        )

    def week(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> WeekEntry | None:
        """The first week of a disposition."""
        return week_entry(id_, file, path, entry, self.problems, self._level, self._cited)

    def answer(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> Answer:
        """What people ask, answered."""
        asked_as = tuple(map(str, entry["asked_as"]))
        return Answer(id_, str(entry["title"]), str(entry["text"]).strip(), asked_as, self._cited(entry, file, path))

    def disposition(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> DispositionEntry | None:
        """Where to turn, in words."""
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

    def region(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> Region:
        """The numbers of a region."""
        self._cited(entry, file, path)
        lines = [read_line(entry, key, file, self.problems) for key in ("emergency", "urgent", "crisis")]
        return Region(id_, str(entry["name"]), *lines)

    def text(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> str:
        """A text that is said as it stands."""
        self._cited(entry, file, path)
        return str(entry["text"]).strip()

    def decision(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> Mapping[str, Any]:
        """Where the sources disagree, as it is written."""
        self._cited(entry, file, path)
        for index, position in enumerate(entry.get("positions") or ()):
            where: tuple[str | int, ...] = (*path, "positions", index)
            if check_keys(position, file, where, ("says", "sources"), (), self.problems):
                read_cited(position, file, where, self.sources, self.problems, reviewed=entry.get("reviewed", ""))
        return entry

    def plain_words(self, id_: str, file: Path, path: list[str], entry: Mapping[str, Any]) -> PlainWords:
        """What plain words are."""
        limit = {key: read_number(entry, key, file, path, self.problems) for key in LIMITS}
        return PlainWords(
            longest_sentence=int(limit["longest_sentence"]),
            longest_word=int(limit["longest_word"]),
            reading_age=limit["reading_age"],
            judged_from=int(limit["judged_from"]),
            say={str(word).casefold(): str(instead) for word, instead in entry["say"].items()},
            terms=frozenset(str(term).casefold() for term in entry["terms"]),
            not_shown=frozenset(map(str, entry["not_shown"])),
        )
