"""The command line: `sciatriage extract`, `assess`, `chat`, `rulebook`, `impact`. No server, no network."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any, TextIO

from sciatriage.triage import wording
from sciatriage.triage.case import Case, Fact
from sciatriage.triage.consultation import consult
from sciatriage.triage.knowledge import VALUES, Knowledge, KnowledgeError, knowledge_folder, load_knowledge
from sciatriage.triage.vocabulary import Status

Json = dict[str, Any]
_SIDES = ("left", "right", "both")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0, or 2 where the knowledge can't be used."""
    parser = argparse.ArgumentParser(prog="sciatriage", description="Triage of leg, back and nerve pain and cramp.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("extract", help="what each message says: JSON lines {id, text} in, findings out")
    assess = commands.add_parser("assess", help="what each case comes to: JSON lines {id, findings, values} in")
    assess.add_argument("--no-question", action="store_true", help="leave the next question out")
    chat = commands.add_parser("chat", help="the conversation, here in the terminal")
    chat.add_argument("--region", default=os.environ.get("SCIATRIAGE_REGION"), help="gb, us, ca, ie, eu, au or nz")
    rulebook = commands.add_parser("rulebook", help="every rule as one web page, for clinicians to read")
    rulebook.add_argument("--out", type=Path, help="the file to write; without it, the page goes to the terminal")
    rulebook.add_argument("--cases", type=Path, help="a folder of cases (tests/cases), to show which rule they test")
    changes = commands.add_parser("impact", help="what a change of the knowledge does: OLD and NEW folders")
    changes.add_argument("old", type=Path, help="the knowledge as it was")
    changes.add_argument("new", type=Path, help="the knowledge as it would be")
    changes.add_argument("--cases", type=Path, help="a folder of cases (tests/cases), to show which change")
    commands.add_parser("serve", help="the page and all channels, on one port (HOST and PORT)")
    options = parser.parse_args(arguments)
    if options.command == "serve":
        return _serve()
    if options.command == "impact":
        return _impact(options.old, options.new, options.cases)
    try:
        knowledge = load_knowledge()
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 2
    if options.command == "extract":
        _json_lines(sys.stdin, sys.stdout, _extractor(knowledge))
    elif options.command == "assess":
        _json_lines(sys.stdin, sys.stdout, _assessor(knowledge, with_question=not options.no_question))
    elif options.command == "rulebook":
        return _rulebook(knowledge, options.out, options.cases)
    else:
        from sciatriage.terminal import chat_in_terminal  # the ear takes a second to load; the others don't need it

        chat_in_terminal(knowledge, options.region, sys.stdin, sys.stdout)
    return 0


def _impact(old: Path, new: Path, cases: Path | None) -> int:
    """0 where the change is accepted, 1 where it is refused, 2 where it can't be read."""
    try:
        from sciatriage.proof.impact import approval_of, impact, lines  # rests on the solver, which patients don't need
    except ImportError as error:
        print(f"impact needs the solver ({error.name}): run 'make set-up-for-tests' first", file=sys.stderr)
        return 2
    try:
        found = impact(old.resolve(), new.resolve(), cases)
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 2
    approval = approval_of(found)
    print("\n".join(lines(found, approval)))
    return 1 if found.milder and approval is None else 0


def _rulebook(knowledge: Knowledge, out: Path | None, cases: Path | None) -> int:
    from sciatriage.cases import read_cases
    from sciatriage.rulebook.page import render  # the template engine, which the other commands don't need
    from sciatriage.rulebook.written import read_written

    try:
        page = render(knowledge, read_cases(cases) if cases else (), read_written(knowledge_folder()))
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 2
    if out is None:
        sys.stdout.write(page)
        return 0
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page, encoding="utf-8")
    print(out)
    return 0


def _serve() -> int:
    # Only a door: the server is the one room that knows Rasa, and this room must not import it.
    os.execv(sys.executable, [sys.executable, "-m", "rasa_project.server"])


