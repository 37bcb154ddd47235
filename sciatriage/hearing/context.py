"""What the words around a finding do to it: denied, doubted, imagined, somebody else's, past.

The rules are data (context.yml). Here is how far each reaches: a cue reaches on to the end of its sentence or to a
word that turns it ("but", "now"), through the commas of a list ("no numbness, weakness or bladder trouble"), and not
into a new clause of its own ("no fever, my calf is swollen").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sciatriage.hearing.lexicon import NEGATORS, Sighting, lines_of
from sciatriage.hearing.notation import Index, Notation
from sciatriage.hearing.reading import Reading
from sciatriage.triage.vocabulary import Status

_FIRST_PERSON = frozenset("i my me mine myself".split())
_ENDS = frozenset(".!?;")
_TURNS = frozenset("but however although though mine currently".split())
_LOSSES = frozenset("loss lose lack problem trouble difficulty issue".split())
_NEVER_COVERED = frozenset(
    """stop new_clause recent longstanding changed denied_next not_a_cue not_other until_after but_for_after told_next
    told_next_surely quoted_before taken_back""".split()
)
_REACH_BEFORE = 14  # tokens a cue reaches at most; longer lists than this are rare, run-on sentences are not
_REACH_AFTER = 7
# Findings that count only where they are new or changed: a leak unchanged for years is none.
CHANGING = frozenset("bladder_incontinence bladder_retention bowel_incontinence sexual_dysfunction".split())
# Findings that pass within minutes and come again: "gone in a minute" doesn't put them in the past.
PASSING = frozenset("calf_cramp hamstring_cramp foot_cramp night_cramps muscle_spasm exertion_overuse".split())
_BRIEF = frozenset("minute minutes min mins second seconds secs sec".split())
# Words that make a statement of their own of what a comma parts from a "no": "no fever, calf swollen".
_STATES = frozenset(
    """short numb cold pale blue white swollen breathless racing raced pounding dragging drags dragged drooping droops
    drooped dropping dropped leaking leaks leaked leak dribble dribbles dribbling dribbled wet wets wetting soiled
    soiling passed fainted collapsed lost losing cant couldnt unable blacked coughing coughed struggling
    fluttering dizzy confused incontinent slurring feverish burning
    slurred gone going gasping puffed unresponsive dead dark hot red
    hard swelled bleeding weak floppy flops flopped
    gives gave flopping slapping tripping trips tripped buckled buckling peeing pooing pee poo
    sweating clammy fell hit crashed started came keeps got getting is are has have feels went very so really""".split()
)
_JOINS = frozenset(("or", "nor"))
_LIGHT = frozenset(
    "have had has got get getting notice noticed any feel felt experience experienced seen suffer".split()
)
_AUXILIARY = frozenset("dont doesnt didnt havent hasnt hadnt".split())
_ECHO = frozenset(
    """now today already yesterday last night this morning on actually to me twice once just both that it since too
    monday tuesday wednesday thursday friday saturday sunday a few times week lol sadly
    unfortunately have got""".split()
)
# Findings for which having had it is having it: a past cancer or stroke counts now.
LASTING = frozenset(
    """cancer_history past_stroke stomach_ulcer heart_disease kidney_disease liver_disease diabetes nsaid_allergy
    bleeding_problem thin_bones bowel_inflammation high_blood_pressure asthma poor_circulation""".split()
)


@dataclass(frozen=True)
class Cue:
    """A cue found: its kind and the tokens it covers."""

    kind: str
    first: int
    stop: int


class Context:
    """Gives each sighting its status."""

    def __init__(self, rules: Mapping[str, Any], notation: Notation) -> None:
        self._index: Index[str] = Index()
        for kind, block in rules.items():
            for source in lines_of(block):
                self._index.add(notation.compile(source), kind)

    def cues(self, reading: Reading) -> list[Cue]:
        """All cues of a message, those covered by a look-alike left out."""
        found = [
            Cue(kind, first, stop)
            for pattern, kind in self._index.candidates(reading.stems)
            for first, stop in pattern.find(reading)
        ]
        covers = [c for c in found if c.kind == "not_a_cue"]
        helpers = [c for c in found if c.kind == "not_other"]
        kept = []
        for cue in found:
            over = helpers if cue.kind == "other_before" else covers
            if cue.kind.startswith("uncertain"):  # "not sure" is no denial, but a doubt it is
                over = [o for o in covers if (o.first, o.stop) != (cue.first, cue.stop)]
            if cue.kind == "imagined_before" and any(o.first < cue.first < o.stop for o in covers):
                continue  # "as | if there is": the "if" is the look-alike's
            plain = cue.kind in _NEVER_COVERED
            if plain or not any(o.first <= cue.first and cue.stop <= o.stop for o in over):
                kept.append(cue)
        kept = _without_opening_no(_without_lone_they(kept, reading), reading)
        return _longest(kept)

    @staticmethod
    def unspent(sightings: Iterable[Sighting], cues: list[Cue], reading: Reading) -> list[Cue]:
        """The cues without those that are a finding's own words: "nothing comes out, my back hurts"."""
        wide = [s for s in sightings if s.kind == "hear" and s.stop - s.first > 1]
        wide = [s for s in wide if not _Scope(s, [], reading).is_no_loss()]

        def is_spent(cue: Cue) -> bool:
            over = (s for s in wide if s.first <= cue.first and cue.stop <= s.stop)
            return any(s.owns(reading, cue.first, cue.stop) for s in over)

        spendable = ("absent_before", "uncertain_before", "uncertain_after")
        return [c for c in cues if c.kind not in spendable or not is_spent(c)]

    def status(
        self,
        seen: Sighting,
        cues: list[Cue],
        reading: Reading,
        others: bool,
        danger: bool = False,
        beside: Sequence[Sighting] = (),
    ) -> Status | None:
        """The status of one sighting; None where it isn't said of anybody.

        `others`: they are not the patient. `danger`: never absent where it can go either way. `beside`: all sightings.
        """
        scope = _Scope(seen, cues, reading)
        status = self._status(seen, scope, others, danger, beside)
        if status in (Status.ABSENT, Status.PRESENT) and seen.kind != "absent":
            corrected = scope.taken_back(denied=status is Status.ABSENT)
            return Status.UNCERTAIN if corrected else status
        if status is None and seen.kind != "absent" and scope.told_next():
            return Status.UNCERTAIN
        return status

    @staticmethod
    def _status(seen: Sighting, scope: _Scope, others: bool, danger: bool, beside: Sequence[Sighting]) -> Status | None:
        if others and scope.before("other_before", crosses=True) and not scope.first_person:
            return Status.OTHER_PERSON
        if scope.before("imagined_before", crosses=True):
            return Status.ABSENT if scope.answered_no() else None
        asked = scope.before("asked_before", crosses=True)
        if scope.before("asked_of_self_before", crosses=True) or (asked and scope.own):
            return Status.UNCERTAIN if seen.kind != "absent" else None
        if asked:
            return Status.ABSENT if scope.answered_no() else None
        denial = scope.before("absent_before")
        if denial is not None and seen.kind == "absent" and (scope.parted(denial) or scope.begins_with_no()):
            denial = None  # "no numbness, legs feel strong": what is said to be well begins anew
        own = scope.own_statement(denial, beside) if denial is not None and seen.kind != "absent" else None
        if own is not None:
            if own:
                denial = None
            elif danger:
                return Status.UNCERTAIN
        denied = bool(
            denial or scope.after("absent_after") or scope.after("absent_after_alone") or scope.inside("absent_before")
        )
        if seen.kind == "absent":
            return None if denied or scope.negated_closely() else Status.ABSENT
        denied = denied or scope.is_no_loss()
        if denied and not scope.over:
            lifted = scope.lifted(beside)
            if lifted is not None:
                return lifted
            return Status.ABSENT if not scope.before("uncertain_before", closest=True) else Status.UNCERTAIN
        if seen.finding in CHANGING and scope.longstanding():
            return Status.PAST
        if seen.finding not in LASTING:
            if scope.before("past_before") or scope.after("past_after"):
                return Status.PAST
            if scope.over and not (seen.finding in PASSING and scope.brief()):
                return Status.UNCERTAIN if scope.recent else Status.PAST
        hedged = scope.before("uncertain_before") or scope.inside("uncertain_before")
        if seen.kind == "maybe" or hedged or scope.after("uncertain_after", turned=True):
            return Status.UNCERTAIN
        return Status.PRESENT


