"""A protected name is hidden however it is written, and ordinary words are left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.masking import MASK, NOBODY, Mask, Names, too_short

YAMADA = Names(
    family="山田",
    given="太郎",
    family_reading="やまだ",
    given_reading="たろう",
    nicknames=("やまぴ",),
    handles=("@taro_yamada99",),
    places=("青葉第三高校", "つきみ渋谷店", "緑ヶ丘の家"),
)
HAYASHI = Names(family="林", given="愛", family_reading="ハヤシ", given_reading="アイ")
LEE = Names(family="Lee", given="Ann")


@pytest.mark.parametrize(
    "text",
    [
        "山田太郎が投稿した",
        "山田　太郎 と名乗る",
        "山 田 太 郎",
        "山田・太郎",
        "山\u200b田太郎",
        "やまだたろう",
        "ヤマダ タロウ",
        "ﾔﾏﾀﾞﾀﾛｳ",
        "ヤマダたろう",
        "山田さん",
        "山田氏によると",
        "山田くん",
        "山田店長",
        "太郎ちゃん",
        "ヤマダさん",
        "やまぴ",
        "＠ｔａｒｏ＿ｙａｍａｄａ９９",
        "https://sns.example.jp/taro_yamada99/status/1",
        "青葉第三高校の生徒",
        "つきみ 渋谷店",
        "緑ケ丘の家",
        "書いたのは山田太…",
    ],
)
def test_s3_6_a_name_is_found_however_it_is_written(text: str) -> None:
    mask = Mask([YAMADA])
    assert mask.finds(text)
    assert MASK in mask(text)
    assert not mask.finds(mask(text))


@pytest.mark.parametrize(
    ("people", "text"),
    [
        ((HAYASHI,), "森林の中で"),
        ((HAYASHI,), "小林さんが担当します"),
        ((HAYASHI,), "林業と植林"),
        ((HAYASHI,), "こばやしさん"),
        ((HAYASHI,), "愛用の品に愛着がある"),
        ((YAMADA,), "山田町の店"),
        ((YAMADA,), "山や田んぼ、太い柱"),
        ((LEE,), "channel sleeps"),
        ((YAMADA,), "taro_yamada990"),
        ((), "山田太郎"),
    ],
)
def test_s3_6_ordinary_words_are_left_alone(people: tuple[Names, ...], text: str) -> None:
    assert Mask(people)(text) == text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("林が休み", f"{MASK}が休み"),
        ("森林の林さん", f"森林の{MASK}さん"),
        ("店員林が来た", f"店員{MASK}が来た"),
        ("森林と林業", "森林と林業"),
        ("小林と話した", "小林と話した"),
        ("ハヤシライス", "ハヤシライス"),
        ("店員のはやしが", f"店員の{MASK}が"),
    ],
)
def test_s3_6_a_family_name_that_is_also_a_word_is_hidden_alone_only_where_nothing_goes_on_beside_it(
    text: str, hidden: str
) -> None:
    assert Mask([replace(HAYASHI, family_alone=True)])(text) == hidden


def test_s3_6_a_name_in_latin_letters_is_found_in_either_order() -> None:
    assert Mask([LEE])("Ann LEE, and Lee Ann.") == f"{MASK}, and {MASK}."


def test_s3_6_variant_characters_are_one_name() -> None:
    takahashi = Names(family="髙橋", given="齋")
    assert Mask([takahashi])("高橋斎、髙橋 斉") == f"{MASK}、{MASK}"


def test_s3_6_what_stands_around_a_name_is_kept_letter_for_letter() -> None:
    assert Mask([YAMADA])("ＡＢＣ：ﾔﾏﾀﾞ ﾀﾛｳさんの①") == f"ＡＢＣ：{MASK}さんの①"


def test_s3_6_two_people_are_both_hidden() -> None:
    assert Mask([YAMADA, LEE])("山田太郎とAnn Lee") == f"{MASK}と{MASK}"


@pytest.mark.parametrize(
    ("term", "short"), [("林", False), ("あ", True), ("a", True), ("@x", True), ("愛子", False)]
)
def test_s3_6_a_term_that_would_be_found_everywhere_is_too_short(term: str, short: bool) -> None:
    assert too_short(term) is short


@given(before=st.text(max_size=20), after=st.text(max_size=20))
def test_s3_6_no_text_around_a_whole_name_keeps_it_visible(before: str, after: str) -> None:
    hidden = Mask([YAMADA])(f"{before}山田太郎{after}")
    assert not Mask([YAMADA]).finds(hidden)
    assert "山田太郎" not in hidden


@given(text=st.text(max_size=60))
def test_s3_6_a_text_without_a_name_stays_as_it_is(text: str) -> None:
    assert NOBODY(text) == text
    if not Mask([YAMADA]).finds(text):
        assert Mask([YAMADA])(text) == text
