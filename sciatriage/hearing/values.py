"""Numbers: how long, how old, how bad, which side.

Where a person gives two lengths of time ("about 3 weeks, maybe 4", "3 days ago ... for 2 weeks") the longer counts: it
is the safer reading, since lasting long is a reason to be seen. A length of time counts as the trouble's own only where
nothing says it is something else's: one cramp's, a flight's, an age, an operation's.
"""

from __future__ import annotations

import re
from datetime import date

from sciatriage.hearing.reading import Reading

_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "couple": 2, "few": 3, "several": 4, "half": 0.5,
}  # fmt: skip
_UNITS = {"minute": 1 / 1440, "min": 1 / 1440, "hour": 1 / 24, "hr": 1 / 24, "day": 1.0, "d": 1.0, "night": 1.0,
          "week": 7.0, "wk": 7.0, "fortnight": 14.0, "month": 30.0, "mth": 30.0,
          "year": 365.0, "yr": 365.0}  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT_DAYS = {
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "weds": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}
_NUMBER = r"(?:\d+(?:\.\d+)?|" + "|".join(_WORDS) + r")"
_UNIT = r"(?:" + "|".join(_UNITS) + r")s?"
_LENGTH = re.compile(
    rf"(?<= )(?P<many>{_NUMBER}(?: (?:and )?(?:a )?(?:half|{_NUMBER}))?)(?: (?P<mark>to|or|-|/|,|maybe|perhaps"
    rf"|possibly|and)"
    rf"(?: maybe| perhaps| possibly)? (?P<upto>{_NUMBER}))?(?: of| or so| full| good| long| whole| more)*"
    rf" (?P<unit>{_UNIT})(?P<half> and a half)?"
    rf"(?:(?: ,)? (?:or )?(?:maybe|perhaps|possibly|or|could be) (?P<later>{_NUMBER})(?! (?:{_UNIT}))(?= |$))?(?= )"
)
_VAGUE = re.compile(
    r"(?<= )(?:(?P<days>(?<!\d )days(?= (?:now|on end|and days)))|(?P<weeks>weeks(?= (?:now|on end|and weeks))"
    r"|for weeks)"
    r"|(?P<months>months(?= (?:now|on end|and months))|for months)"
    r"|(?P<years>years(?= (?:now|on end|and years))|for years|most of my life|for ages|all my life))(?= )"
)
_POINTS = re.compile(
    r"(?<= )(?P<today>(?:since |from |started |began |only )?(?:this morning|earlier today|just now"
    r"|this afternoon|this evening|today))"
    r"|(?<= )(?P<yesterday>(?:since |from |started |began |only )?(?:yesterday|last night))"
    r"|(?<= )(?P<weekend>(?:since|over|at|from|on|started|this|last)(?: on| at| over)? (?:the |last |this )*weekend)"
    r"|(?<= )(?P<week>(?:since|started|began|for the|from|the|this) (?:last|past) week)"
    r"|(?<= )(?P<month>(?:since|started|began|for the|from|the) (?:last|past) month|all month)"
    r"|(?<= )(?P<year>(?:since|started|began|for the|from|the) (?:last|past) year)"
)
_ONE = {"today": 0.3, "yesterday": 1.0, "weekend": 3.0, "week": 7.0, "month": 30.0, "year": 365.0,
        "days": 3.0, "weeks": 21.0, "months": 90.0, "years": 730.0}  # fmt: skip