def _without_opening_no(cues: list[Cue], reading: Reading) -> list[Cue]:
    """A "no" that answers ("no, my leg is numb", "numbness: no, tingling: yes") denies nothing that follows."""
    cues = [c for c in cues if not (c.kind == "absent_before" and _closes_an_item(c, reading))]
    cues = [c for c in cues if not (c.kind == "absent_before" and _ends_an_item(c, reading))]
    if len(reading.tokens) < 2 or reading.tokens[0].stem not in ("no", "nope", "nah"):
        return cues
    after = reading.tokens[1].stem
    if (
        after in ",.!:;"
        or after in _FIRST_PERSON
        or after in ("it", "the", "he", "she", "because", "but", "just", "for")
    ):
        return [c for c in cues if not (c.kind == "absent_before" and c.first == 0)]
    return cues


def _without_lone_they(cues: list[Cue], reading: Reading) -> list[Cue]:
    """ "They" are people only where somebody was named before; else they are legs or tablets."""
    people = [c.first for c in cues if c.kind == "other_before" and reading.tokens[c.first].stem != "they"]

    def is_lone(cue: Cue) -> bool:
        they = cue.kind == "other_before" and reading.tokens[cue.first].stem == "they"
        return they and not any(place < cue.first for place in people)

    return [c for c in cues if not is_lone(c)]


