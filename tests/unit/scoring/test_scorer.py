from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hikeshi.domain.assessment import Assessment, Category, CrisisType, Intent, Level
from hikeshi.ports.scoring import Scorer, Token
from hikeshi.services.scoring.reach import axes_of
from hikeshi.services.scoring.scorer import LexiconScorer
from tests.builders import NOON, a_post

Assess = Callable[..., Assessment]

# The matters that the trade tells of, each in two wordings of our own.
TOLD = [
    (Category.LEAK, "うちの店に代表選手が来店！彼女連れだったし接客したけど態度悪くて笑った"),
    (Category.LEAK, "バイト先のショップに有名なサッカー選手が来てる。レジ打ちした手が震える"),
    (Category.LEAK, "病院で働いてるんだけど、あの選手のカルテがあるの見ちゃった"),
    (Category.LEAK, "うちの病院に芸能人の診療記録あって、こっそり検索して見てみた"),
    (Category.MISCONDUCT, "いま面接やってる。嘘の面接を実況中継するから応募者笑ってやってｗ"),
    (Category.MISCONDUCT, "採用担当の人、面接官のふりして架空の面接なう、と書き込み続けてて引く"),
    (Category.LEAK, "市役所職員が上げた写真、後ろに極秘の資料が写り込んでる"),
    (Category.LEAK, "課の集合写真を投稿したら机の上の機密文書まで写ってたって職員が慌ててる"),
    (Category.MISCONDUCT, "飲み会のあと飲酒運転で帰ったけど全然余裕だったわｗ"),
    (Category.MISCONDUCT, "ビール3杯飲んだ後運転して大学行った。バレないもんだな"),
    (Category.MISCONDUCT, "百貨店に内定もらったけど客のババアども見下して働くの楽しみｗ"),
    (Category.MISCONDUCT, "内定者だけど人事チョロい。嘘ついて受かった会社、研修もバックレ予定"),
    (Category.CONTAMINATION, "チョコの箱を開けたら幼虫が動いてたんだけど。写真撮った"),
    (Category.CONTAMINATION, "このチョコレート、かじったら中からウジみたいな虫が出てきた"),
    (Category.MISCONDUCT, "コンビニのアイス用冷蔵庫に人が寝そべってる写真がフェイスブックに上がってる"),
    (Category.MISCONDUCT, "店員がアイスケースの中に入ってふざけてる動画が回ってきた"),
    (Category.MISCONDUCT, "企業の公式アカウントが利用者をバカ呼ばわりしていてひどい"),
    (Category.MISCONDUCT, "公式の中の人が特定の層を侮辱するポストを消さずに放置してる"),
    (Category.STEALTH_MARKETING, "口コミ番組の行列、やらせで社員が並ばされてるらしい"),
    (Category.STEALTH_MARKETING, "インフルエンサーに報酬を払ってPR表記なしで商品を紹介させるステマでは"),
]

BENIGN = [
    "虫が入ってなくて安心しました",
    "死ぬほど旨いラーメンに出会った",
    "店員さんが神対応で感動した",
    "新商品が爆発的人気で買えない",
    "国宝展を見に行った",
    "釣りバカ日誌を一気見した",
    "虫歯の治療で歯医者へ",
    "異物混入対策のセミナーに参加しました",
    "情報漏えいを防ぐ研修を受けた",
    "映画で本社が爆破されるシーンが最高",
    "ゲームのボスに店ごと燃やされた",
    "差別化戦略の本を読んでいる",
    "冷蔵庫にアイスを入れておいた",
    "飲酒運転は絶対にやめましょう",
    "カブトムシが飼育箱から出てきた。息子が大喜び",
    "可愛すぎて逮捕されそう",
    "うちの店のラテアート、写真いっぱい撮ってね",
]


@pytest.mark.parametrize(("category", "text"), TOLD, ids=[text[:12] for _, text in TOLD])
def test_a_matter_that_the_trade_tells_of_is_a_warning(category: Category, text: str, assess: Assess) -> None:
    assessment = assess(text)
    assert assessment.level.at_least(Level.WARNING)
    assert assessment.category is category
    assert assessment.intent is Intent.RISK


@pytest.mark.parametrize("text", BENIGN, ids=[text[:12] for text in BENIGN])
def test_like_words_without_a_risk_raise_nothing(text: str, assess: Assess) -> None:
    assert assess(text).level is Level.NONE


@pytest.mark.parametrize(
    "text",
    [
        "明日の正午、本社に爆弾を仕掛けて爆破する",
        "給食を食べた児童が次々と嘔吐して救急搬送されている",
        "ストーブが爆発して大やけど、救急車で運ばれた",
    ],
)
def test_danger_to_people_is_critical_by_its_words_alone(text: str, assess: Assess) -> None:
    assert assess(text).level is Level.CRITICAL


