"""How well a cause fits is told in words, never as a share, with what speaks for it, against it and was not asked."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sciatriage.triage import wording
from sciatriage.triage.case import Case, Fact
from sciatriage.triage.consultation import Opinion, consult
from sciatriage.triage.differential import Possibility
from sciatriage.triage.knowledge import Knowledge, KnowledgeError, knowledge_folder, load_knowledge
from sciatriage.triage.likelihood import likelihood, named, possibility_in_words
from sciatriage.triage.vocabulary import Disposition, Status
from tests.differential.read_vignettes import NOW, read_vignettes

VIGNETTES = read_vignettes()
# What a share of one could look like in a text: 0.62, 62 %, "62 in 100", "a chance of".
SHARE = re.compile(r"\d+[.,]\d|%|\bper ?cent|\b\d+ (?:in|out of) \d+|\bchances?\b|\bprobab|\bodds\b|\bscore\b", re.I)


def _opinion(knowledge: Knowledge, present: str, absent: str = "", unsure: str = "", **values: float | str) -> Opinion:
    findings = {id_: Fact(Status.PRESENT) for id_ in present.split()}
    findings |= {id_: Fact(Status.ABSENT) for id_ in absent.split()}
    findings |= {id_: Fact(Status.UNCERTAIN) for id_ in unsure.split()}
    return consult(Case(findings, dict(values)), (), knowledge, NOW)


def _with_shares(possibilities: tuple[Possibility, ...], *shares: float) -> list[Possibility]:
    return [replace(one, score=share) for one, share in zip(possibilities, shares, strict=False)]


def _without_names(line: str, knowledge: Knowledge) -> str:
    """A sentence without the findings it names: "in the last 6 weeks" is no share."""
    for finding in knowledge.findings.values():
        line = line.replace(finding.name, "")
    return line


def test_each_share_has_one_word(knowledge: Knowledge) -> None:
    words = [likelihood(share / 100, knowledge).word for share in range(101)]
    assert list(dict.fromkeys(words)) == ["less likely", "could be", "fits well", "fits best"]
    for one in knowledge.likelihood_words:
        assert likelihood(one.begins, knowledge) is one


def test_people_are_told_no_share(knowledge: Knowledge) -> None:
    for one in VIGNETTES:
        opinion = one.opinion(knowledge)
        told = wording.opinion_json(opinion, knowledge)["differential"]
        sentences = [*wording.may_be(opinion, knowledge), *(line for each in told for line in each["in_words"])]
        assert [line for line in sentences if re.search(r"\d", _without_names(line, knowledge))] == [], one.id
        assert not any(re.search(r"\d", each["likelihood"]) for each in told)
        text = wording.assessment_text(opinion, knowledge, knowledge.region("gb"))
        assert SHARE.findall(text) == [], one.id


def test_the_word_stands_beside_the_score(knowledge: Knowledge) -> None:
    for one in VIGNETTES[::9]:
        for told in wording.opinion_json(one.opinion(knowledge), knowledge)["differential"]:
            assert told["likelihood"] == likelihood(told["score"], knowledge).word
            assert set(told["for"]) | set(told["against"]) | set(told["not_asked"]) <= set(knowledge.findings)


def test_the_first_is_named_by_how_well_it_fits_and_others_only_when_worth_it(knowledge: Knowledge) -> None:
    ranked = tuple(
        one
        for one in _opinion(knowledge, "tingling calf_cramp low_back_pain").differential
        if one.condition.id != "other"
    )
    names = [one.condition.name for one in ranked]
    assert [said for _, said in named(_with_shares(ranked, 0.6, 0.25, 0.1), knowledge)] == [
        f"It fits best with {names[0]}.",
        f"It could also be {names[1]}.",
    ]
    assert [said for _, said in named(_with_shares(ranked, 0.36, 0.33, 0.31), knowledge)] == [
        f"It fits well with {names[0]}.",
        f"It also fits well with {names[1]}.",
        f"It also fits well with {names[2]}.",
    ]
    assert [said for _, said in named(_with_shares(ranked, 0.19, 0.18, 0.17), knowledge)] == [
        f"It could be {names[0]}, but what you told fits no cause well."
    ]
    assert named((), knowledge) == []


def test_something_else_is_never_named(knowledge: Knowledge) -> None:
    opinion = _opinion(knowledge, "low_back_pain")
    first, second, *_ = opinion.differential
    assert first.condition.id == "other"
    assert likelihood(second.score, knowledge).beside, "the second is worth naming"
    assert [one.condition.id for one, _ in named(opinion.differential, knowledge)] == [second.condition.id]
    assert not any("also" in said for _, said in named(opinion.differential, knowledge)), "there is nothing before it"


def test_out_of_scope_is_told_of_no_cause(knowledge: Knowledge) -> None:
    opinion = replace(_opinion(knowledge, "tingling"), disposition=Disposition.OUT_OF_SCOPE)
    assert wording.may_be(opinion, knowledge) == []
    assert not any(one["in_words"] for one in wording.opinion_json(opinion, knowledge)["differential"])


def test_what_speaks_for_and_against_and_was_not_asked(knowledge: Knowledge) -> None:
    opinion = _opinion(
        knowledge, "radiating_leg_pain calf_cramp dehydration", absent="numbness", unsure="tingling", side="left"
    )
    first = opinion.differential[0]
    assert first.condition.id == "sciatica_related_spasm"
    speaks_for, unsure, against, denied, not_asked = possibility_in_words(first, knowledge, opinion.case)
    name = {id_: finding.name for id_, finding in knowledge.findings.items()}
    assert speaks_for == f"What speaks for it: {name['radiating_leg_pain']} and {name['calf_cramp']}."
    assert "not sure" in unsure
    assert name["tingling"] in unsure
    assert against == f"What speaks against it: {name['dehydration']}."
    assert "no to this" in denied
    assert name["numbness"] in denied
    assert "did not ask" in not_asked
    assert not any(told in not_asked for told in (name["tingling"], name["numbness"], name["calf_cramp"]))


def test_without_the_case_what_is_unsure_speaks_for_it_all_the_same(knowledge: Knowledge) -> None:
    opinion = _opinion(knowledge, "radiating_leg_pain", unsure="tingling")
    lines = possibility_in_words(opinion.differential[0], knowledge)
    assert knowledge.findings["tingling"].name in lines[0]


def test_a_whole_is_not_repeated_after_its_parts(knowledge: Knowledge) -> None:
    nerve = "tingling numbness burning_pain electric_shock_pain radiating_leg_pain"
    opinion = _opinion(knowledge, "buttock_pain low_back_pain hamstring_cramp", absent=nerve)
    sciatica = next(one for one in opinion.differential if one.condition.id == "sciatica_related_spasm")
    assert {"nerve_symptom", "tingling"} <= set(sciatica.against)
    assert knowledge.definitions["nerve_symptom"].name not in " ".join(possibility_in_words(sciatica, knowledge))


def test_the_plain_result_says_in_one_line_what_speaks_for_the_first(knowledge: Knowledge) -> None:
    opinion = _opinion(knowledge, "radiating_leg_pain tingling", age=40, duration_days=3, side="left")
    text = wording.assessment_text(opinion, knowledge, knowledge.region("gb"))
    assert text.count("What speaks for it:") == 1
    line = next(line for line in text.splitlines() if "What speaks for it:" in line)
    assert line.index("It fits best with") < line.index("What speaks for it:") < line.index("not a diagnosis")


def test_names_make_sentences_that_are_short_enough_to_read(knowledge: Knowledge) -> None:
    for one in VIGNETTES:
        opinion = one.opinion(knowledge)
        for told in wording.opinion_json(opinion, knowledge)["differential"]:
            for line in told["in_words"]:
                assert line.endswith(".")
                assert "{" not in line
                assert "_" not in line, (one.id, line)


MISTAKES = [
    ("from: 0.5", "from: 50", "'from' is a share of one"),
    ("from: 0.5", "from: half", "'half' is no number"),
    ("from: 0.3", "from: 0.5", "begin at the same share"),
    ("from: 0\n", "from: 0.1\n", "no word from a share of 0 on"),
    ("It fits best with {name}.", "It fits best.", "names the cause by the blank {name}"),
    ("It could also be {name}.", "It could also be {cause}.", "names the cause by the blank {name}"),
    ("beside:", "besides:", "'besides' is unknown here; did you mean 'beside'?"),
]


@pytest.mark.parametrize(("written", "instead", "told"), MISTAKES, ids=[mistake[1] for mistake in MISTAKES])
def test_a_mistake_in_the_words_is_told(written: str, instead: str, told: str, tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(knowledge_folder(), folder)
    file = folder / "likelihood.yml"
    text = file.read_text()
    assert written in text
    file.write_text(text.replace(written, instead, 1))
    with pytest.raises(KnowledgeError) as error:
        load_knowledge(folder)
    assert [one for one in error.value.problems if told in one and one.startswith("knowledge/likelihood.yml:")]
