"""Clauses that name the body or a complaint and in which nothing was heard: worth asking about, or learning from."""

from __future__ import annotations

from sciatriage.hearing.context import Cue
from sciatriage.hearing.lexicon import Sighting
from sciatriage.hearing.reading import Reading

_BODY = frozenset(
    """leg legs foot feet calf calves thigh thighs hip hips knee ankle toe back spine buttock bum bottom groin bladder
    bowel poo pee urine vagina penis crotch muscle nerve hamstring shin heel skin chest heart lung arm arms hand hands
    head neck tummy breath bone joint sciatica sciatic""".split()
)
_COMPLAINT = frozenset(
    """pain hurt ache sore numb weak swollen swell stiff tight burn sting throb dizzy sick faint cramp spasm twitch
    tingl bleed fever hot cold pale red blue rash lump bruise itch heavy dead strange weird odd funny wrong drop drag
    trip fall give collapse leak wet control lose feeling sensation tired exhaust vomit nausea shake tremor""".split()
)
_MOST = 5


class Unheard:
    """Finds such clauses."""

    def stretches(self, text: str, reading: Reading, sightings: list[Sighting], cues: list[Cue]) -> tuple[str, ...]:
        heard = {i for s in sightings for i in range(s.first, s.stop)}
        found: list[str] = []
        for first, stop in _clauses(reading, cues):
            stems = [t.stem for t in reading.tokens[first:stop]]
            matters = sum(s in _BODY for s in stems) + sum(s in _COMPLAINT for s in stems)
            told = any(s in _COMPLAINT for s in stems) or matters >= 2
            if matters and told and not any(i in heard for i in range(first, stop)):
                start, end = reading.span(first, stop)
                found.append(text[start:end])
            if len(found) == _MOST:
                break
        return tuple(found)


def _clauses(reading: Reading, cues: list[Cue]) -> list[tuple[int, int]]:
    breaks = {i for i, t in enumerate(reading.tokens) if t.stem in ".!?;,:"}
    breaks |= {c.first for c in cues if c.kind == "stop" and c.stop - c.first == 1}
    clauses, first = [], 0
    for place in sorted(breaks | {len(reading.tokens)}):
        if place > first:
            clauses.append((first, place))
        first = place + 1
    return clauses
