"""What network, rules and encoders say of a post becomes one verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
from hikeshi.domain.assessment import Assessment, Category, Level
from hikeshi.ports.scoring import Encoders, Reading
from hikeshi.services.scoring.model import Calibration, load_model
from hikeshi.services.scoring.scorer import LexiconScorer
from tests.builders import a_post
from tests.builders.encoders import a_reading as told
from tests.fakes.scoring import ScriptedEncoder

SUSPICIOUS = "サラダの底のほうで何か動いてる。箸が止まった"
RULED = "パンに虫が混入していた。店に言っても対応してくれない"
FIRM = "もう死にたいです。上司に毎日怒鳴られて眠れない"
HARMLESS = "今日は天気がよくて散歩が気持ちいい"
PLEADS = "明日は何時から開いていますか"
TABLE = ((-4.0, 0.0), (0.0, 30.0), (4.0, 100.0))
CUTS = {
    "to_quick": 0.0,
    "not_quick": -4.0,
    "to_thorough": -100.0,
    "ruled_to_thorough": -100.0,
    "not_thorough": -1.0,
    "rule": -1.0,
    "sure_rule": -3.0,
    "rule_category": 2.5,
    "warning": 0.5,
    "severe": 0.0,
    "support": -3.5,
}


def always(reading: Reading) -> ScriptedEncoder:
    return ScriptedEncoder({"": reading})


def judged(
    text: str,
    thorough: ScriptedEncoder | None,
    quick: ScriptedEncoder | None = None,
    *,
    reads_all: bool = False,
    **cuts: float,
) -> Assessment:
    """Judge with encoders of which the quick one suspects whatever it reads, unless another is given."""
    calibration = Calibration(cuts=CUTS | cuts, table=TABLE)
    model = replace(load_model(), read=calibration, read_all=calibration)
    encoders = None if thorough is None else Encoders(quick or always(told(0.0)), thorough, reads_all)
    scorer = LexiconScorer(tokenizer=JanomeTokenizer(), model=model, encoders=encoders)
    return scorer.assess(a_post(text=text, media=()))


def test_what_the_encoder_is_sure_of_is_shown() -> None:
    found = judged(SUSPICIOUS, always(told(9.0, Category.CONTAMINATION, severe=8.0)))
    assert (found.level, found.category) == (Level.WARNING, Category.CONTAMINATION)


def test_what_the_encoder_finds_harmless_is_not_shown() -> None:
    assert judged(SUSPICIOUS, always(told(-9.0))).level is Level.NONE


def test_a_higher_reading_never_scores_lower() -> None:
    scores = [judged(SUSPICIOUS, always(told(risk, Category.COMPLAINT))).score for risk in (-9, -3, 0, 3, 9)]
    assert scores == sorted(scores)
    assert scores[0] < scores[-1]


def test_the_post_is_read_as_it_was_written() -> None:
    quick, thorough = always(told(0.0)), always(told(0.0))
    judged(SUSPICIOUS, thorough, quick)
    assert quick.read_texts == thorough.read_texts == [SUSPICIOUS]


@pytest.mark.parametrize("text", [HARMLESS, SUSPICIOUS])
def test_what_the_network_does_not_suspect_costs_no_reading(text: str) -> None:
    quick, thorough = always(told(9.0)), always(told(9.0))
    assert judged(text, thorough, quick, to_quick=100.0).level is Level.NONE
    assert quick.read_texts == thorough.read_texts == []


def test_what_the_quick_encoder_finds_harmless_is_not_read_again() -> None:
    quick, thorough = always(told(-40.0)), always(told(9.0))
    assert judged(SUSPICIOUS, thorough, quick, to_thorough=0.0).level is Level.NONE
    assert (quick.read_texts, thorough.read_texts) == ([SUSPICIOUS], [])


@pytest.mark.parametrize("text", [SUSPICIOUS, RULED])
def test_a_thorough_encoder_that_reads_all_needs_no_suspicion(text: str) -> None:
    quick, thorough = always(told(-40.0)), always(told(9.0, Category.CONTAMINATION, severe=8.0))
    found = judged(text, thorough, quick, reads_all=True, to_quick=100.0, to_thorough=100.0)
    assert (found.level, found.category) == (Level.WARNING, Category.CONTAMINATION)
    assert (quick.read_texts, thorough.read_texts) == ([], [text])


def test_a_thorough_encoder_that_reads_all_is_spared_what_the_first_look_sets_aside() -> None:
    thorough = always(told(9.0))
    assert judged(HARMLESS, thorough, reads_all=True).level is Level.NONE
    assert thorough.read_texts == []


def test_a_plea_that_the_first_look_sets_aside_is_understood_without_it() -> None:
    quick, thorough = always(told(-9.0, Category.SUPPORT)), always(told(9.0, Category.LEAK))
    found = judged(PLEADS, thorough, quick, reads_all=True, to_quick=-100.0, to_thorough=0.0)
    assert (found.level, found.category) == (Level.NONE, Category.SUPPORT)
    assert (quick.read_texts, thorough.read_texts) == ([PLEADS], [])


def test_what_only_the_quick_encoder_read_has_its_category() -> None:
    quick = always(told(9.0, Category.LEAK, severe=8.0))
    found = judged(SUSPICIOUS, always(told(0.0)), quick, to_thorough=100.0)
    assert (found.level, found.category) == (Level.WARNING, Category.LEAK)


def test_what_only_the_quick_encoder_read_is_lowered_by_what_the_thorough_one_mostly_changes() -> None:
    quick = always(told(4.0, Category.COMPLAINT))
    high, low = (
        judged(SUSPICIOUS, always(told(0.0)), quick, to_thorough=100.0, not_thorough=change).score
        for change in (0.0, -1.0)
    )
    assert high > low


def test_the_last_to_read_has_the_say() -> None:
    quick = always(told(9.0, Category.LEAK, severe=8.0))
    assert judged(SUSPICIOUS, always(told(-9.0)), quick).level is Level.NONE


@pytest.mark.parametrize(("quickly", "thoroughly"), [(0.0, [RULED]), (-40.0, [])])
def test_what_a_rule_finds_is_read_twice_unless_it_is_surely_harmless(
    quickly: float, thoroughly: list[str]
) -> None:
    quick, thorough = always(told(quickly)), always(told(0.0))
    judged(RULED, thorough, quick, to_quick=100.0, to_thorough=100.0, ruled_to_thorough=-8.0)
    assert (quick.read_texts, thorough.read_texts) == ([RULED], thoroughly)


def test_without_encoders_the_network_has_cuts_of_its_own() -> None:
    alone = LexiconScorer(tokenizer=JanomeTokenizer()).assess(a_post(text=SUSPICIOUS, media=()))
    assert judged(SUSPICIOUS, None, warning=100.0, to_quick=100.0) == alone


def test_reasons_still_add_up() -> None:
    found = judged(RULED, always(told(6.0, Category.CONTAMINATION, severe=8.0)))
    assert sum(reason.points for reason in found.reasons) == found.score


def test_what_a_firm_rule_finds_keeps_its_level_and_category_whatever_is_learned() -> None:
    found = judged(FIRM, always(told(-9.0, Category.COMPLAINT)), always(told(-9.0, Category.COMPLAINT)))
    assert (found.level, found.category) == (Level.WARNING, Category.HARASSMENT)


def test_what_lowers_other_rules_does_not_lower_a_firm_one() -> None:
    found = judged("楽しかった。いい思い出です。もう限界なので今夜、首を吊ります", None)
    assert found.level is Level.CRITICAL
    assert not [
        reason.rule for reason in found.reasons if reason.points < 0 and reason.rule != "limit.ceiling"
    ]
