"""A mistake in the knowledge is answered with file, line, what is wrong and what to do; the program doesn't start."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from sciatriage.triage.knowledge import KnowledgeError, knowledge_folder, load_knowledge

FLAG = "red_flags/cauda_equina.yml"
BLADDER_NAME = "name: trouble peeing or a bladder that won't empty"
BLADDER_SIMPLER = "When you try to pee, does little or nothing come out? Or do you no longer feel when you need to go?"
BLADDER_WHY = "A bladder that won't empty can mean that the nerves at the bottom of the spine are trapped."
SEX_BECAUSE = "because: A new change in how sex feels or works should be looked at."
ADVICE_FOR = "    for:\n      maybe:\n"


class Mistake(NamedTuple):
    """One mistake: in `file`, `instead` stands where `written` stood, and `told` says so at the line of `at`.

    `at` is text on that line, the last before or in what was replaced; where it isn't given, what stands there instead.
    """

    file: str
    written: str
    instead: str
    told: str
    at: str = ""


SHAPE = [
    Mistake(FLAG, SEX_BECAUSE, SEX_BECAUSE.replace("because", "becuase"), "'becuase' is unknown here; did you mean"),
    Mistake(FLAG, "danger: true", "dangerous: true", "'dangerous' is unknown here; did you mean 'danger'?"),
    Mistake(FLAG, f"    {SEX_BECAUSE}\n", "", "'sexual_change' has no 'because'; add it", "  sexual_change:"),
    Mistake(FLAG, f"    why: {BLADDER_WHY}\n", "", "'bladder_retention' has no 'why'; add it", "  bladder_retention:"),
    Mistake(
        "dispositions.yml",
        "    because: A danger sign was named. With these, hours can decide how well you recover.\n",
        "",
        "'emergency_now' has no 'because'; add it",
        "  emergency_now:",
    ),
    Mistake(FLAG, "danger: true", "danger: yes", "'yes' is neither true nor false"),
    Mistake("reasons.yml", "rules:", "rulse:", "'rulse' is no section; did you mean 'rules'?"),
    Mistake("reasons.yml", "rules:\n", "rules: [reason]\nconditions:\n", "'rules' must be a map", "rules:"),
    Mistake("reasons.yml", "rules:\n", "rules:\n  a_rule: soon\n", "'a_rule' must be a map of its parts", "  a_rule:"),
    Mistake("questions.yml", "kind: checklist", "kind: ticklist", "'ticklist' is no kind of question; use one of"),
    Mistake("questions.yml", "value: age", "value: height", "asks for 'height'; a value is one of", "  age:"),
    Mistake("questions.yml", "order: 10", "order: first", "'first' is no number; write one"),
    Mistake("advice/positions.yml", "kind: self_care", "kind: selfcare", "'selfcare' is no kind of advice; use one of"),
    Mistake("sources.yml", "    publisher:", "    publishr:", "'publishr' is unknown here; did you mean 'publisher'?"),
    Mistake("decisions.yml", "    settled:", "    setled:", "'setled' is unknown here; did you mean 'settled'?"),
    Mistake("decisions.yml", "{says: More", "{said: More", "'positions' has no 'says'; add it"),
    Mistake("plain_words.yml", "  reading_age: 11", "  reading_age: low", "'low' is no number; write one"),
    Mistake("plain_words.yml", "\nplain_words:", "\nscope_words: []\nother:", "'other' is no section", "other:"),
]
IDS = [
    Mistake(FLAG, "ask_in: toilet_and_both_legs", "ask_in: side", "which is no checklist", "  bladder_retention:"),
    Mistake(FLAG, "ask_in: toilet_and_both_legs", "ask_in: toilets", "which no question is", "  bladder_retention:"),
    Mistake(FLAG, "bowel_incontinence]", "bowel_incontinense]", "neither a finding nor a definition"),
    Mistake(FLAG, "present: emergency_now", "present: emergency", "is no disposition; did you mean 'emergency_now'?"),
    Mistake(
        FLAG,
        "uncertain: see_clinician_soon",
        "uncertain: emergency_now",
        "more urgent unsure than sure; swap them",
    ),
    Mistake(
        "findings/pain_and_nerve.yml",
        "    heard_as:",
        "    narrower_than: numb_toe\n    heard_as:",
        "is narrower than 'numb_toe', which is no finding",
        "  low_back_pain:",
    ),
    Mistake("conditions/dvt.yml", "      calf_swelling:", "      calf_sweling:", "did you mean 'calf_swelling'?"),
    Mistake(
        "dispositions.yml", "  self_care:", "  selfcare:", "'selfcare' is no disposition; did you mean 'self_care'?"
    ),
    Mistake("dispositions.yml", "\ncrisis:", "\ncrises:", "'crises' is no section; did you mean 'crisis'?", "crises:"),
    Mistake(
        "definitions.yml",
        "definitions:\n",
        "definitions:\n  numbness: {}\n",
        "'numbness' is a finding already; give the definition another id",
        "  numbness:",
    ),
]
CONDITIONS = [
    Mistake("definitions.yml", "at_least: 7", "atleast: 7", "use at_most, at_least, over or under", "    when:"),
    Mistake("definitions.yml", "at_least: 7", "at_least: high", "at_least, over or under with a number", "    when:"),
    Mistake(FLAG, "{any: [bladder_retention,", "{some: [bladder_retention,", "use all, any, not, maybe, sure, told"),
    Mistake(
        "definitions.yml", "any: [low_back_pain,", "any: [back_pain,", "'back_pain' rests on itself", "  back_pain:"
    ),
    Mistake("advice/positions.yml", ADVICE_FOR, ADVICE_FOR.replace("maybe", "perhaps"), "'perhaps' is unknown", "for:"),
    Mistake(
        "reasons.yml",
        "when: cannot_walk",
        "when: {all: [cannot_walk, {value: age, over: 90}]}",
        "a cut-off is for a clinician to confirm; add 'reviewed: awaiting a clinician' to this entry",
    ),
]
WEIGHTS = [
    Mistake("conditions/dvt.yml", "        points:", "        weight:", "'weight' is unknown here"),
    Mistake(
        "conditions/dvt.yml",
        "        because: A piece of a clot can move to the lungs.\n",
        "",
        "has no 'because'; add it",
        "      breathlessness:",
    ),
    Mistake("conditions/dvt.yml", "points: 0.6", "points: some", "'some' is no number; write one such as 1.5"),
    Mistake("conditions/dvt.yml", "points: 0.6", "points: -0.6", "points under 'for' have no minus"),
    Mistake("conditions/dvt.yml", "    prior: -", "    prior: about -", "is no number; write one such as 1.5"),
]
SOURCES = [
    Mistake(FLAG, "    sources: [A0", "    sources: [A9", "source 'A9' is not in sources.yml"),
    Mistake(
        FLAG,
        "sources: [GIRFT_CES: new change in sexual function]",
        "sources: []",
        "'sexual_dysfunction' has no 'sources'; add it",
        "  sexual_dysfunction:",
    ),
    Mistake(
        "red_flags/injury.yml",
        "sources: [A1: pain after a severe injury]",
        "sources: [A1]",
        "'A1' is cited without its passage; write 'A1: what it says, in short'",
    ),
    Mistake("decisions.yml", "[A1: more than a week]}", "[A1]}", "'A1' is cited without its passage"),
    Mistake("dispositions.yml", "  sources: [NHS_999]", "  sources: [NHS]", "source 'NHS' is not in sources.yml"),
]
REVIEWS = [
    Mistake(
        "red_flags/injury.yml",
        "sources: [A1: pain after a severe injury]",
        "sources: [NHS_999]",
        "'severe_trauma' rests on guidelines alone; add 'reviewed: awaiting a clinician'",
        "  severe_trauma:",
    ),
    Mistake(
        "conditions/dvt.yml",
        "          - NICE_NG158: active cancer\n        reviewed: awaiting a clinician\n",
        "          - NICE_NG158: active cancer\n",
        "'cancer_history' rests on guidelines alone",
        "      cancer_history:",
    ),
    Mistake(
        FLAG, "reviewed: awaiting a clinician", "reviewed: soon", "'soon' is no review; write 'awaiting a clinician'"
    ),
    Mistake(FLAG, "reviewed: awaiting a clinician", "reviewed: 2026-01-31", "'2026-01-31' is no review"),
]
WORDS = [
    Mistake(FLAG, f"why: {BLADDER_WHY}", "why: You may urinate less.", "say 'pee' instead of 'urinate'"),
    Mistake(FLAG, BLADDER_NAME, "name: gastroenterological trouble", "'gastroenterological' has 19 letters"),
    Mistake(
        FLAG,
        BLADDER_WHY,
        "A leg or a foot or a hip or a toe or a knee or a heel can hurt too now.",
        "a sentence of 21 words ('A leg or a foot or ...'); make two of it, 20 words each at most",
    ),
    Mistake(
        FLAG,
        BLADDER_WHY,
        "Professional assessment prevents permanent problems affecting bladder function. "
        "Pressure damages several important nerves controlling different muscles, including those around your bottom.",
        "use shorter sentences and shorter words until it is 11 at most",
    ),
    Mistake(
        FLAG,
        f"simpler: {BLADDER_SIMPLER}",
        "simpler: Incomplete emptying, persevering urgency, interrupted streams, distension, dribbling?",
        "'bladder_retention' with all its texts reads at the age of",
        "  bladder_retention:",
    ),
    Mistake("phrases.yml", 'thanks: "', 'thanks: "Rest your abdomen. ', "say 'tummy' instead of 'abdomen'"),
    Mistake("dispositions.yml", "watch_for: >-\n", "watch_for: >-\n        Paraesthesia.\n", "say 'pins and needles'"),
    Mistake("answers/safety.yml", "    text: ", "    text: Renal pain. ", "say 'kidney' instead of 'renal'"),
    Mistake(
        "advice/positions.yml",
        "because: After a bad injury",
        "because: After fractures",
        "say 'broken bone' instead of 'fractures'",
    ),
    Mistake("week.yml", "intro: Do what", "intro: Lumbar pain. Do what", "say 'low back' instead of 'lumbar'"),
]
NUMBERS = [
    Mistake(
        "phrases.yml", "call {urgent}. In an", "call 111. In an", "'111' looks like a number to call, without a region"
    ),
    Mistake(FLAG, BLADDER_WHY, "Or phone 13 11 14.", "'13 11 14' looks like a number to call"),
    Mistake(FLAG, BLADDER_WHY, "Call 15 now.", "'15' looks like a number to call"),
    Mistake(FLAG, BLADDER_WHY, "Dial triple zero.", "'triple zero' looks like a number to call"),
    Mistake(
        FLAG, "[A0: loss of bladder control", "[A0: call 999", "a number to call in the passage of 'A0'; keep it in"
    ),
    Mistake("regions/gb.yml", "emergency:", "emergancy:", "'emergancy' is unknown here; did you mean 'emergency'?"),
    Mistake("regions/gb.yml", '"111", say: "111"', '"111"', "'urgent' has no 'say'; add it"),
    Mistake("regions/gb.yml", 'number: "999"', "number: 999", "put the number of 'emergency' in quotes"),
    Mistake("regions/gb.yml", "Samaritans on 116 123", "Samaritans", "doesn't say the number 116 123"),
    Mistake("regions/gb.yml", "urgent: {", "urgent: {free: true, ", "'free' is unknown here"),
]
MISTAKES = [*SHAPE, *IDS, *CONDITIONS, *WEIGHTS, *SOURCES, *REVIEWS, *WORDS, *NUMBERS]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[f"{one.file}: {one.told}" for one in MISTAKES])
def test_a_mistake_is_told_with_its_line(mistake: Mistake, tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    problems = _broken(folder, mistake.file, mistake.written, mistake.instead)
    told = [one for one in problems if mistake.told in one]
    assert told, problems
    lines = (folder / mistake.file).read_text().splitlines()
    assert _where(mistake, folder) in [one.split(": ", 1)[0] for one in told], (told, lines)


def test_the_knowledge_itself_has_no_mistake() -> None:
    assert load_knowledge().fingerprint


def test_every_mistake_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    text = (folder / FLAG).read_text()
    (folder / FLAG).write_text(text.replace("danger: true", "dangerous: true"))
    assert len(_problems(folder)) >= text.count("danger: true")


def test_a_duplicate_key_is_told(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    line = "    when: cannot_walk"
    problems = _broken(folder, "reasons.yml", f"{line}\n", f"{line}\n{line}\n")
    number = (folder / "reasons.yml").read_text().splitlines().index(line) + 2
    assert [one for one in problems if one.startswith(f"knowledge/reasons.yml:{number}: found duplicate key")], problems


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    problems = _broken(_copy(tmp_path), "reasons.yml", "rules:", "rules: [")
    assert re.match(r"knowledge/reasons\.yml:\d+: ", problems[0]), problems


def test_a_file_that_is_a_list_is_told(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    (folder / "answers/more.yml").write_text("- what is sciatica\n")
    assert "knowledge/answers/more.yml:1: the file must be a map, such as 'findings:' with entries under it" in (
        _problems(folder)
    )


@pytest.mark.parametrize("file", [FLAG, "week.yml"])
def test_an_entry_twice_is_told(file: str, tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    shutil.copy(folder / file, folder / "zz_again.yml")
    told = [one for one in _problems(folder) if f"is already in {Path(file).name}; keep one of them" in one]
    assert told
    assert all(re.match(r"knowledge/zz_again\.yml:\d+: ", one) for one in told), told


# What must be there, and what is told where it isn't
NEEDED = {
    "plain_words.yml": "knowledge/plain_words.yml:1: nothing says how plain the words must be; add 'plain_words'",
    "regions/default.yml": "knowledge/regions/default.yml:1: no list for an unknown region; add it",
    "dispositions.yml": "knowledge/dispositions.yml:1: there is no 'fail_safe' text; add it",
    "definitions.yml": "knowledge/definitions.yml:1: there is no 'in_scope'; rules need it",
}


@pytest.mark.parametrize("file", NEEDED)
def test_a_file_that_is_missing_is_told(file: str, tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    (folder / file).unlink()
    assert NEEDED[file] in _problems(folder)


def test_no_folder_is_told(tmp_path: Path) -> None:
    assert _problems(tmp_path / "nowhere") == (f"{tmp_path / 'nowhere'}: there is no knowledge here",)


def _where(mistake: Mistake, folder: Path) -> str:
    """File and line that must be named."""
    before = (knowledge_folder() / mistake.file).read_text()
    start = before.index(mistake.written)
    after = (folder / mistake.file).read_text()
    at = mistake.at or next(line for line in mistake.instead.splitlines() if line.strip())
    place = after.rindex(at, 0, start + len(mistake.instead))
    return f"knowledge/{mistake.file}:{after[:place].count(chr(10)) + 1}"


def _copy(tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge"
    shutil.copytree(knowledge_folder(), folder)
    return folder


def _broken(folder: Path, file: str, written: str, instead: str) -> tuple[str, ...]:
    text = (folder / file).read_text()
    assert written in text, "the mistake must break something"
    (folder / file).write_text(text.replace(written, instead, 1))
    return _problems(folder)


def _problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    return caught.value.problems
