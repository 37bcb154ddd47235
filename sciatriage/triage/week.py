"""The first week at home, day by day: the advice that passes the person's gates on each day, as the days go by.

Pure, like all weighing. The disposition is kept: this says what may help, never how soon to be seen. Who must be seen
today or now, or can't be assessed, has no week.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby

from sciatriage.triage.advice import plan
from sciatriage.triage.case import Case
from sciatriage.triage.entries import DAYS, PARTS, Advice, WeekEntry, Withheld
from sciatriage.triage.knowledge import Knowledge
from sciatriage.triage.red_flags import CaseFacts
from sciatriage.triage.vocabulary import Disposition

_AGES_WITH_TIME = ("duration_days", "newest_days")


@dataclass(frozen=True)
class Days:
    """Days of the plan on which the same items fit; day 1 is today."""

    first: int
    last: int
    items: tuple[Advice, ...]


@dataclass(frozen=True)
class WeekPlan:
    """The plan of a week. `withheld` are the items left out of all of it, each with the gate that closed it.

    `be_seen_by` is the day of the plan on which the trouble will have lasted too long to go on at home; it may lie
    just after the week, and is None where nobody knows how long it has lasted, or where a visit is due anyway.
    """

    entry: WeekEntry
    days: tuple[Days, ...]
    withheld: tuple[tuple[Advice, Withheld], ...]
    be_seen_by: int | None

    @property
    def every_day(self) -> tuple[Advice, ...]:
        """The items that fit on each day of the week."""
        first, *others = self.days or (Days(1, DAYS, ()),)
        return tuple(one for one in first.items if all(one in days.items for days in others))


def week_plan(disposition: Disposition, case: Case, knowledge: Knowledge) -> WeekPlan | None:
    """The first week for this case at this disposition; None where the knowledge has no week for it.

    On day n the trouble is n - 1 days older, so what is for the first days gives way to what comes after. How long it
    has lasted stays unknown where it is. An item withheld on any day is given on none: a gate that only time opens
    was closed for a reason.
    """
    entry = knowledge.week.get(disposition)
    if entry is None:
        return None
    by_day = {day: plan(disposition, _facts_on(day, case, knowledge), knowledge) for day in range(1, DAYS + 1)}
    withheld = {advice.id: (advice, gate) for one in reversed(by_day.values()) for advice, gate in one.withheld}
    fitting = {
        day: tuple(
            advice
            for advice in sorted(one.given, key=_place)
            if advice.part and advice.id not in withheld and advice.days[0] <= day <= advice.days[1]
        )
        for day, one in by_day.items()
    }
    grouped = [(items, list(days)) for items, days in groupby(fitting, key=lambda day: fitting[day])]
    return WeekPlan(
        entry=entry,
        days=tuple(Days(days[0], days[-1], items) for items, days in grouped),
        withheld=tuple(withheld[id_] for id_ in knowledge.advice if id_ in withheld),
        be_seen_by=_be_seen_by(entry, case),
    )


def _facts_on(day: int, case: Case, knowledge: Knowledge) -> CaseFacts:
    for value in _AGES_WITH_TIME:
        told = case.values.get(value)
        if isinstance(told, (int, float)):
            case = case.with_value(value, told + day - 1)
    return CaseFacts(case, knowledge)


def _place(advice: Advice) -> int:
    return PARTS.index(advice.part) if advice.part in PARTS else len(PARTS)


def _be_seen_by(entry: WeekEntry, case: Case) -> int | None:
    lasted = case.values.get("duration_days")
    if entry.be_seen_after is None or not isinstance(lasted, (int, float)):
        return None
    return max(1, math.ceil(entry.be_seen_after - lasted) + 1)
