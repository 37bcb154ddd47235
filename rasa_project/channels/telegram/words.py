"""The channel's own few sentences, from words.yml beside this file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML


@dataclass(frozen=True)
class Words:
    """One field per entry of words.yml; a missing or unknown entry stops the start with its name."""

    private_only: str
    text_only: str
    caption_read: str
    edits_unseen: str
    choose: str
    done: str
    none_of_these: str
    ticked: str
    unticked: str
    tick_first: str
    untick_first: str
    ticks_lost: str
    too_many: str


@lru_cache(maxsize=1)
def load_words() -> Words:
    """Read words.yml."""
    return Words(**YAML(typ="safe", pure=True).load(Path(__file__).with_name("words.yml")))
