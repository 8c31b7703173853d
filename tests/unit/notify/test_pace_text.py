from __future__ import annotations

import pytest

from hikeshi.domain.incidents import Spread
from hikeshi.services.alerts.pace_text import deviation_in_words, new_words_of, pace_in_words
from hikeshi.services.messages.wording import Wording


@pytest.mark.parametrize(
    ("spread", "said", "to_the_desk"),
    [
        (
            Spread(per_minute=12, normal_per_minute=1, sigma=4.1, acceleration=2.5),
            "平常の12倍、直近10分で加速",
            "平常の12倍（+4.1σ）、直近10分で加速",
        ),
        (Spread(per_minute=12, normal_per_minute=1), "平常の12倍", "平常の12倍"),
        (
            Spread(per_minute=1.5, normal_per_minute=1, sigma=2.04),
            "平常より多い",
            "平常より多い（+2.0σ）",
        ),
        (
            Spread(per_minute=1.5, normal_per_minute=1, sigma=0.4, acceleration=0.3),
            "直近10分で減速",
            "直近10分で減速",
        ),
        (Spread(per_minute=12, normal_per_minute=0, acceleration=1.1), "", ""),
        (Spread(per_minute=0.5, normal_per_minute=0.1), "", ""),
        (Spread(), "", ""),
    ],
)
def test_the_pace_is_said_only_where_it_is_unusual(spread: Spread, said: str, to_the_desk: str) -> None:
    assert pace_in_words(spread, Wording()) == said
    assert pace_in_words(spread, Wording(), in_sigma=True) == to_the_desk


def test_the_deviation_is_said_with_what_it_means() -> None:
    assert deviation_in_words(Spread(sigma=0.4), Wording()) == ""
    said = deviation_in_words(Spread(sigma=8.44), Wording())
    assert said == "直近10分の勢い：平常との差は、ふだんの増減の幅の8.4倍（+8.4σ）"


def test_words_that_are_new_are_listed() -> None:
    assert new_words_of(Spread(new_words=("金属片", "回収")), Wording()) == "金属片、回収"


def test_beside_the_counts_the_pace_is_said_plainly_and_nothing_twice() -> None:
    spread = Spread(per_minute=12, normal_per_minute=1, sigma=4.1, acceleration=2.5)
    assert pace_in_words(spread, Wording(), beside_counts=True) == "直近10分で加速"
    uncounted = Spread(per_minute=1.5, normal_per_minute=1, sigma=4.1)
    assert pace_in_words(uncounted, Wording(), beside_counts=True) == "平常より多い"
    calm = Spread(per_minute=12, normal_per_minute=1)
    assert pace_in_words(calm, Wording(), beside_counts=True) == ""
