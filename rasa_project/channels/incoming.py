"""What comes in, made fit to be heard: no control characters, no slash commands, not too long."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 20_000
"""Characters that are read of one message; the rest is left out, and the person told."""
LONGEST_SENDER = 200

_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_COMMAND = re.compile(r"^[\s/]+")
_EXTERNAL = re.compile(r"^EXTERNAL:", re.IGNORECASE)


def clean(text: str) -> tuple[str, bool]:
    """The text as it may go on, and whether its end was cut off.

    There are no slash commands in this bot: a leading "/" is Rasa's syntax for intents and would let anyone set
    any intent or entity, so it never gets through. Nor does the prefix by which Rasa marks external events.
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _DIRECTION.sub("", text.replace("\r\n", "\n"))
    text = "".join(" " if _is_control(letter) else letter for letter in text)
    before = None
    while before != text:
        before = text
        text = _EXTERNAL.sub("", _COMMAND.sub("", text)).strip()
    return text[:LONGEST], len(text) > LONGEST


def sender_problem(sender: object) -> str | None:
    """Why this can't be a sender, None where it can."""
    if sender is None:
        return '\'sender\' is missing: send {"sender": "...", "message": "..."}'
    if not isinstance(sender, str):
        return "'sender' must be a string"
    if not sender.strip():
        return "'sender' is empty"
    if len(sender) > LONGEST_SENDER:
        return f"'sender' is longer than {LONGEST_SENDER} characters"
    if not sender.isprintable():
        return "'sender' holds characters that can't be printed"
    return None


def _is_control(letter: str) -> bool:
    return letter != "\n" and unicodedata.category(letter) == "Cc"
