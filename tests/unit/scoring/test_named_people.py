"""A post that names somebody: the name is no scenery, and a way to reach its owner makes it an exposure."""

from __future__ import annotations

import pytest

from hikeshi.domain.assessment import Category, Level
from tests.unit.scoring.conftest import Assess

LARVA = "昨日買ったひのでチョコ、開けたら中に小さい幼虫がいた。写真あげとく"
NAMED = "この写真を上げた人の本名は森 光、電話は090-0000-0513"


@pytest.mark.parametrize("around", ["{}", "【速報】{}", "{} ｗｗｗ | まとめ速報"])
def test_what_is_found_is_found_though_somebody_is_named_in_it(around: str, assess: Assess) -> None:
    found = assess(around.format(f"{LARVA}。もう食べられない。{NAMED}"))
    assert (found.level, found.category) == (Level.WARNING, Category.CONTAMINATION)
    assert "doxxing.name_and_number" in {reason.rule for reason in found.reasons}


@pytest.mark.parametrize(
    "said",
    ["担当の森です。", "担当は森でした。", "店長の森でございます、と言われた。", "店長の森への返事待ち。"],
)
def test_someone_called_mori_is_not_the_woods(said: str, assess: Assess) -> None:
    found = assess(f"{said}パンからゴキブリが出た。")
    assert "contamination.object_in_food" in {reason.rule for reason in found.reasons}


@pytest.mark.parametrize(
    "text",
    [
        "お世話になっております。森です。先日そちらで買ったパンに虫が入っていました",
        "森です。昨日買った弁当に虫が入ってたんですが",
        "担当が森でした。買ったパンに虫が入っていたのに謝罪なし",
    ],
)
def test_what_mori_writes_of_food_is_no_tale_of_the_woods(text: str, assess: Assess) -> None:
    found = assess(text)
    assert (found.level, found.category) == (Level.WARNING, Category.CONTAMINATION)


def test_a_name_and_a_number_are_an_exposure(assess: Assess) -> None:
    found = assess(NAMED)
    assert (found.level, found.category) == (Level.WARNING, Category.DOXXING)


@pytest.mark.parametrize(
    "text",
    [
        "本名と電話番号を書く欄がありました",
        "ペンネームです。本名は秘密、電話は苦手",
        "森の中でチョコを食べていたら幼虫がいた",
    ],
)
def test_neither_is_a_form_nor_a_walk_in_the_woods(text: str, assess: Assess) -> None:
    assert assess(text).level is Level.NONE
