"""Which advice fits this person, and which is withheld. A gate that was not asked, or is unsure, counts as a yes."""

from __future__ import annotations

from dataclasses import dataclass

from sciatriage.triage.entries import Advice, Withheld
from sciatriage.triage.expression import IS_OPEN, NOW
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
    given: list[Advice] = []
    withheld: list[tuple[Advice, Withheld]] = []
    open_gates: list[Withheld] = []
    for advice in knowledge.advice.values():
        if disposition not in advice.dispositions:
            continue
        if advice.for_whom is not None and not advice.for_whom.bits(facts) & NOW:
            continue
        gates = [(gate, bits) for gate in advice.withheld if (bits := gate.when.bits(facts))]
        closed = next((gate for gate, bits in gates if not IS_OPEN[bits]), None)
        if closed is not None:
            withheld.append((advice, closed))
        elif gates:
            unsure_now = (gate for gate, bits in gates if bits & NOW)
            withheld.append((advice, next(unsure_now, gates[0][0])))
            open_gates.extend(gate for gate, _ in gates)
        else:
            given.append(advice)
    return Plan(tuple(given), tuple(withheld), tuple(open_gates))
