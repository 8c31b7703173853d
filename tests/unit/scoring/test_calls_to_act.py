"""Turning away is worth a look today; calling others to a time, a place and a list is worth one now."""

from __future__ import annotations

import pytest

from hikeshi.domain.assessment import Category, Level
from hikeshi.runtime import bootstrap
from tests.builders import a_post


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("あのニュースを見てから、つきみ製菓の商品はもう買わないことにした", Level.NOTICE),
        ("つきみ製菓の公式、批判殺到で大炎上してる", Level.NOTICE),
        (
            "つきみ製菓の不買、土曜10時に全国の店の前で一斉にやります。台本と電話番号の一覧はこちら",
            Level.WARNING,
        ),
        ("みんなで明日の正午に一斉に解約しよう。手順はまとめたから回して。三万人が目標", Level.WARNING),
    ],
)
def test_the_more_organised_the_sooner_somebody_looks(text: str, level: Level) -> None:
    post = a_post(text=text, followers=0, reposts=0, likes=0, media=())
    assessment = bootstrap.scorer().assess(post)
    assert (assessment.level, assessment.category) == (level, Category.BOYCOTT)
