"""Reads the words for how well a cause fits, from the likeliest down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from sciatriage.triage.entries import LikelihoodWord
from sciatriage.triage.reading import Problems, read_number

LIKELIHOOD = (("word", "from", "first", "because", "sources"), ("beside", "reviewed"))


def likelihood_word(
    id_: str, file: Path, path: list[str], entry: Mapping[str, Any], sources: tuple[str, ...], problems: Problems
) -> LikelihoodWord:
    """One word, with the share it begins at and the sentences that name a cause."""
    begins = read_number(entry, "from", file, path, problems)
    if not 0 <= begins < 1:
        problems.add(file, [*path, "from"], f"'from' is a share of one: 0 or more and below 1, not {entry['from']}")
    told = {key: str(entry.get(key, "")).strip() for key in ("word", "first", "beside", "because")}
    for key in ("first", "beside"):
        if told[key] and re.findall(r"\{.*?\}", told[key]) != ["{name}"]:
            problems.add(file, [*path, key], f"'{key}' names the cause by the blank {{name}}, once and no other blank")
    return LikelihoodWord(id_, begins=begins, sources=sources, **told)


def from_the_likeliest(words: Iterable[LikelihoodWord], problems: Problems) -> tuple[LikelihoodWord, ...]:
    """The words in order. Each share from 0 to 1 has one; two may not begin at the same."""
    in_order = tuple(sorted(words, key=lambda one: -one.begins))
    where = "knowledge/likelihood.yml:1"
    if not in_order or in_order[-1].begins:
        problems.found.append(f"{where}: there is no word from a share of 0 on; add one")
    for one, next_ in pairwise(in_order):
        if one.begins == next_.begins:
            problems.found.append(f"{where}: '{one.id}' and '{next_.id}' begin at the same share; move one of them")
    return in_order
