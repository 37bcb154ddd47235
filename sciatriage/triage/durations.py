"""Days in words."""

from __future__ import annotations


def duration(days: float) -> str:
    """Days in words: hours, days, weeks, months or years, whichever reads best."""
    for unit, length in (("year", 365.0), ("month", 30.0), ("week", 7.0), ("day", 1.0)):
        count = days / length
        if count >= 2 or (unit == "day" and count >= 1):
            whole = round(count)
            return f"{whole} {unit}" + ("" if whole == 1 else "s")
    hours = max(1, round(days * 24))
    return f"{hours} hour" + ("" if hours == 1 else "s")
