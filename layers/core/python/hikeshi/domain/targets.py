"""The places and people that a text names, found by how they are written, without a dictionary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_PEOPLE = "店長|社長|部長|課長|係長|主任|専務|常務|会長|先生|教授|選手|容疑者|さん|くん|ちゃん|君|氏|様"
_PLACES = (
    "営業所|センター|スタジアム|キャンパス|ショップ|モール|ホール|ドーム|タワー|ビル|工場|会場|本社|支社"
    "|店|駅|校|園|館|院|港|区|市|町|村|県|府"
)
_NAMED = re.compile(rf"[一-鿿々ァ-ヺーa-z0-9]{{1,16}}?(?:{_PEOPLE}|{_PLACES})")

# fmt: off
_NOBODY = frozenset({
    "皆さん", "皆様", "客さん", "客様", "奥さん", "母さん", "父さん", "兄さん", "姉さん", "神様", "王様",
    "殿様", "同様", "多様", "模様", "仕様", "一様", "主君", "諸君", "全店", "各店", "他店", "当店", "同店",
    "売店", "書店", "商店", "飲食店", "開店", "閉店", "来店", "出店", "入店", "退店", "都市", "地区", "政府",
    "学校", "学園", "会館", "病院",
})
# fmt: on
"""What is written alike and names nobody and no place."""


def targets_of(text: str) -> frozenset[str]:
    """Return the places and people that a text names."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return frozenset(_NAMED.findall(folded)) - _NOBODY


def names_another(targets: Collection[str], known: Collection[str]) -> bool:
    """Tell whether one of the targets is none of those known.

    What stands before a name is often taken for a part of it, so that one name within another is the same;
    but 11号店 is not 1号店.
    """
    return any(not any(_is_same(new, old) for old in known) for new in targets)


def _is_same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    at = long.find(short)
    return at == 0 or (at > 0 and not (short[0].isnumeric() and long[at - 1].isnumeric()))
