"""The words every room shares: statuses, dispositions, mentions, and what was heard in one message."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


class Status(str, enum.Enum):
    """What a person's words say of one finding. Only the first three are about the patient now."""

    PRESENT = "present"
    ABSENT = "absent"
    UNCERTAIN = "uncertain"
    PAST = "past"
    OTHER_PERSON = "other_person"


class Disposition(str, enum.Enum):
    """Where to turn, from the least urgent up; `urgency` is 0 (out of scope) to 4 (emergency)."""

    urgency: int

    def __new__(cls, id_: str) -> Disposition:
        disposition = str.__new__(cls, id_)
        disposition._value_ = id_
        disposition.urgency = len(cls.__members__)
        return disposition

    OUT_OF_SCOPE = "out_of_scope"
    SELF_CARE = "self_care"
    SEE_CLINICIAN_SOON = "see_clinician_soon"
    URGENT_SAME_DAY = "urgent_same_day"
    EMERGENCY_NOW = "emergency_now"


class Act(str, enum.Enum):
    """The dialogue act of a message: what the person does by saying it, apart from any finding in it."""

    TELL = "tell"  # anything told: symptoms, answers in words
    AFFIRM = "affirm"  # yes, OK, that's right
    DENY = "deny"  # no, not that I know
    UNSURE = "unsure"  # not sure, hard to say, no idea
    NONE_OF_THESE = "none_of_these"  # none of them
    ASK_WHY = "ask_why"  # why do you ask? why this result?
    ASK_CHANGE = "ask_change"  # what would change it? when would it be worse?
    ASK_MEANING = "ask_meaning"  # what do you mean?
    GO_BACK = "go_back"  # go back, change my answer
    ASK_SUMMARY = "ask_summary"  # what have you understood so far?
    SKIP = "skip"  # rather not say
    START_AGAIN = "start_again"
    STOP = "stop"  # stop, delete what I said
    ASK_HUMAN = "ask_human"  # I want to talk to a person
    ASK_URGENT = "ask_urgent"  # is this urgent?
    ASK_QUESTION = "ask_question"  # what is sciatica? how long does it last?
    THANKS = "thanks"
    GREET = "greet"


@dataclass(frozen=True)
class Mention:
    """One finding as the person said it.

    `start` and `end` are code points of the text as typed, half open. `by` names the rule or model that heard it;
    `confidence` is 0 to 1; `side` is left, right or both where the words say so of this finding.
    """

    finding: str
    status: Status
    start: int = 0
    end: int = 0
    text: str = ""
    by: str = ""
    confidence: float = 1.0
    side: str | None = None


@dataclass(frozen=True)
class Heard:
    """All that one message said.

    `values` maps a value's id (duration_days [days], age [years], side, pain_score [0-10]) to what was heard.
    `act` is the dialogue act where the words show one plainly, else TELL. `unheard` are stretches that seem to
    matter and were not understood. `about` is "self", "other" (the patient is someone else: "my mum has...") or
    None where the words don't say. `language` is an ISO 639-1 code where it plainly isn't English, else "en".
    `topic` is the id of the answer (knowledge/answers) that a question asks for, where act is ASK_QUESTION.
    """

    text: str
    mentions: tuple[Mention, ...] = ()
    values: Mapping[str, float | str] = field(default_factory=lambda: MappingProxyType({}))
    act: Act = Act.TELL
    unheard: tuple[str, ...] = ()
    about: str | None = None
    language: str = "en"
    topic: str | None = None
