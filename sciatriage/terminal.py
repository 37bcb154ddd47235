"""The same conversation in a terminal, without a server."""

from __future__ import annotations

import re
import textwrap
from datetime import datetime, timezone
from typing import TextIO

from sciatriage.hearing.ear import Ear
from sciatriage.talk.saying import Saying
from sciatriage.talk.state import TalkState
from sciatriage.talk.turn import Path, conclude, take_turn
from sciatriage.triage.knowledge import Knowledge

WIDTH = 88


def chat_in_terminal(knowledge: Knowledge, region: str | None, lines: TextIO, out: TextIO) -> None:
    """Talk until the input ends or the person types "quit". An option is answered by its words or its number."""
    ear = Ear(knowledge)
    state = TalkState.new(region, datetime.now(timezone.utc))
    out.write("Tell me how your leg, back or nerve pain, cramp or spasm feels. Type quit to leave.\n> ")
    out.flush()
    for line in lines:
        said = line.strip()
        if said.casefold() in ("quit", "exit"):
            break
        now = datetime.now(timezone.utc)
        turn = take_turn(state, ear.hear(_pressed(said, state)), knowledge, now)
        state = turn.state
        sayings = turn.sayings
        if turn.path in (Path.SELF_CARE, Path.REFERRAL):
            sayings = (*sayings, *conclude(state, knowledge, now))
        for saying in sayings:
            out.write(_shown(saying))
        out.write("> ")
        out.flush()
    out.write("\n")


def _pressed(said: str, state: TalkState) -> str:
    """Numbers typed where the options are a list stand for the options; anything else stays as it is."""
    question = state.open
    numbers = re.fullmatch(r"\s*\d+(\s*[,; ]\s*\d+)*\s*", said)
    if question is None or question.kind in ("number", "duration") or not numbers:
        return said
    return "; ".join(f"~{question.number}.{number}" for number in re.findall(r"\d+", said))


def _shown(saying: Saying) -> str:
    paragraphs = [
        textwrap.fill(line, WIDTH, subsequent_indent="  " if line.startswith("- ") else "")
        for line in saying.text.split("\n")
    ]
    for number, option in enumerate(saying.options, 1):
        paragraphs.append(textwrap.fill(f"  {number}  {option.label}", WIDTH, subsequent_indent="     "))
    return "\n" + "\n".join(paragraphs) + "\n"
