"""The words of a text that could name a matter: a product, a place, a person, a number.

Found by how they are written, without a dictionary: runs of katakana, of kanji, of letters and digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MOST = 24
"""Terms kept of one text, the longest first."""

_LINK_OR_MENTION = re.compile(r"https?://\S+|www\.\S+|@\w+")
_RUN = re.compile(r"[ァ-ヺー]{3,}|[一-鿿々]{2,}|[a-z][a-z0-9-]{2,}|[a-z]*\d[a-z0-9-]{2,}")
_LONG_KATAKANA = 4
_LONG_KANJI = 3
_LONG_LETTERS = 4

# fmt: off
_ORDINARY = frozenset({
    "今日", "昨日", "明日", "今朝", "昨夜", "最近", "今回", "今度", "本当", "絶対", "普通", "全部",
    "自分", "会社", "店員", "店長", "商品", "購入", "注文", "対応", "写真", "動画", "画像", "投稿",
    "拡散", "炎上", "速報", "悲報", "謝罪", "発覚", "問題", "被害", "報告", "情報", "話題", "理由",
    "原因", "状況", "事件", "事故", "発表", "公式", "アカウント", "ツイート", "ポスト", "リポスト",
    "ツイッター", "ニュース", "コメント", "スタッフ", "バイト", "アルバイト", "クレーム", "お客様",
    "サービス", "コンビニ", "スーパー", "レシート", "メーカー", "ネット", "スマホ", "メール", "マジ",
    "ヤバイ", "ヤバい", "コレ", "ホント", "チョコレート", "https", "http", "www", "com", "pic", "twitter",
    "breaking", "news",
})
# fmt: on


def terms_of(text: str) -> tuple[str, ...]:
    """Return the terms of a text, each once, the longest first."""
    folded = _LINK_OR_MENTION.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    found = {run for run in _RUN.findall(folded[:5_000]) if run not in _ORDINARY and len(run) <= 40}  # noqa: PLR2004  # longest text read, longest word
    return tuple(sorted(found, key=lambda run: (-len(run), run))[:MOST])


def weight_of(term: str) -> float:
    """Return how much a shared term says: 1 for one long enough to be a name, less for a short one."""
    first = term[0]
    if "ァ" <= first <= "ヺ" or first == "ー":
        return 1.0 if len(term) >= _LONG_KATAKANA else 0.5
    if first.isascii():
        return 1.0 if len(term) >= _LONG_LETTERS else 0.5
    return 1.0 if len(term) >= _LONG_KANJI else 0.5


def weight_together(terms: Iterable[str]) -> float:
    """Return how much several terms say."""
    return sum(map(weight_of, terms))
