"""The case: everything known of one person's trouble. Immutable; a change gives a new case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sciatriage.triage.vocabulary import Mention, Status


@dataclass(frozen=True)
class Fact:
    """What is known of one finding. `words` are the person's own, `by` the question or rule it came by.

    `asked_again`: an uncertain answer stood after the second, simpler asking, so it counts as the table says.
    `in_passing`: said in free words, not in answer to its question; a danger sign denied so is still asked.
    """

    status: Status
    asked_again: bool = False
    words: str = ""
    by: str = ""
    side: str | None = None
    in_passing: bool = False


@dataclass(frozen=True)
class Case:
    """Findings with their status, and values.

    `values` hold duration_days [days], newest_days [days: since the newest sign, where it is told apart from the
    trouble], age [years], side, pain_score [0-10]; None means asked and not known, a missing key means not asked.
    `asked` lists the questions asked so far, in order.
    """

    findings: Mapping[str, Fact] = field(default_factory=dict)
    values: Mapping[str, float | str | None] = field(default_factory=dict)
    asked: tuple[str, ...] = ()

    def status(self, finding: str) -> Status | None:
        """The status of a finding, None where nothing was said of it."""
        fact = self.findings.get(finding)
        return fact.status if fact else None

    def with_fact(self, finding: str, fact: Fact) -> Case:
        """The case with this fact put in, whatever was there."""
        return replace(self, findings={**self.findings, finding: fact})

    def with_value(self, value: str, told: float | str | None) -> Case:
        """The case with this value put in."""
        return replace(self, values={**self.values, value: told})

    def without(self, findings: Iterable[str], values: Iterable[str] = ()) -> Case:
        """The case with these findings and values open again."""
        gone, gone_values = set(findings), set(values)
        return replace(
            self,
            findings={id_: fact for id_, fact in self.findings.items() if id_ not in gone},
            values={id_: told for id_, told in self.values.items() if id_ not in gone_values},
        )

    def hearing(self, mentions: Iterable[Mention]) -> Case:
        """The case after these mentions.

        A finding said to be present stays present here: taking it back is a correction, which the talk makes with
        `with_fact`. Otherwise a red flag could be lost to a slip of the tongue or of the ear. An uncertain mention
        of something once answered no opens it again, and is closed by the question, not by more words in passing;
        "past" and "other person" never replace an answer. So the order in which things are said doesn't matter.
        """
        findings = dict(self.findings)
        for mention in mentions:
            old = findings.get(mention.finding)
            new = Fact(mention.status, words=mention.text, by=mention.by, side=mention.side, in_passing=True)
            if old is None or _WEIGHT[new.status] > _WEIGHT[old.status]:
                findings[mention.finding] = new
        return replace(self, findings=findings)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, for Rasa's slot and the casebook."""
        return {
            "findings": {
                id_: {
                    key: told
                    for key, told in (
                        ("status", fact.status.value),
                        ("asked_again", fact.asked_again),
                        ("words", fact.words),
                        ("by", fact.by),
                        ("side", fact.side),
                        ("in_passing", fact.in_passing),
                    )
                    if told
                }
                for id_, fact in self.findings.items()
            },
            "values": dict(self.values),
            "asked": list(self.asked),
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Case:
        """The case that `to_json` wrote. Raises KeyError or ValueError for anything else."""
        return cls(
            findings={
                id_: Fact(
                    Status(fact["status"]),
                    bool(fact.get("asked_again", False)),
                    str(fact.get("words", "")),
                    str(fact.get("by", "")),
                    fact.get("side"),
                    bool(fact.get("in_passing", False)),
                )
                for id_, fact in written["findings"].items()
            },
            values=dict(written["values"]),
            asked=tuple(written["asked"]),
        )


_WEIGHT = {Status.OTHER_PERSON: 0, Status.PAST: 0, Status.ABSENT: 1, Status.UNCERTAIN: 2, Status.PRESENT: 3}
