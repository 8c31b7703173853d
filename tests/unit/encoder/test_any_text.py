"""Whatever a post holds, the encoders that ship answer, and soon."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.adapters.encoder import shipped
from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
from hikeshi.services.scoring.scorer import LexiconScorer
from tests.builders import a_post

HARD = {
    "empty": "",
    "one character": "虫",
    "the same again": "ー" * 30_000,
    "every rule": "店員最悪 パンに虫 本社爆破 " * 2_000,
    "emoji": "🐛🍫" * 10_000,
    "not to be encoded": "虫\ud83d" * 1_000,
    "turned round": "\u202e虫\u200b" * 10_000,
    "no word ends": "虫が入っていた店員が怒鳴った" * 5_000,
    "letters without a piece": "".join(map(chr, range(0x2800, 0x2900))) * 40,
}


@pytest.fixture(scope="module")
def scorer() -> LexiconScorer:
    """Return a scorer whose encoders are loaded."""
    encoders = shipped(remembered=0)
    for encoder in (encoders.quick, encoders.thorough):
        encoder.read("虫")
    return LexiconScorer(tokenizer=JanomeTokenizer(), encoders=encoders)


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
@pytest.mark.parametrize("which", ["quick", "thorough"])
def test_a_reading_is_always_of_numbers(text: str, which: str) -> None:
    reading = getattr(shipped(), which).read(text)
    assert all(abs(each) < 100.0 for each in (reading.risk, reading.severe, *reading.kinds.values()))


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_no_text_takes_long(text: str, scorer: LexiconScorer) -> None:
    scorer.assess(a_post(text=f"店の{text}"))
    begin = time.perf_counter()
    scorer.assess(a_post(text=f"昨日の{text}"))
    # Fifty milliseconds on a quiet machine; a shared one is given room.
    assert time.perf_counter() - begin < 0.4


@settings(max_examples=50, deadline=None)  # a busy machine is slow, not wrong
@given(st.text(max_size=300))
def test_any_text_gets_an_answer_that_adds_up(scorer: LexiconScorer, text: str) -> None:
    assessment = scorer.assess(a_post(text=f"パンに虫が入っていた。{text}"))
    assert 0 <= assessment.score <= 100
    assert sum(reason.points for reason in assessment.reasons) == assessment.score
