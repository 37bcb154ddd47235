"""How well a cause fits, in words and never as a percentage: the points are a judgement, not measured odds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sciatriage.triage.case import Case
from sciatriage.triage.differential import Possibility
from sciatriage.triage.entries import LikelihoodWord, Weight
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.vocabulary import Status

NAMED_BESIDE = 2  # how many causes are named after the first
SAID_FOR, SAID_AGAINST, SAID_NOT_ASKED = 4, 3, 3  # findings named, the weightiest first
UNNAMED = "other"  # "something else" is no cause that people could look up


def likelihood(score: float, knowledge: Knowledge) -> LikelihoodWord:
    """The word for a share of one. The knowledge lists the words from the likeliest down; the last begins at 0."""
    return next(one for one in knowledge.likelihood_words if score >= one.begins)


def named(differential: Sequence[Possibility], knowledge: Knowledge) -> list[tuple[Possibility, str]]:
    """The causes that people are told of, each with the sentence that names it: the first, and up to two beside it."""
    said: list[tuple[Possibility, str]] = []
    for at, one in enumerate(differential[: 1 + NAMED_BESIDE]):
        fits = likelihood(one.score, knowledge)
        if one.condition.id != UNNAMED and (at == 0 or fits.beside):
            sentence = fits.beside if said else fits.first
            said.append((one, sentence.format(name=one.condition.name)))
    return said


def differential_json(
    differential: Sequence[Possibility], told_of: Iterable[Possibility], knowledge: Knowledge, case: Case
) -> list[dict[str, Any]]:
    """The contract's elements, each with its word; those that people are told of also in words."""
    told = {one.condition.id for one in told_of}
    return [
        {
            "condition": one.condition.id,
            "name": one.condition.name,
            "score": round(one.score, 4),
            "likelihood": likelihood(one.score, knowledge).word,
            "for": list(one.speaks_for),
            "against": [key for key in one.against if key in knowledge.findings],
            "not_asked": list(one.not_asked),
            "in_words": possibility_in_words(one, knowledge, case) if one.condition.id in told else [],
        }
        for one in differential
    ]


def possibility_in_words(possibility: Possibility, knowledge: Knowledge, case: Case | None = None) -> list[str]:
    """What speaks for this cause, what speaks against it, and what was not asked: a sentence each, by plain names.

    With the case, what the person was not sure of is said apart from what they have.
    """
    condition = possibility.condition
    present, unsure = _sure_and_unsure(_by_weight(possibility.speaks_for, condition.speaks_for), case)
    against = [key for key in possibility.against if key in condition.speaks_against]
    has, perhaps = _sure_and_unsure(_by_weight(against, condition.speaks_against), case)
    denied = [key for key in possibility.against if key not in condition.speaks_against]
    weights = {**condition.speaks_for, **condition.speaks_against}
    lines = (
        ("likelihood_for", present[:SAID_FOR]),
        ("likelihood_for_unsure", unsure[:SAID_FOR]),
        ("likelihood_against", has[:SAID_AGAINST]),
        ("likelihood_against_unsure", perhaps[:SAID_AGAINST]),
        ("likelihood_denied", _by_weight(_without_wholes(denied, knowledge), condition.absent)[:SAID_AGAINST]),
        ("likelihood_not_asked", _by_weight(possibility.not_asked, weights)[:SAID_NOT_ASKED]),
    )
    return [knowledge.phrases[id_].format(findings=_names(keys, knowledge)) for id_, keys in lines if keys]


def what_speaks_for(possibility: Possibility, knowledge: Knowledge, case: Case) -> str:
    """The one sentence of what the person has that speaks for this cause; empty where nothing does."""
    keys, _ = _sure_and_unsure(_by_weight(possibility.speaks_for, possibility.condition.speaks_for), case)
    return knowledge.phrases["likelihood_for"].format(findings=_names(keys[:SAID_FOR], knowledge)) if keys else ""


def _by_weight(keys: Iterable[str], weights: Mapping[str, Weight]) -> list[str]:
    """The weightiest first. What counts only as part of a definition has no weight of its own and comes last."""
    return sorted(keys, key=lambda key: -abs(weights[key].points) if key in weights else 0.0)


def _sure_and_unsure(keys: Iterable[str], case: Case | None) -> tuple[list[str], list[str]]:
    sure: list[str] = []
    unsure: list[str] = []
    for key in keys:
        (unsure if case and case.status(key) is Status.UNCERTAIN else sure).append(key)
    return sure, unsure


def _without_wholes(keys: Sequence[str], knowledge: Knowledge) -> list[str]:
    """Without definitions that hold a finding which is named anyway: "a nerve feeling" says no more than "tingling"."""
    return [
        key
        for key in keys
        if key in knowledge.findings or not {leaf.id for leaf in knowledge.definitions[key].when.leaves()} & set(keys)
    ]


def _names(keys: Sequence[str], knowledge: Knowledge) -> str:
    names = [(knowledge.findings.get(key) or knowledge.definitions[key]).name for key in keys]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
