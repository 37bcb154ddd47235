"""spaCy without TensorFlow: thinc imports TensorFlow wherever it is installed, which costs 5 to 10 s and 450 MB.

Nothing here learns through thinc, so where TensorFlow isn't loaded yet (the command line, the action server) thinc is
told that there is none. In Rasa's own process it is loaded already, and stays as it is.
"""

from __future__ import annotations

import sys
from typing import Any

_HEAVY = "tensorflow"

_absent = _HEAVY not in sys.modules
if _absent:
    # The import system takes None for "can't be imported", which is what thinc asks.
    sys.modules[_HEAVY] = None  # type: ignore[assignment]
try:
    import spacy
    from spacy.language import Language
    from spacy.tokens import Doc, Span
    from spacy.vocab import Vocab
finally:
    if _absent:
        del sys.modules[_HEAVY]

__all__ = ["Doc", "Language", "Span", "Vocab", "blank"]


def blank(language: str) -> Any:
    """A pipeline with no component and no model."""
    return spacy.blank(language)
