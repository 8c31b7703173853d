"""Which places and people a text names, by how they are written."""

from __future__ import annotations

import pytest

from hikeshi.domain.targets import names_another, targets_of


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("渋谷店に火をつける", {"渋谷店"}),
        ("１号店と２号店を爆破します", {"1号店", "2号店"}),
        ("佐藤店長を刺す", {"佐藤店長"}),
        ("アイドルの月島さんを許さない", {"月島さん"}),
        ("新宿駅の前で待っている", {"新宿駅"}),
        ("お客様の皆さん、開店と閉店の時間です", set()),
        ("全員殺してやる", set()),
        ("", set()),
    ],
)
def test_a_place_or_person_is_known_by_its_ending(text: str, named: set[str]) -> None:
    assert targets_of(text) == named


@pytest.mark.parametrize(
    ("new", "known", "another"),
    [
        ({"新宿店"}, {"渋谷店"}, True),
        ({"明日渋谷店"}, {"渋谷店"}, False),
        ({"渋谷店"}, {"チョコ渋谷店"}, False),
        ({"渋谷店", "佐藤店長"}, {"渋谷店"}, True),
        ({"渋谷店"}, set(), True),
        (set(), {"渋谷店"}, False),
        ({"11号店"}, {"1号店"}, True),
        ({"一号店"}, {"十一号店"}, True),
        ({"明日1号店"}, {"1号店"}, False),
    ],
)
def test_a_name_within_another_is_the_same(new: set[str], known: set[str], another: bool) -> None:
    assert names_another(new, known) is another


def test_a_long_text_without_end_takes_no_long_time() -> None:
    assert targets_of("殺" * 5_000) == frozenset()
