from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.services.scoring.normalise import normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ﾊﾟﾜﾊﾗ", "パワハラ"),
        ("ＡＢＣ", "abc"),
        ("ひどーーーい", "ひどい"),
        ("ひど〜い", "ひどい"),
        ("スーパー", "スーパー"),
        ("まずぃ", "まずい"),
        ("やばああああい", "やばい"),
        ("ｗｗｗｗｗｗ", "www"),
        ("虫●入", "虫○入"),
        ("虫*入", "虫○入"),
        ("虫\u200b混\u2060入", "虫混入"),
        ("虫 混 入 した", "虫混入した"),
        ("今日 は 雨", "今日 は 雨"),
        ("\u202e虫\u202c", "虫"),
        ("か\u3099", "が"),
        ("が\u3099", "が"),
        ("🪳がいた", "ゴキブリがいた"),
        ("#異物混入 です", " 異物混入 です"),
        ("@momiji_05 虫", " 虫"),
        ("RT @momiji: 虫", " 虫"),
        ("見て https://example.jp/a 虫がいた", "見て 虫がいた"),
        ("ひどぉい", "ひどい"),
        ("\ud83d虫", " 虫"),
        ("", ""),
    ],
)
def test_spellings_become_one(written: str, read: str) -> None:
    assert normalise(written).text == read


def test_what_was_taken_out_is_known() -> None:
    assert normalise("RT @momiji: 虫 https://example.jp").is_repost
    assert normalise("虫 https://example.jp").has_link
    assert not normalise("虫").has_link


def test_the_words_of_the_post_are_found_again() -> None:
    written = "うわ🪳が ﾁｮｺ に虫○入ーーー！"
    normal = normalise(written)
    at = normal.text.index("虫○入")
    assert normal.original(written, at, at + 3) == "虫○入"
    at = normal.text.index("ゴキブリ")
    assert normal.original(written, at, at + 4) == "🪳"
    at = normal.text.index("チョコ")
    assert normal.original(written, at, at + 3) == "ﾁｮｺ"


@given(st.text(max_size=400))
def test_every_character_comes_from_somewhere_in_order(written: str) -> None:
    normal = normalise(written)
    origins = list(normal.origins)
    assert len(origins) == len(normal.text)
    assert origins == sorted(origins)
    assert all(0 <= origin < len(written) for origin in origins)


@given(st.text(max_size=200))
def test_what_is_normal_stays_so(written: str) -> None:
    once = normalise(written).text
    assert len(normalise(once).text) <= len(once)
