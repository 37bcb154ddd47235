"""One ear for all tests of hearing: it keeps no state, and making one takes half a second."""

from __future__ import annotations

import pytest

from sciatriage.hearing.ear import Ear


@pytest.fixture(scope="session")
def ear() -> Ear:
    """An ear with its own lexicon alone."""
    return Ear()