def _json_lines(lines: Iterable[str], out: TextIO, answer: Callable[[Json], Json]) -> None:
    """Answer each line in order; one that can't be read or answered gives an error line, and the rest go on."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        asked: object = None
        try:
            asked = json.loads(line)
            if not isinstance(asked, dict):
                raise ValueError("a line must be a JSON object")
            written = answer(asked)
        except Exception as error:  # one bad line must not stop the others
            id_ = asked.get("id") if isinstance(asked, dict) else None
            written = {"id": id_, "line": number, "error": str(error) or type(error).__name__}
        out.write(encode(written) + "\n")
        out.flush()


def _extractor(knowledge: Knowledge) -> Callable[[Json], Json]:
    from sciatriage.hearing.ear import Ear  # it loads spaCy, which the other commands don't need

    ear = Ear(knowledge)

    def extract(asked: Json) -> Json:
        text = asked.get("text")
        if not isinstance(text, str):
            raise ValueError("'text' must be a string")
        heard = ear.hear(text)
        findings = [
            {
                "id": mention.finding,
                "status": mention.status.value,
                "start": mention.start,
                "end": mention.end,
                "text": mention.text,
                "by": mention.by,
                "confidence": round(mention.confidence, 3),
                **({"side": mention.side} if mention.side else {}),
            }
            for mention in heard.mentions
        ]
        values = {id_: told for id_, told in heard.values.items() if id_ != "number"}
        return {"id": asked.get("id"), "findings": findings, "values": values, "unheard": list(heard.unheard)}

    return extract


def _assessor(knowledge: Knowledge, with_question: bool) -> Callable[[Json], Json]:
    now = datetime.now(timezone.utc)

    def assess(asked: Json) -> Json:
        case = read_case(asked, knowledge)
        opinion = consult(case, (), knowledge, now, ask=with_question)
        written = {"id": asked.get("id"), **wording.opinion_json(opinion, knowledge)}
        if with_question:
            question = opinion.next_question
            written["next_question"] = wording.question_json(question, knowledge, 1) if question else None
        written["complete"] = opinion.complete
        written["trace"] = list(opinion.trace)
        return written

    return assess


def read_case(asked: Mapping[str, Any], knowledge: Knowledge) -> Case:
    """A case from the contract's JSON. Raises ValueError, naming what is unknown or out of range."""
    findings: dict[str, Fact] = {}
    written = asked.get("findings") or {}
    if not isinstance(written, Mapping):
        raise ValueError("'findings' must be an object of finding: status")
    for id_, told in written.items():
        if id_ not in knowledge.findings:
            raise ValueError(f"'{id_}' is no finding")
        fact = told if isinstance(told, Mapping) else {"status": told}
        side = fact.get("side")
        if side not in (None, *_SIDES):
            raise ValueError(f"'{id_}' has the side {side!r}; {', '.join(_SIDES)} are known")
        try:
            findings[id_] = _fact(str(fact.get("status")), bool(fact.get("asked_again", False)), side)
        except ValueError:
            known = ", ".join(one.value for one in Status)
            raise ValueError(f"'{id_}' has the status {fact.get('status')!r}; one of {known} is needed") from None
    values: dict[str, float | str | None] = {}
    told_values = asked.get("values") or {}
    if not isinstance(told_values, Mapping):
        raise ValueError("'values' must be an object of value: number or word")
    for id_, told in told_values.items():
        values[id_] = _read_value(id_, told)
    return Case(findings, values)


@cache  # a few combinations, and making them anew takes a fifth of the time of a case
def _fact(status: str, asked_again: bool, side: str | None) -> Fact:
    return Fact(Status(status), asked_again=asked_again, side=side)


def _read_value(id_: str, told: object) -> float | str | None:
    if id_ not in VALUES:
        raise ValueError(f"'{id_}' is no value; {', '.join(VALUES)} are")
    if told is None:
        return None
    if id_ == "side":
        if told not in _SIDES:
            raise ValueError(f"'side' is left, right or both, not {told!r}")
        return str(told)
    if isinstance(told, bool) or not isinstance(told, (int, float)) or told != told or told < 0:
        raise ValueError(f"'{id_}' must be a number of 0 or more, not {told!r}")
    return float(told)


if __name__ == "__main__":
    sys.exit(main())
