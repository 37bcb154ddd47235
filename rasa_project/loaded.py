"""The knowledge and the ear, loaded once a process and shared by all of Rasa's components."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sciatriage.hearing.ear import Ear
    from sciatriage.triage.knowledge import Knowledge


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """The clinicians' knowledge, checked."""
    from sciatriage.triage.knowledge import load_knowledge

    return load_knowledge()


@lru_cache(maxsize=1)
def ear() -> Ear:
    """The hearing on that knowledge."""
    from sciatriage.hearing.ear import Ear

    return Ear(knowledge())


def region() -> str | None:
    """The region this clinic serves ($SCIATRIAGE_REGION), None where it isn't set."""
    return os.environ.get("SCIATRIAGE_REGION") or None
