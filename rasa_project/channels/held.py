"""Messages that could not be answered, kept for the next turn of the same person."""

from __future__ import annotations

from collections import OrderedDict

from rasa_project.channels.incoming import LONGEST

MOST_SENDERS = 1000
MOST_TEXTS = 20


class HeldMessages:
    """Texts by sender, oldest first. Bounded: the person longest silent is forgotten first, in memory only."""

    def __init__(self) -> None:
        """Nothing held."""
        self._texts: OrderedDict[str, list[str]] = OrderedDict()

    def with_new(self, sender: str, text: str) -> str:
        """What to hear now: the held texts and the new one, in order, one a line, equal ones once."""
        together = [*self._texts.get(sender, []), text]
        return "\n".join(dict.fromkeys(told for told in together if told))[-LONGEST:]

    def hold(self, sender: str, text: str) -> None:
        """Keep a text for later."""
        texts = self._texts.setdefault(sender, [])
        self._texts.move_to_end(sender)
        if text and text not in texts and len(texts) < MOST_TEXTS:
            texts.append(text)
        while len(self._texts) > MOST_SENDERS:
            self._texts.popitem(last=False)

    def clear(self, sender: str) -> None:
        """All of this person's has been heard."""
        self._texts.pop(sender, None)