def test_anything_else_stays_a_warning_however_heavy(assess: Assess) -> None:
    text = (
        "拡散希望！許せない！今日買ったパンに虫が入ってた。異物混入の写真とレシートもある。保健所にも通報した。"
        "店員に言ったら対応が最悪で、個人情報まで漏れてた"
    )
    assessment = assess(text, media=("photo",))
    assert assessment.level is Level.WARNING
    assert "limit.ceiling" in {reason.rule for reason in assessment.reasons}


def test_an_ordinary_complaint_is_a_notice(assess: Assess) -> None:
    assessment = assess("店員の態度が最悪。ありえない。二度と行かないし写真も撮った。拡散希望")
    assert (assessment.level, assessment.category) == (Level.NOTICE, Category.COMPLAINT)
    assert assessment.crisis_type is CrisisType.CUSTOMER_COMPLAINT


def test_s4_3_a_question_is_a_plea_for_help_and_never_an_alert(assess: Assess) -> None:
    assessment = assess("アプリの引き継ぎ方法がわからない。誰か教えて")
    assert (assessment.level, assessment.category) == (Level.NONE, Category.SUPPORT)
    assert assessment.intent is Intent.SUPPORT


def test_praise_is_told_from_silence(assess: Assess) -> None:
    assert assess("接客が丁寧でまた行きたい").intent is Intent.PRAISE
    assert assess("今日は雨").intent is Intent.OTHER


def test_the_parts_add_up_and_name_their_words(assess: Assess) -> None:
    text = "うわ…昨日買ったﾊﾟﾝに虫○入ってた！写真載せます"
    assessment = assess(text, media=("photo",))
    assert sum(reason.points for reason in assessment.reasons) == assessment.score
    assert all(reason.span is None or reason.span in text for reason in assessment.reasons)
    assert assessment.axes.importance == assessment.score


@pytest.mark.parametrize("written", ["異物混入", "異 物 混 入", "異\u200b物混入", "異物混○", "異物混●"])
def test_a_hidden_word_is_found(written: str, assess: Assess) -> None:
    assert assess(f"昨日の弁当、{written}してた").category is Category.CONTAMINATION


def test_s2_27_reach_and_pace_move_impact_and_urgency_and_nothing_else(assess: Assess) -> None:
    text = "パンに虫が入っていた"
    quiet, loud = assess(text), assess(text, followers=200_000, reposts=500)
    assert loud.score == quiet.score
    assert loud.axes.impact > quiet.axes.impact
    assert loud.axes.urgency > quiet.axes.urgency


def test_axes_stay_within_a_hundred_whatever_is_counted() -> None:
    post = a_post(followers=10**10, reposts=10**10, likes=-5, published_at=NOON, fetched_at=NOON)
    axes = axes_of(post, importance=100)
    assert (axes.importance, axes.impact, axes.urgency) == (100, 100, 100)
    late = axes_of(a_post(reposts=0, fetched_at=NOON - timedelta(days=1)), importance=0)
    assert late.urgency == 0


# ---- hostile text ------------------------------------------------------------------------------

WORDS = ["虫", "入って", "パン", "店員", "最悪", "爆破", "本社", "○", "w", "ー", "🪳", "。", "\n", " "]
PIECES = st.sampled_from([*WORDS, "\u200b", "\u202e", "\ud83d"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=500), st.lists(PIECES, max_size=120).map("".join)))
def test_any_text_gets_an_answer_that_adds_up(scorer: Scorer, text: str) -> None:
    assessment = scorer.assess(a_post(text=text))
    assert 0 <= assessment.score <= 100
    assert sum(reason.points for reason in assessment.reasons) == assessment.score


HUGE = {
    "empty": "",
    "one kanji": "虫" * 33_000,
    "one kana": "あ" * 100_000,
    "emoji": "🔥" * 5_000,
    "one sentence": "虫が入ってた。" * 4_700,
    "invisible": "\u202e\u200b" * 10_000,
    "every rule": "店員最悪 パンに虫 本社爆破 " * 2_000,
    "links": "http://" * 5_000,
    "long vowel": "ー" * 30_000,
    "set apart": "虫 " * 16_000,
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_no_text_takes_long(text: str, scorer: Scorer) -> None:
    scorer.assess(a_post(text=text))
    begin = time.perf_counter()
    scorer.assess(a_post(text=text))
    # Fifty milliseconds on a quiet machine; a shared one is given room.
    assert time.perf_counter() - begin < 0.4


class CountingTokenizer:
    """Finds no word, and keeps what it was given."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def tokenize(self, text: str) -> Iterator[Token]:
        self.seen.append(text)
        return iter(())


def test_the_tokenizer_sees_only_sentences_with_a_candidate() -> None:
    tokenizer = CountingTokenizer()
    lazy = LexiconScorer(tokenizer=tokenizer)
    lazy.assess(a_post(text="今日はいい天気。散歩した。"))
    assert tokenizer.seen == []
    lazy.assess(a_post(text="いい天気。パンに虫が入っていた。散歩した。"))
    assert tokenizer.seen == ["パンに虫が入っていた。"]