# The whole answer: "years", "a while now".
_BARE_VAGUE = re.compile(
    r"^ (?:(?:for|about|oh|well|it is|it has|been|have|had|i|this|it|like|many|quite|just|some|over|a|good|long|,) )*"
    r"(?P<vague>days|weeks|months|years|ages|while|time)(?: and (?:days|weeks|months|years|ages))?"
    r"(?: now| already| really| i think| probably| at least| [.!,])* $"
)
_NOTES = {"7": 1.0, "52": 7.0, "12": 30.0}  # a clinician's "2/52": two weeks
_NOTE = re.compile(r"(?:^|(?<= for)|(?<= since)|(?<= x)) (?P<many>\d{1,2}) / (?P<of>7|52|12)(?: now| ago| of \w+)? $")
_SINCE_YEAR = re.compile(
    r"(?<= )(?:since|from) (?:about |around |early |late |back in |at least )*(?P<year>(?:19|20)\d\d)(?= )"
)
# "today" that begins nothing: "can I be seen today"
_NOT_BEGUN = re.compile(
    r" (?:see|seen|seeing|saw|call|called|go|going|come|ring|rang|appointment|should|can|could|will|took|taken|take"
    r"|tablets?|paracetamol|ibuprofen|fine|better|ok|good|no|not|doctor|gp)(?: \w+){0,3} $"
)
_SINCE_DAY = re.compile(
    rf"(?<= )(?:since|from|started|began|start|happened|came on|on|it was) (?:(?:on|about|around|the|last) )*"
    rf"(?P<day>{'|'.join((*_DAYS, *_SHORT_DAYS))})(?: (?:morning|night|evening|afternoon))?(?= )"
)
# What makes a length of time something else's.
_NOT_BEFORE = re.compile(
    r" (?:every|each|after|within|walk(?:ed|ing)?(?: for)?|stand(?:ing)?(?: for)?|sit(?:ting)?(?: for)?|sat(?: for)?|"
    r"(?:stood|drive|drove|driving|flew|run|ran|running|worked|work|sleep|slept|jogged|cycled)(?: for)?|in|next"
    r"|lasts?|lasted|lasting|"
    r"takes?|took|only get|get|up to|another|aged?|am|is|are|was|per|my|flight of|"
    r"(?:lasts?|lasted|lasting|goes|eases|gone|walk\w*|wait\w*|stand\w*|sit\w*|sat|flight|drive"
    r"|fly\w*)(?: \w+){0,3} (?:for|about|in|after|around|like|than|of))"
    r"(?: about| around| only| just| roughly| nearly| almost| over| maybe| the| more than| less than)* $"
)
_NOT_AFTER = re.compile(
    r"^(?: old| of age| pregnant| post ?partum| post ?natal| old\w*| flight| drive| shift| car| journey"
    r"| walk\w*| run\b| plane| bus| train| at a time|"
    r" each| every| per| apart| a day| a week| a night| of sleep| sleep| later| after (?:the |my )?(?:birth"
    r"|baby|surgery|op|operation)|"
    r" since (?:the |my |i )?(?:\w+ ){0,2}(?:birth|baby|surgery|op|operation|section)| on the (?:plane|bus"
    r"|train|road)| straight driving|"
    r" in (?:the )?(?:car|bed|plane|hospital|plaster)| from now| into (?:my|the) pregnan| before (?:the|it))"
)
_EVENT_AGO = re.compile(  # "... 4 weeks ago" said of something that isn't the trouble
    r" (?:used to|once|done|prescribed|put on|trod|was|when|broke|broken|pregnant|ulcer|heart|clot|dvt|birth"
    r"|born|baby|surgery|operation|op|operated|flew|flight|fly|flown|epidural|injection|jab|jabs|delivered|section"
    r"|block|replacement|vaccine|"
    r"divorced|moved|retired|married|diagnosed|cancer|chemo|stroke|heart attack|quit|scan|mri|appointment|saw"
    r"|seen|transplant)(?: \w+){0,8} $"
)
_DURING_CRAMP = re.compile(
    r" (?:cramp|cramps|spasm|spasms|attack|episode|each|twinge|(?<!had )(?<!have )(?<!having )it)"
    r"(?: \w+){0,3} (?:for|last|lasts|lasted|about"
    r"|took)(?: about| around| only| just)* $"
)
_MEDICINE = re.compile(  # "took ibuprofen for 3 weeks"
    r" (?:took|taken|taking|takes?|on|used|using|uses?|tried|prescribed|given)(?! (?:and|my|the|it|this|and off|off)\b)"
    r"(?! \w+ easy)(?! [ab]\b)(?: (?!and |my |pain |it |off )\w+){1,4} (?:for|over)"
    r"(?: about| around| the| last| past| nearly| almost| over)* $"
)
_HABIT = re.compile(  # "on tablets for years", "smoked all my life"
    r" (?:(?:on|taking|takes?|took)(?! and| my| the| it| this)(?: \w+){1,2}|smoked?|vaped|drank|diabetic|asthmatic"
    r"|married|worked|working|lived) $"
)
_AGE = re.compile(
    r"(?<= )(?:(?:i am|am|he is|she is|is|i turned|just turned|turned|aged?|age is|age :|age of|my age is"
    r"|age - ) (?:a |an |just |only |now |nearly |almost |about |aged )*(?P<said>\d{1,3}|[a-z]+(?: [a-z]+)?)"
    r"(?= (?:year|yr|yo|y o|actually|btw|sorry|thanks|please"
    r"|,|\.|and|but|male|female|m |f |with|now|!|;|woman|man|years|so|-|$)| $)"
    r"|(?P<old>\d{1,3}|[a-z]+(?: [a-z]+)?) ?(?:-)? ?(?:year|years|yr|yrs|y) ?(?:-)? ?(?:old|o|of age)\b"
    r"|(?P<yo>\d{1,3}) (?:yo|y o|yr old|(?:yrs|years|yr)(?= [,.;]))|(?P<sex>\d{2}) ?(?:/)? ?(?:m|f|male|female)\b)"
    r"|(?<= [,.;] )(?P<now>[1-9]\d) now(?= )"
)
# Before "10 years," it is an age only at the beginning of what is said ("62 years, had it for 5 years").
_AGE_LED = re.compile(r"(?:^|[,.;:(/!?] ?|\b(?:i am|am|is|aged?|age|male|female|man|woman|m|f|now|a|the))\s*$")
_MONTHS_OLD = re.compile(r"(?<= )(\d{1,2}) months? old\b")
_SCORE = re.compile(
    r"(?<= )(?P<of>\d{1,2}(?:\.\d)?|[a-z]+)(?: (?:or|to|-|/) (?P<upto>\d{1,2}))? ?(?:/|out of|outta|over|of"
    r"|from) (?:10|ten)(?= )"
    r"|pain(?: \w+){0,3}? (?:is|at|about|level|score|scale|rate|rated|a|around|:)(?: a| an| at| about| level"
    r"| like| around| of| :| is| maybe)* (?P<said>\d{1,2})(?! (?:/|day|week|hour|month|year|minute|out))(?= )"
    r"|(?:rate|score|scale|give|call)(?: \w+){0,2} (?:a|an|at|it|of|as) (?P<rated>\d{1,2})(?! (?:/|day|week"
    r"|hour|month|year))(?= )"
)
_BARE = re.compile(
    r"^ (?:about |around |maybe |roughly |approximately |only |just |i am |im |it is |its |a |an |level "
    r"|probably |say )*(?P<number>\d+(?:\.\d+)?|[a-z]+(?: [a-z]+)?)"
    r"(?: ?\.| ish| or so| now| today| years| year| yrs| yr|!)* $"
)
_BARE_LENGTH = re.compile(
    rf"^ (?:(?:about|around|maybe|for|just|only|over|nearly|almost|roughly|like|i think|it is|it has|been"
    rf"|probably|say|more|than|at|"
    rf"least|i have|had|it|this|a|approximately|well|um|since|oh|the|last|past|on|and|off|good|going|under|less) )*"
    rf"{_NUMBER}(?: {_NUMBER}| and| a| half| or| to| -| /| ,| maybe| so| of| full| good| long| whole"
    rf"| couple)* {_UNIT}"
    rf"(?: now| ago| or so| so| maybe| i think| at least| already| at most| tops| perhaps| today| roughly"
    rf"| approx| and a half| ,| or| {_NUMBER})*(?: [.!,])* $"
)
_SIDE = re.compile(r"(?<= )(left|right|both|bilateral)(?: hand)?(?: hand side| side| sided| lower| upper)?(?= )")
_SIDED = re.compile(
    r"(?<= )(left|right|both)(?: (?:hand|side|sided|lower|upper|of|my|the|her|his|back|outer|inner"
    r"|big))* (?:leg|legs|foot|feet|calf|calves|thigh|thighs|buttock|buttocks|"
    r"hip|hips|knee|ankle|toe|toes|bum|cheek|shin|hamstring|side|sided|sides|hand|back|glute|heel|lower"
    r"|sciatica|limb|arm)(?= )"
)  # fmt: skip