def _closes_an_item(cue: Cue, reading: Reading) -> bool:
    before = reading.tokens[cue.first - 1].stem if cue.first else ""
    after = reading.tokens[cue.stop].stem if cue.stop < len(reading.tokens) else "."
    return before in (":", "=", "?", "-") and not after[0].isalnum()


def _ends_an_item(cue: Cue, reading: Reading) -> bool:
    """Whether a "no" closes what was named before it: "fever no, breathless yes"."""
    if cue.first == 0 or reading.tokens[cue.first].stem not in ("no", "none", "nope") or cue.stop - cue.first > 1:
        return False
    before = reading.tokens[cue.first - 1].stem
    after = reading.tokens[cue.stop].stem if cue.stop < len(reading.tokens) else "."
    return before[0].isalnum() and before not in ("no", "and", "but", "or", "so", "yes", "have") and after in ",;/"


def _longest(cues: list[Cue]) -> list[Cue]:
    """Of cues of one kind that overlap, the longest."""
    kept: list[Cue] = []
    for cue in sorted(cues, key=lambda c: (c.first - c.stop, c.first)):
        if not any(k.kind == cue.kind and k.first < cue.stop and cue.first < k.stop for k in kept):
            kept.append(cue)
    return sorted(kept, key=lambda c: c.first)


