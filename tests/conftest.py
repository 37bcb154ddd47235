"""What every test shares: the knowledge, and (in fixtures of their own) the real server with a trained model."""

from __future__ import annotations

import pytest

from sciatriage.triage.knowledge import Knowledge, load_knowledge


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The clinicians' knowledge as it stands."""
    return load_knowledge()
