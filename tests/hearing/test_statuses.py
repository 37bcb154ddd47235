"""One small message a rule: denial, doubt, imagination, somebody else, the past, and the ways they end."""

from __future__ import annotations

import pytest

from sciatriage.hearing.ear import Ear

SAID = [
    ("no numbness, weakness or bladder trouble", "bladder_incontinence", "absent"),
    ("no fever, my calf is swollen", "calf_swelling", "present"),
    ("no fever, my calf is swollen", "fever", "absent"),
    ("calf isn't swollen", "calf_swelling", "absent"),
    ("numbness: no, tingling: yes", "numbness", "absent"),
    ("numbness: no, tingling: yes", "tingling", "present"),
    ("no loss of bladder or bowel control", "bowel_incontinence", "absent"),
    ("my bladder is fine", "bladder_retention", "absent"),
    ("I can still feel when I wipe", "saddle_numbness", "absent"),
    ("I can't feel when I wipe", "saddle_numbness", "present"),
    ("not only is my leg numb, it is weak", "numbness", "present"),
    ("I'm not able to stand on it", "cannot_walk", "present"),
    ("no, my leg is numb", "numbness", "present"),
    ("I didn't even notice I'd wet myself", "bladder_incontinence", "present"),
    ("maybe my foot is dragging", "foot_drop", "uncertain"),
    ("I think I've got a fever", "fever", "uncertain"),
    ("not sure if my calf is swollen", "calf_swelling", "uncertain"),
    ("should I worry about numbness between my legs?", "saddle_numbness", "uncertain"),
    ("what if I lose control of my bladder", "bladder_incontinence", None),
    ("what happens if my leg goes numb", "numbness", None),
    ("can sciatica cause loss of bladder control?", "bladder_incontinence", None),
    ("they told me to watch out for bladder problems", "bladder_incontinence", None),
    ("my dad had a clot in his leg once", "calf_swelling", "other_person"),
    ("my wife says my foot is dragging", "foot_drop", "present"),
    ("my mum has back pain and can't pee", "bladder_retention", "present"),
    ("I used to wet myself years ago", "bladder_incontinence", "past"),
    ("had numbness in my foot but it's gone", "numbness", "past"),
    ("couldn't pee yesterday but it's fine now", "bladder_retention", "uncertain"),
    ("my leg went numb suddenly and it hasn't come back", "sudden_numbness", "present"),
    ("had breast cancer ten years ago", "cancer_history", "present"),
    ("wet myself twice last week", "bladder_incontinence", "present"),
    ("the numbness never goes away", "numbness", "present"),
    ("lost control of the car", "bladder_incontinence", None),
    ("pins and needles in my foot", "iv_drug_use", None),
    ("this back is killing me", "self_harm", None),
    ("my foot fell asleep and came back after a minute", "sudden_numbness", None),
    ("numb with boredom", "numbness", None),
    ("been soaked in the rain", "bladder_incontinence", None),
    ("I've leaked when I sneeze for years, no different since my kids were born", "bladder_incontinence", "past"),
    ("I leak when I sneeze, for years, but it's got a lot worse lately", "bladder_incontinence", "present"),
    ("nearly wet myself laughing", "bladder_incontinence", None),
    ("my leg is not weak", "leg_weakness", "absent"),
    ("leg has no strength", "leg_weakness", "present"),
    ("nothing comes out when I pee, my back hurts", "low_back_pain", "present"),
    ("no numbness, legs feel strong", "leg_weakness", "absent"),
    ("never had this numbness before", "numbness", "present"),
    ("I swing my leg so my foot doesn't scrape", "foot_drop", "present"),
    ("my legs tingle and they feel weak", "leg_weakness", "present"),
    ("the leaflet says ring if my bum goes numb. It hasn't.", "saddle_numbness", "absent"),
    ("my foot is cold, the other one is fine", "cold_pale_limb", "present"),
    ("leg suddenly gave out and I cant move it", "sudden_weakness", "present"),
    ("knee buckles going downstairs", "leg_weakness", "present"),
    ("my leg hurts", "leg_pain", "present"),
    ("my leg hurts", "radiating_leg_pain", None),
    ("im incontinant since the weekend", "bladder_incontinence", "present"),
    ("my bladdder wont empty", "bladder_retention", "present"),
    # a "no" and what is said with a predicate of its own
    ("no chest pain, short of breath", "breathlessness", "present"),
    ("no fever, face drooping", "face_arm_speech", "present"),
    ("no cough, passed out yesterday", "collapse", "present"),
    ("not feverish, heart racing", "palpitations", "present"),
    ("fever no, breathless yes", "breathlessness", "present"),
    ("fever no, breathless yes", "fever", "absent"),
    ("bladder fine bowel leaking", "bowel_incontinence", "present"),
    ("no weakness, numb between legs", "saddle_numbness", "present"),
    ("no redness, calf swollen", "calf_swelling", "present"),
    ("not cold, very pale foot", "cold_pale_limb", "uncertain"),
    ("I haven't pooed properly and dribble urine, back pain", "bladder_incontinence", "uncertain"),
    ("I haven't pooed properly and dribble urine, back pain", "low_back_pain", "present"),
    ("no fever, chills, weight loss", "weight_loss", "absent"),
    ("no chest pain, short of breath or fever", "breathlessness", "absent"),
    ("no chest pain, breathlessness, fainting", "breathlessness", "absent"),
    ("denies fever, chills, incontinence, saddle numbness", "saddle_numbness", "absent"),
    # "until", "except"
    ("never had chest pain until today", "chest_pain", "present"),
    ("I had no chest pain until this morning", "chest_pain", "present"),
    ("I never leaked until Monday", "bladder_incontinence", "present"),
    ("no chest pain except when breathing in", "chest_pain", "uncertain"),
    ("I don't leak except at night", "bladder_incontinence", "uncertain"),
    ("wet myself on Monday, none since", "bladder_incontinence", "uncertain"),
    ("I can walk on my toes but not on my heels", "weakness_limits", "present"),
    # questions that tell
    ("can sciatica make me wet myself? because I did", "bladder_incontinence", "uncertain"),
    ("told me to come back if I lost control of my bladder. I have now", "bladder_incontinence", "uncertain"),
    ("does sciatica cause you to lose control of your bladder, it happened to me", "bladder_incontinence", "uncertain"),
    ("what should I do if I can't feel when I wipe? I can't", "saddle_numbness", "uncertain"),
    ("can back pain cause chest pain? I have both", "chest_pain", "uncertain"),
    ("what if my leg goes numb. I do exercises", "numbness", None),
    ("what if I wet myself? I haven't", "bladder_incontinence", None),
    # what was said before is taken back
    ("I said no to fever but I do have it", "fever", "uncertain"),
    ("I told you no numbness but there is numbness when I wipe", "saddle_numbness", "uncertain"),
    ("earlier I said I don't leak but I do", "bladder_incontinence", "uncertain"),
    ("earlier I said I leaked but I don't", "bladder_incontinence", "uncertain"),
    # well and unwell
    ("I am not well", "very_unwell", "uncertain"),
    ("I'm not ok", "very_unwell", "uncertain"),
    ("I can't say it isn't numb", "face_arm_speech", None),
    ("nope for my husband who can't pee", "bladder_retention", "present"),
    ("he wet himself, back pain", "bladder_incontinence", "present"),
]