class _Scope:
    """One sighting among the cues of its sentence."""

    def __init__(self, seen: Sighting, cues: list[Cue], reading: Reading) -> None:
        self._seen = seen
        self._reading = reading
        self._cues = cues
        sentence = reading.sentences
        number = sentence[seen.first]
        self._low = sentence.index(number)
        self._high = seen.stop
        while self._high < len(sentence) and sentence[self._high] == number:
            self._high += 1
        self.first_person = self._is_first_person()
        own = reading.tokens[seen.first : seen.stop]
        near = reading.tokens[max(self._low, seen.first - 2) : seen.first]
        self.own = any(t.stem in ("my", "mine") for t in (*own, *near))
        self.over = self._is_over()
        self.recent = any(c.kind == "recent" and self._low <= c.first < self._high + 8 for c in cues)

    def before(self, kind: str, crosses: bool = False, closest: bool = False) -> Cue | None:
        """The nearest cue of this kind whose reach covers the sighting."""
        for cue in reversed(self._cues):
            if cue.kind != kind or cue.first >= self._seen.first or cue.first < self._low:
                continue
            if cue.stop > self._seen.first and not crosses and not self._denies_alone(cue):
                continue
            if self._seen.first - cue.stop > (40 if crosses else _REACH_BEFORE):
                continue
            # "I think | I have": the clause that a doubt is about begins right after it
            begins = cue.stop + (kind == "uncertain_before" and self._is_i(cue.stop))
            if not self._stopped(begins, self._seen.first, crosses):
                return cue
            if closest:
                return None
        return None

    def after(self, kind: str, turned: bool = False) -> Cue | None:
        """A cue of this kind that follows closely; `turned`: "but" may stand between."""
        for cue in self._cues:
            if cue.kind != kind or cue.first < self._seen.stop or cue.first - self._seen.stop > _REACH_AFTER:
                continue
            if cue.first >= self._high and not (turned and cue.first - self._high < 3):
                continue
            if kind == "absent_after_alone" and not self._ends_a_clause(cue.stop):
                continue
            if not self._stopped(self._seen.stop, cue.first, turned):
                return cue
        return None

    def inside(self, kind: str) -> Cue | None:
        """A cue that stands in a gap of the sighting ("calf isn't swollen"), not in the words it is made of."""
        for cue in self._cues:
            if cue.kind == kind and self._seen.first < cue.first and cue.stop <= self._seen.stop:
                turned = any(c.kind == "stop" and cue.stop <= c.first < self._seen.stop for c in self._cues)
                if not turned and not self._seen.owns(self._reading, cue.first, cue.stop):
                    return cue
        return None

    def own_statement(self, denial: Cue, beside: Sequence[Sighting]) -> bool | None:
        """Whether what a "no" reaches is said with a predicate of its own: True, False (can't tell), None (it isn't).

        "no fever, calf swollen" and "I haven't pooed and dribble urine" tell two things; "no fever, chills" one.
        """
        tokens, first, stop = self._reading.tokens, self._seen.first, self._seen.stop
        if stop < len(tokens) and tokens[stop].stem in ("yes", "yeah", "yep"):
            return True
        if denial.stop >= first:
            within = [t.word for t in tokens[first:stop]]
            late = within[within.index(",") + 1 :] if "," in within else []
            # "no accident, lost control of my bowels" may have been seen as one thing
            return False if _STATES & set(late) and not (_JOINS | NEGATORS) & set(late) else None
        between = [t.stem for t in tokens[denial.stop : first]]
        marks = [i for i, stem in enumerate(between) if stem in (",", "and", ":", "-", "/")]
        piece = between[marks[-1] + 1 :] if marks else between
        if (_JOINS | NEGATORS) & set(piece) or self._or_follows():
            return None
        own = [t.word for t in tokens[first:stop]]
        states = [w for w in (*piece, *own) if w in _STATES]
        if not marks:
            other = any(denial.stop <= s.first and s.stop <= first and s.kind == "hear" for s in beside)
            return False if other and states and len(own) > 1 else None
        word = tokens[denial.stop].stem
        verb = tokens[denial.first].stem in _AUXILIARY and denial.stop - denial.first == 1 and word not in _LIGHT
        if verb and between[0].isalnum():
            return bool(states or "pain" in own) and between[marks[-1]] == ","
        if states and between[marks[-1]] == ",":
            # "not feverish, breathless": one "not" may hold for both
            alike = tokens[denial.first].stem not in ("no", "without", "nor") and len(piece) + len(own) < 3
            alike = alike and (*piece, *own)[0] in _STATES
            return not (alike or states[0] in ("very", "so", "really") or own[0] in ("coughing", "losing", "peeing"))
        return False if states else None

    def _or_follows(self) -> bool:
        """Whether a list goes on after the sighting to its "or": "no fever, face drooping, rash or cough"."""
        after = [t.stem for t in self._reading.tokens[self._seen.stop : min(self._high, self._seen.stop + 6)]]
        if not after or after[0] not in (",", "or", "nor"):
            return False
        return bool(_JOINS & set(after))

    def lifted(self, beside: Sequence[Sighting]) -> Status | None:
        """What a denial becomes by an "until" or "except" after it."""
        for cue in self._cues:
            if not self._seen.first < cue.first < self._high or cue.first - self._seen.stop > _REACH_BEFORE:
                continue
            if cue.kind == "until_after":
                return Status.PRESENT
            if cue.kind == "but_for_after" and cue.first - self._seen.stop < 3:
                others = (s for s in beside if cue.first <= s.first < self._high and s.finding != self._seen.finding)
                if next(others, None) is None:
                    return Status.UNCERTAIN
        return None

    def told_next(self) -> bool:
        """Whether what was asked about is then said to have happened: "... because I did", "I have now"."""
        tokens = self._reading.tokens
        for cue in self._cues:
            if not cue.kind.startswith("told_next") or not 0 <= cue.first - self._seen.stop <= 16:
                continue
            before = tokens[cue.first - 1].stem
            if cue.kind == "told_next_surely":
                return True
            if before[0].isalnum() and before not in ("because", "and", "but", "yes", "well", "so", "actually", "as"):
                continue
            place = cue.stop
            while place < len(tokens) and tokens[place].stem in _ECHO:
                place += 1
            if not self._ends_a_clause(place):
                continue
            last = tokens[cue.stop - 1].stem
            if last == "dont" and not self.negated_closely():
                continue
            return True
        return False

    def taken_back(self, denied: bool) -> bool:
        """Whether it is what the person said before ("I said no to fever") and now takes back ("but I do")."""
        if not any(c.kind == "quoted_before" and self._low <= c.first < self._seen.first for c in self._cues):
            return False
        for cue in self._cues:
            if cue.kind != "taken_back" or not self._seen.first < cue.first < self._high + 3:
                continue
            if denied:
                return True
            negative = any(t.stem in NEGATORS or t.stem == "wrong" for t in self._reading.tokens[cue.first : cue.stop])
            if negative and self._ends_a_clause(cue.stop):
                return True
        return False

    def brief(self) -> bool:
        """Whether the sentence speaks of seconds or minutes."""
        return any(t.word in _BRIEF for t in self._reading.tokens[self._low : self._high])

    def parted(self, cue: Cue) -> bool:
        """Whether a mark stands between a cue and the sighting after it."""
        return any(not t.stem[0].isalnum() for t in self._reading.tokens[cue.stop : self._seen.first])

    def begins_with_no(self) -> bool:
        """Whether the sighting has its own "no" first ("no fever no trauma")."""
        return self._reading.tokens[self._seen.first].stem in NEGATORS

    def longstanding(self) -> bool:
        """Whether it is said to have been so for years, and not to have changed."""
        near = [c for c in self._cues if self._low <= c.first < self._high + _REACH_BEFORE]
        old = [c for c in near if c.kind == "longstanding"]
        changed = [c for c in near if c.kind == "changed" and not any(o.first <= c.first < o.stop for o in old)]
        return bool(old) and all(self._denied_before(c) for c in changed)

    def _denied_before(self, cue: Cue) -> bool:
        """Whether a no stands right before a cue ("not worse")."""
        return cue.first > 0 and self._reading.tokens[cue.first - 1].stem in NEGATORS

    def answered_no(self) -> bool:
        """Whether the next sentence says it isn't so ("the leaflet says to ring if my bum goes numb. It hasn't.")."""
        return any(c.kind == "denied_next" and c.first == self._high for c in self._cues)

    def _denies_alone(self, cue: Cue) -> bool:
        """Of a cue that overlaps the sighting, whether the part before it still denies ("no | loss of control")."""
        before = self._reading.tokens[cue.first : self._seen.first]
        return any(t.stem in NEGATORS for t in before)

    def _ends_a_clause(self, place: int) -> bool:
        return place >= len(self._reading.tokens) or not self._reading.tokens[place].stem[0].isalnum()

    def negated_closely(self) -> bool:
        """A negation right before ("not able to stand", "can't feel")."""
        before = self._reading.tokens[max(self._low, self._seen.first - 2) : self._seen.first]
        within = self._seen_stems()
        gaps = any(s in NEGATORS and s not in self._seen.words for s in within)
        return gaps or any(t.stem in NEGATORS for t in before)

    def is_no_loss(self) -> bool:
        """A sighting that begins "no loss of", "without trouble": two negatives."""
        stems = [t.stem for t in self._reading.tokens[self._seen.first : self._seen.first + 3]]
        return stems[0] in NEGATORS and len(self._seen_stems()) > 2 and any(s in _LOSSES for s in stems[1:])

    def _seen_stems(self) -> list[str]:
        return [t.stem for t in self._reading.tokens[self._seen.first : self._seen.stop]]

    def _is_i(self, place: int) -> bool:
        return place < len(self._reading.tokens) and self._reading.tokens[place].stem == "i"

    def _stopped(self, low: int, high: int, crosses: bool) -> bool:
        kinds = ("stop",) if crosses else ("stop", "new_clause")
        if crosses:  # only a plain turn of the sentence ends what was imagined or somebody else's
            return any(self._reading.tokens[i].stem in _TURNS for i in range(low, high))
        if any(c.kind == "stop" and c.first == high == self._seen.first for c in self._cues):
            return True  # "no harm done, | just my back"
        # (a new clause may begin before the sighting and reach into it: "..., my calf is swollen")
        return any(c.kind in kinds and low <= c.first < high for c in self._cues)

    def _is_first_person(self) -> bool:
        """ "I", "my" between the other person and the finding, or in it, bring the speaker back."""
        if any(t.stem in _FIRST_PERSON for t in self._reading.tokens[self._seen.first : self._seen.stop]):
            return True
        cue = self.before("other_before", crosses=True)
        if cue is None:
            return False
        between = self._reading.tokens[cue.stop : self._seen.first]
        return any(t.stem in _FIRST_PERSON for t in between)

    def _is_over(self) -> bool:
        if self.before("over_before"):
            return True
        for cue in self._cues:
            if cue.kind != "over_after" or not 0 <= cue.first - self._seen.stop <= 9:
                continue
            between = self._reading.tokens[self._seen.stop : cue.first]
            ends = sum(t.stem in _ENDS for t in between)
            turned = [i for i, t in enumerate(between) if t.stem in ("but", "and", ",")]
            if ends <= 1 and (not between or turned or ends or len(between) <= 4):
                return True
        return False
