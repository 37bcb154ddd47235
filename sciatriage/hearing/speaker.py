"""Whom a message is about: the person typing, or somebody they speak for."""

from __future__ import annotations

from sciatriage.hearing.notation import Index, Notation
from sciatriage.hearing.reading import Reading

# "My mum has ...", "he can't ...": somebody else in the present tense is the patient, unless the speaker is one too.
_OTHER = """
(my|our|the|a) <someone> [also|just|still|now|is|often|has|who] [suddenly|just|been|also] (has|have|cant|cannot|is|keeps|gets|feels|says|complains|complaining|suffers|needs|wakes|struggles|doesnt|isnt|wont|hasnt|got|started|walks|limps|takes|experiences|couldnt|lost|fell|woke|wet|collapsed|dragging|having|who has|been)
my <..>
(he|she) (has|have|cant|cannot|is|keeps|gets|feels|says|complains|suffers|needs|struggles|doesnt|isnt|wont|hasnt|takes)
(asking|writing|typing|filling this in|here|calling|messaging|enquiring|chatting|answering|question) (for|about|on behalf of|regarding) (my|a|the|our|him|her|someone)
(on behalf of|for my|about my) <someone>
(it is|this is) (for|about|not for me|not me) (my|a|him|her|someone|them|but|it)
not for me
not about me
(my|our) (1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17) year old
my (elderly|old|poor|little|teenage|disabled|pregnant|late|eldest|youngest|younger|older|other|better|dear) <someone> (has|have|is|cant|keeps|gets|feels|says|doesnt|isnt|wont|got|started|fell|needs)
(my|our) <someone> leg
(my|our) <someone> (back|legs|foot|calf|feet|bladder|bum|bottom)
(patient|client|resident) (has|is|reports|complains|cant|presents|denies|states)
for (my|a|our) <someone>
i am (a carer|a nurse|the carer|her carer|his carer|carer|caring|looking after|the mother|the father|the wife|the husband|the son|the daughter)
(someone i care for|person i care for|lady i care for|man i look after|lady i look after|gentleman i care for)
(his|her) (leg|legs|foot|back|calf|feet|bladder|toes|bum|bottom|pain|hip)
""".replace("my <..>\n", "")
_PAST = """
(my|our) <someone> (had|was|used|died|once|got|went)
(he|she) (had|was|used|died)
"""
_SELF = """
i (have|had|am|cant|couldnt|feel|keep|get|got|fell|lost|woke|wake|need|take|started|suffer|struggle|dont|havent|still|also|wet|pee|twisted|pulled|hurt|pee)
my (leg|legs|foot|feet|calf|calves|thigh|thighs|back|lower|bum|bottom|buttock|bladder|bowel|hip|knee|toe|left|right|big|pain|sciatica|whole|hamstring|ankle|bowels|groin|chest|heart|cramp|symptoms|numbness|hands|skin|body)
mine
(made|wakes|waking|woke|hurts|keeps|keeping|stops|kills|killing) me
""" # "I am worried", "I am asking" are no symptoms of one's own
_NOT_SELF = """
i am (worried|asking|writing|concerned|his|her|a|the|caring|calling|not|scared|looking|their|typing|here|so worried|really worried|very worried|wondering|on|enquiring|frightened|sure|with|terrified|anxious)
i (have to|had to|have a|have an|need to|need help|need some|need advice|dont know|got him|got her|take care|take her|take him|get him|get her|feel bad|feel so|feel helpless|cant get him|cant get her|get worried|keep telling|am not sure|couldnt get|have noticed|have never seen|dont think|cant tell|need|have been asked|dont want) 
my (back garden|worry)
"""


class Speaker:
    """Tells "self" from "other"."""

    def __init__(self, notation: Notation) -> None:
        self._index = Index()
        for kind, block in (("other", _OTHER), ("past", _PAST), ("self", _SELF), ("not_self", _NOT_SELF)):
            for line in block.strip().splitlines():
                self._index.add(notation.compile(line.strip()), kind)

    def about(self, reading: Reading, helpers: list[tuple[int, int]]) -> str | None:
        """ "self", "other" or None. `helpers` are spans where another person only reports ("my wife says")."""
        spans: dict[str, list[tuple[int, int]]] = {"other": [], "past": [], "self": [], "not_self": []}
        for pattern, kind in self._index.candidates(reading.stems):
            spans[str(kind)].extend(pattern.find(reading))
        own = [s for s in spans["self"] if not any(a <= s[0] < b for a, b in spans["not_self"])]
        other = [s for s in spans["other"] if not any(a < s[1] and s[0] < b for a, b in helpers)]
        if own:
            return "self"
        return "other" if other else None