@pytest.mark.parametrize(("text", "finding", "status"), SAID)
def test_status(ear: Ear, text: str, finding: str, status: str | None) -> None:
    statuses = {m.status.value for m in ear.hear(text).mentions if m.finding == finding}
    assert statuses == ({status} if status else set())


def test_two_clauses_that_contradict_are_both_kept(ear: Ear) -> None:
    mentions = ear.hear("no numbness in my back but my foot is numb").mentions
    assert {m.status.value for m in mentions if m.finding == "numbness"} == {"absent", "present"}


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("my mum has back pain and can't pee", "other"),
        ("asking for my nan, she wets herself now", "other"),
        ("my leg hurts", "self"),
        ("my dad had a clot once and now my calf hurts", "self"),
        ("it hurts", None),
        ("my dad's back hurts and he wet himself", "other"),
        ("my 80 year old mother can't feel when she wipes", "other"),
        ("my client with back pain is incontinent", "other"),
        ("my boyfriend's foot is dropping", "other"),
        ("no, it's for my mum, she wet herself", "other"),
        ("not me, my dad", "other"),
        ("my daughter", "other"),
        ("it's for my son", "other"),
        ("my mum had sciatica", None),
        ("my dad had a clot once", None),
        ("my wife thinks my foot is dragging", "self"),
    ],
)
def test_about(ear: Ear, text: str, about: str | None) -> None:
    assert ear.hear(text).about == about


def test_a_side_belongs_to_what_it_is_said_of(ear: Ear) -> None:
    mentions = ear.hear("left calf is swollen, right foot drags").mentions
    assert {m.finding: m.side for m in mentions} == {"calf_swelling": "left", "foot_drop": "right"}
