"""What network, rules and encoder say of a post becomes one verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
from hikeshi.domain.assessment import Assessment, Category, Level
from hikeshi.ports.scoring import Reading
from hikeshi.services.scoring.model import Calibration, load_model
from hikeshi.services.scoring.scorer import LexiconScorer
from tests.builders import a_post
from tests.fakes.scoring import ScriptedEncoder

SUSPICIOUS = "サラダの底のほうで何か動いてる。箸が止まった"
RULED = "パンに虫が混入していた。店に言っても対応してくれない"
HARMLESS = "今日は天気がよくて散歩が気持ちいい"
TABLE = ((-4.0, 0.0), (0.0, 30.0), (4.0, 100.0))
CUTS = {
    "read": 0.0,
    "unread": -4.0,
    "rule": -1.0,
    "sure_rule": -3.0,
    "rule_category": 2.5,
    "warning": 0.5,
    "severe": 0.0,
    "support": -3.5,
}


def told(risk: float, category: Category = Category.NONE, *, severe: float = -8.0) -> Reading:
    kinds = dict.fromkeys(Category, -20.0) | {category: 20.0}
    return Reading(risk=risk, kinds=kinds, severe=severe)


def always(reading: Reading) -> ScriptedEncoder:
    return ScriptedEncoder({"": reading})


def judged(text: str, encoder: ScriptedEncoder | None, **cuts: float) -> Assessment:
    calibration = Calibration(cuts=CUTS | cuts, table=TABLE)
    model = replace(load_model(), read=calibration)
    scorer = LexiconScorer(tokenizer=JanomeTokenizer(), model=model, encoder=encoder)
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
    encoder = always(told(0.0))
    judged(SUSPICIOUS, encoder)
    assert encoder.read_texts == [SUSPICIOUS]


@pytest.mark.parametrize("text", [HARMLESS, SUSPICIOUS])
def test_what_the_network_does_not_suspect_costs_no_reading(text: str) -> None:
    encoder = always(told(9.0))
    assert judged(text, encoder, read=100.0).level is Level.NONE
    assert encoder.read_texts == []


def test_what_a_rule_finds_is_read_whatever_the_network_thinks() -> None:
    encoder = always(told(0.0))
    judged(RULED, encoder, read=100.0)
    assert encoder.read_texts == [RULED]


def test_without_an_encoder_the_network_has_cuts_of_its_own() -> None:
    alone = LexiconScorer(tokenizer=JanomeTokenizer()).assess(a_post(text=SUSPICIOUS, media=()))
    assert judged(SUSPICIOUS, None, warning=100.0, read=100.0) == alone


def test_reasons_still_add_up() -> None:
    found = judged(RULED, always(told(6.0, Category.CONTAMINATION, severe=8.0)))
    assert sum(reason.points for reason in found.reasons) == found.score
