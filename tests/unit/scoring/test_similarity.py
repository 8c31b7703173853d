from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.similarity import SAME_FAMILY, SIZE, canonical, family_of, likeness, signature_of

POST = "つきみのチョコを開けたら虫が入っていた。写真を載せておきます"


def alike(one: str, other: str) -> float:
    return likeness(signature_of(one), signature_of(other))


def test_a_repost_with_link_and_mention_is_the_same_text() -> None:
    repost = f"RT @momiji: {POST}！ https://example.jp/x @kaede"
    assert family_of(repost) == family_of(POST)
    assert alike(repost, POST) == 1.0


def test_width_case_and_punctuation_make_no_difference() -> None:
    assert canonical("ＡＢＣ　ﾁｮｺ、虫！") == canonical("abcチョコ虫")


def test_a_lightly_edited_copy_stays_in_the_family() -> None:
    assert alike(POST, POST.replace("開けたら", "あけたら") + "やばい") >= SAME_FAMILY


def test_another_post_on_the_same_matter_does_not() -> None:
    assert alike(POST, "つきみ製菓のチョコから虫が出たってほんと？怖くて買えない") < SAME_FAMILY


def test_two_texts_of_emoji_alone_are_not_one() -> None:
    assert family_of("🔥🔥") != family_of("🎉")
    assert alike("🔥🔥🔥", "🎉🎉🎉") == 0.0


def test_a_blank_text_is_like_a_blank_text_alone() -> None:
    assert signature_of(" \n") == ()
    assert alike("", " ") == 1.0
    assert alike("", POST) == 0.0


def test_the_estimate_on_long_texts_is_close_to_the_truth() -> None:
    words = [f"第{number}の段落には別々のことが書いてある" for number in range(200)]
    one, other = "".join(words[:150]), "".join(words[:50] + words[150:])
    grams = [{c[i : i + 3] for i in range(len(c) - 2)} for c in (canonical(one), canonical(other))]
    truth = len(grams[0] & grams[1]) / len(grams[0] | grams[1])
    assert abs(alike(one, other) - truth) < 0.15


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_a_share_whichever_way_round(one: str, other: str) -> None:
    left, right = signature_of(one), signature_of(other)
    assert len(left) <= SIZE
    assert 0.0 <= likeness(left, right) == likeness(right, left) <= 1.0
    assert likeness(left, left) == 1.0


@given(st.characters(codec=None, categories=["Cs"]))
def test_a_lone_surrogate_has_a_family(surrogate: str) -> None:
    assert len(family_of(f"虫{surrogate}")) == 64
