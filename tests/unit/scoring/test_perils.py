"""What was learned about lives raises a post that no rule has words for, and never lowers one."""

from __future__ import annotations

from typing import Any

import pytest

from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
from hikeshi.domain.assessment import Assessment, Category, Level
from hikeshi.domain.errors import ConfigError
from hikeshi.domain.peril import Peril, peril_of
from hikeshi.ports.scoring import Encoders, Reading
from hikeshi.services.scoring.perils import built, load_perils
from hikeshi.services.scoring.scorer import LexiconScorer
from tests.builders import a_post
from tests.fakes.scoring import ScriptedEncoder

HINTED = "もう時計はいりません。同期の誰か使ってください"
SEVERE = "パンに虫が混入していた。レシートと写真もある"
FIRM = "もう死にたいです。上司に毎日怒鳴られて眠れない"
CALM = {category: 4.0 if category is Category.NONE else -4.0 for category in Category}
DESCRIBED: dict[str, Any] = {
    "format": 2,
    "pieces": {"時計": 10, "虫": 10, "死に": 10},
    "unit": 0.1,
    "bias": -0.2,
    "quick": {"weights": [1.0], "bias": 0.0},
    "thorough": {"weights": [1.0, 0.0], "bias": 0.0},
    "violence": {"weights": [0.0, 1.0], "bias": 0.0},
    "suspected": [0.0, 0.0, 1.0],
    "judged": [0.0, 0.0, 0.0, 1.0],
    "cuts": {"to_quick": 0.0, "to_thorough": 1.0, "notice": 2.0, "warning": 4.0},
}


def meaning(*numbers: float) -> ScriptedEncoder:
    return ScriptedEncoder({"": Reading(risk=-4.0, kinds=CALM, severe=-4.0, meaning=numbers)})


def judged(
    text: str, thorough: ScriptedEncoder, quick: ScriptedEncoder | None = None, *, reads_all: bool = False
) -> Assessment:
    scorer = LexiconScorer(
        tokenizer=JanomeTokenizer(),
        perils=built(DESCRIBED),
        encoders=Encoders(quick or meaning(9.0), thorough, reads_all),
    )
    return scorer.assess(a_post(text=text, media=()))


def test_what_is_surely_about_a_life_calls_people_and_says_so() -> None:
    found = judged(HINTED, meaning(5.0, -1.0))
    assert (found.level, found.category, peril_of(found)) == (
        Level.WARNING,
        Category.HARASSMENT,
        Peril.SELF_HARM,
    )
    assert sum(reason.points for reason in found.reasons) == found.score == 64
    assert found.reasons[-1].span is not None
    assert found.reasons[-1].span in HINTED


def test_a_life_is_found_likewise_where_the_thorough_encoder_reads_all() -> None:
    spared = meaning(-9.0)
    assert peril_of(judged(HINTED, meaning(5.0, -1.0), reads_all=True)) is Peril.SELF_HARM
    assert peril_of(judged(HINTED, meaning(5.0, -1.0), spared, reads_all=True)) is None
    assert spared.read_texts == [HINTED]


def test_whose_life_it_is_decides_what_is_done() -> None:
    found = judged(HINTED, meaning(5.0, 1.0))
    assert (found.category, peril_of(found)) == (Category.ATTACK, Peril.VIOLENCE)


def test_what_may_be_about_a_life_is_noticed_and_calls_nobody() -> None:
    found = judged(HINTED, meaning(3.0, 1.0))
    assert (found.level, found.score, peril_of(found)) == (Level.NOTICE, 44, None)


def test_however_sure_it_is_it_never_wakes_executives_by_itself() -> None:
    assert judged(HINTED, meaning(900.0, 1.0)).level is Level.WARNING


@pytest.mark.parametrize("logit", [1.9, -50.0])
def test_below_the_cut_nothing_changes(logit: float) -> None:
    assert judged(HINTED, meaning(logit, 1.0)).level is Level.NONE


def test_a_glance_spares_both_encoders_and_the_quick_one_the_other() -> None:
    quick, thorough = meaning(0.9), meaning(9.0, 9.0)
    assert judged("きょうは散歩日和。公園の花がきれい", thorough, quick).level is Level.NONE
    assert (quick.read_texts, thorough.read_texts) == ([], [])
    assert judged(HINTED, thorough, quick).level is Level.NONE
    assert (quick.read_texts, thorough.read_texts) == ([HINTED], [])


def test_each_encoder_reads_a_post_once_though_two_ask() -> None:
    quick = ScriptedEncoder({"": Reading(risk=4.0, kinds=CALM, severe=4.0, meaning=(9.0,))})
    thorough = ScriptedEncoder({"": Reading(risk=4.0, kinds=CALM, severe=4.0, meaning=(9.0, 9.0))})
    judged(SEVERE, thorough, quick)
    assert (quick.read_texts, thorough.read_texts) == ([SEVERE], [SEVERE])


def test_a_post_that_calls_people_anyway_also_says_that_a_life_may_be_at_risk() -> None:
    before = judged(SEVERE, meaning(0.0, 1.0))
    found = judged(SEVERE, meaning(4.5, 1.0))
    assert before.level is found.level is Level.WARNING
    assert (found.score, peril_of(before), peril_of(found)) == (before.score + 1, None, Peril.VIOLENCE)
    assert sum(reason.points for reason in found.reasons) == found.score


def test_what_is_merely_suspected_changes_nothing_about_what_is_found_for_something_else() -> None:
    assert judged(SEVERE, meaning(3.5, 1.0)) == judged(SEVERE, meaning(0.0, 1.0))


def test_a_rule_about_a_life_has_said_it_already() -> None:
    found = judged(FIRM, meaning(9.0, 9.0))
    assert peril_of(found) is Peril.SELF_HARM
    assert not any(reason.rule.endswith(".learned") for reason in found.reasons)


def test_an_encoder_that_tells_no_meaning_raises_nothing() -> None:
    silent = ScriptedEncoder()
    assert judged(HINTED, silent, silent).level is Level.NONE


def test_without_encoders_nothing_is_asked() -> None:
    scorer = LexiconScorer(tokenizer=JanomeTokenizer(), perils=built(DESCRIBED))
    assert scorer.assess(a_post(text=HINTED, media=())).level is Level.NONE


@pytest.mark.parametrize("missing", sorted(DESCRIBED.keys() - {"format"}))
def test_a_file_that_lacks_something_names_it_and_the_remedy(missing: str) -> None:
    with pytest.raises(ConfigError, match=f"'{missing}': run make train-perils"):
        built({name: value for name, value in DESCRIBED.items() if name != missing})


def test_a_file_of_another_format_is_refused() -> None:
    with pytest.raises(ConfigError, match="format"):
        built(DESCRIBED | {"format": 0})


def test_what_ships_knows_as_many_numbers_as_the_encoders_tell_at_four_depths() -> None:
    shipped = load_perils()
    assert [len(head.weights) for head in (shipped.quick, shipped.thorough, shipped.violence)] == [
        4 * 128,
        4 * 384,
        4 * 384,
    ]
    assert shipped.cuts["notice"] < shipped.cuts["warning"]
