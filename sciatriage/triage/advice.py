"""Which advice fits this person, and which is withheld. A gate that was not asked, or is unsure, counts as a yes."""

from __future__ import annotations

from dataclasses import dataclass

from sciatriage.triage.entries import Advice, Withheld
from sciatriage.triage.expression import Truth
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.red_flags import CaseFacts
from sciatriage.triage.vocabulary import Disposition


@dataclass(frozen=True)
class Plan:
    """What is advised, what is withheld and by which gate, and which gates are open: a no there would free an item."""

    given: tuple[Advice, ...]
    withheld: tuple[tuple[Advice, Withheld], ...]
    open_gates: tuple[Withheld, ...]


def plan(disposition: Disposition, facts: CaseFacts, knowledge: Knowledge) -> Plan:
    """The advice for this disposition and these facts."""
    given, withheld, open_gates = [], [], []
    for advice in knowledge.advice.values():
        if disposition not in advice.dispositions:
            continue
        if advice.for_whom is not None and advice.for_whom.span(facts).now is Truth.NO:
            continue
        gates = [(gate, gate.when.span(facts)) for gate in advice.withheld]
        closed = [gate for gate, span in gates if span.high is not Truth.NO and not span.open]
        unknown = [gate for gate, span in gates if span.open]
        if closed:
            withheld.append((advice, closed[0]))
        elif unknown:
            withheld.append((advice, next((gate for gate, span in gates if span.now is not Truth.NO), unknown[0])))
            open_gates.extend(unknown)
        else:
            given.append(advice)
    return Plan(tuple(given), tuple(withheld), tuple(open_gates))