def number_of(said: str) -> float | None:
    """ "3", "three", "forty five", "two and a half", "a couple"; None where it is no number."""
    total: float | None = None
    for word in said.split():
        if word in ("and", "of", "a") and total is not None:
            continue
        value = _WORDS.get(word)
        if value is None:
            try:
                value = float(word)
            except ValueError:
                return None
        if word in ("couple", "few", "several") and total == 1:
            total = value
        else:
            tens = total is not None and total >= 20 and total % 10 == 0 and value < 10
            # "forty five" and "two and a half" add up; of "3-4" the larger counts
            total = value if total is None else total + value if tens or value == 0.5 else max(total, value)
    return total


def values_in(reading: Reading, today: date | None = None) -> dict[str, float | str]:
    """The values a message says."""
    line = reading.words.replace(" -  - ", " - ")[:6000]
    found: dict[str, float | str] = {}
    age = _age(line)
    if age is not None:
        found["age"] = age
    score = _score(line)
    if score is not None:
        found["pain_score"] = score
    lengths, newer = _durations(line, today)
    if lengths:
        longest, newest = min(max(lengths), 36500.0), min(*lengths, *newer, 36500.0)
        found["duration_days"] = round(longest, 3)
        if newest < longest:
            found["newest_days"] = round(newest, 3)
    side = side_in(line)
    if side:
        found["side"] = side
    bare = _BARE.match(line)
    number = number_of(bare.group("number")) if bare else None
    if number is not None:
        found["number"] = float(number)
    return found


