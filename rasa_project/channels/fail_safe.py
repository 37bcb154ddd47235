"""What is said when nothing else can be: the fail-safe, and before it the last word on a danger sign."""

from __future__ import annotations

import logging
from datetime import datetime, timezone
from functools import lru_cache

from rasa_project import loaded
from sciatriage.talk.saying import Saying

log = logging.getLogger(__name__)

LAST_RESORT = (
    "Sorry, something went wrong on my side. Your message is kept. If you feel very ill or are worried, don't wait for "
    "me: call your local emergency number or a doctor now. You can also try again in a few minutes."
)


@lru_cache(maxsize=1)
def fail_safe() -> Saying:
    """The clinicians' words with this region's numbers; a constant where even they can't be read."""
    try:
        knowledge = loaded.knowledge()
        region = knowledge.region(loaded.region())
        text = knowledge.texts["fail_safe"]
        for line in ("emergency", "urgent", "crisis"):
            text = text.replace("{" + line + "}", getattr(region, line).say)
        numbers = {line: getattr(region, line).number for line in ("emergency", "urgent", "crisis")}
        return Saying(text, custom={"type": "fail_safe", "numbers": numbers})
    except Exception:
        log.exception("the fail-safe text can't be read from the knowledge; a constant stands in for it")
        return Saying(LAST_RESORT, custom={"type": "fail_safe"})


def last_word(text: str) -> tuple[Saying, ...]:
    """The emergency sayings for a message whose turn failed, where its words alone name a danger sign; else nothing.

    Needs no tracker, no action and no database; only the ear and the knowledge, where they are loaded.
    """
    if not loaded.ear.cache_info().currsize:
        return ()
    try:
        from sciatriage.talk.state import TalkState
        from sciatriage.talk.turn import Path, take_turn

        now = datetime.now(timezone.utc)
        turn = take_turn(TalkState.new(loaded.region(), now), loaded.ear().hear(text), loaded.knowledge(), now)
        return turn.sayings if turn.path in (Path.EMERGENCY, Path.CRISIS) else ()
    except Exception:
        log.exception("no last word: hearing or weighing failed too")
        return ()