def side_in(line: str) -> str | None:
    """left, right or both, where the words say one of them of a part of the body."""
    said = {m.group(1) for m in _SIDED.finditer(line)}
    bare = line.strip(" .!,").replace("my ", "").replace("the ", "").replace("on ", "").replace("it is ", "")
    if bare in ("left", "right", "both", "left side", "right side", "both sides", "left one", "right one"):
        said = {bare.split()[0]}
    if "both" in said or said >= {"left", "right"} or re.search(r" both sides | bilateral", line):
        return "both"
    return said.pop() if len(said) == 1 else None


def _age(line: str) -> float | None:
    for match in _AGE.finditer(line):
        said = match.group("said") or match.group("old") or match.group("yo") or match.group("sex")
        said = said or match.group("now")
        years = match.group("yo") and re.search(r" (?:yrs|years|yr)$", match.group())
        if years and not _AGE_LED.search(line[: match.start()]):
            continue  # "sciatica for 10 years, both legs went numb"
        number = number_of(said)
        if number is None and " " in said:
            number = number_of(said.split()[-1])
        if match.group("said") and re.match(r" (?:months?|weeks?|days?|hours?|minutes?)", line[match.end() :]):
            continue
        after = line[match.end() : match.end() + 12]
        plain = match.group("said") is not None and " year" not in after and "age" not in match.group()
        # "am 8" alone may be a score; nobody types their age as one digit without "years old"
        if number is not None and (10 if plain else 0) <= number <= 120 and number == int(number):
            return float(number)
    months = _MONTHS_OLD.search(line)
    return round(int(months.group(1)) / 12, 2) if months else None


def _score(line: str) -> float | None:
    best: float | None = None
    for match in _SCORE.finditer(line):
        said = match.group("upto") or match.group("of") or match.group("said") or match.group("rated")
        number = number_of(said)
        if number is not None and 0 <= number <= 10:
            best = number if best is None else max(best, number)
    return best


def _durations(line: str, today: date | None) -> tuple[list[float], list[float]]:
    """How long the troubles have been there, and the "today" and "yesterday" said besides."""
    lengths: list[float] = []
    newer: list[float] = []
    alone = bool(_BARE_LENGTH.match(line))
    for match in _LENGTH.finditer(line):
        if not alone and not _is_the_troubles(line, match):
            continue
        many = max(n for n in (number_of(match.group(g) or "0") for g in ("many", "upto", "later")) if n is not None)
        if match.group("half"):
            many += 0.5
        unit = match.group("unit").rstrip("s")
        lengths.append(many * _UNITS[unit])
    for match in (*_VAGUE.finditer(line), *_POINTS.finditer(line)):
        if _HABIT.search(line[max(0, match.start() - 60) : match.start()]):
            continue
        kind = next(k for k, v in match.groupdict().items() if v)
        if not lengths or kind not in ("today", "yesterday"):
            lengths.append(_ONE[kind])
        elif not _NOT_BEGUN.search(line[max(0, match.start() - 60) : match.start()]):
            newer.append(_ONE[kind])
    if today is not None:
        for match in _SINCE_DAY.finditer(line):
            name = match.group("day")
            day = _DAYS.index(name) if name in _DAYS else _SHORT_DAYS[name]
            lengths.append(float((today.weekday() - day) % 7 or 7))
        for match in _SINCE_YEAR.finditer(line):
            years = today.year - int(match.group("year"))
            if 0 < years < 100:
                lengths.append(years * 365.0)
    vague = _BARE_VAGUE.match(line)
    if vague and not lengths:
        lengths.append(_ONE.get(vague.group("vague"), 730.0 if vague.group("vague") == "ages" else 30.0))
    for match in _NOTE.finditer(line):
        lengths.append(float(match.group("many")) * _NOTES[match.group("of")])
    return lengths, newer


def _is_the_troubles(line: str, match: re.Match[str]) -> bool:
    before, after = line[max(0, match.start() - 70) : match.start()], line[match.end() : match.end() + 50]
    said = re.split(r" [.!?;] ", before)[-1]
    said = said if said.startswith(" ") else " " + said
    if _NOT_AFTER.match(after) or _DURING_CRAMP.search(said) or _MEDICINE.search(said):
        return False
    years = match.group("unit").rstrip("s") in ("year", "yr")
    if (
        years
        and not re.search(
            r" (?:for|past|last|over|since"
            r"|been)(?: \w+){0,2} $"
            r"|(?:pain|sciatica|numbness|this|had it) $",
            said,
        )
        and not re.match(r" (?:ago|now)", after)
    ):
        return False  # "34 yrs, desk job" is an age
    ago = re.match(r" (?:ago|back)", after)
    if ago:
        return not _EVENT_AGO.search(said)
    if _NOT_BEFORE.search(said):
        return bool(re.search(r" (?:had (?:it|this)|been|since|started)(?: \w+)* (?:in|for) (?:the )?$", said))
    minute = match.group("unit").rstrip("s") in ("minute", "min")
    led = re.search(
        r" (?:for|past|last|over|since|been|about|now|nearly|almost|going on|around|:|,|day|the|started|than"
        r"|into)(?: about| around| the| last| past| nearly| almost| over| maybe| roughly| at least| more than"
        r"| a good| now| only| just| like)* $"
        r"|(?: pains?| aches?| cramps?| spasms?| sciatica| numb| numbness| tingling| tingly| weakness| symptoms?"
        r"| trouble| swelling| swollen| this| backache| hurts| sore| old)"
        r"(?: about| around| only| just| roughly| nearly| maybe)* $",
        said,
    )
    if minute:
        return bool(re.search(r" (?:for the last|for the past|started|since)(?: \w+){0,2} $", said))
    return bool(led) or bool(re.match(r" (?:now|today|so far|and counting|straight)", after)) or not said.strip()
