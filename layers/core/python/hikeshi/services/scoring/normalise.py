"""Make the many spellings of one word alike, and remember where each character came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import accumulate, chain, repeat
from typing import NamedTuple

MASK = "○"
"""What every character that hides a letter becomes (虫○入, 虫●入, 虫*入)."""

# fmt: off
_SPOKEN_EMOJI = {
    "🪳": "ゴキブリ", "🪰": "ハエ", "🐛": "虫", "🐜": "蟻", "🕷": "蜘蛛", "🐀": "ネズミ", "🐁": "ネズミ",
    "🤢": "吐き気", "🤮": "嘔吐", "💣": "爆弾", "💊": "薬", "🩸": "血", "🔪": "刃物", "📸": "写真",
    "📷": "写真", "📹": "動画", "🎥": "動画", "🚨": "緊急", "🆘": "助けて", "😡": "怒", "🤬": "怒",
    "💢": "怒", "👏": "拍手",
}
# fmt: on
_MASKS = frozenset("○◯〇⚪●⚫×✕✖╳＊*＿□■※☆★")
_WAVES = frozenset("〜～~―—─ｰ–")
_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069"
    "\ufeff\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
)
_PLAIN = re.compile(r"[\n 0-9a-z、。・「」！？!?()ぁ-ゖァ-ヺー一-鿿々]*")
_LOOSE_MARKS = {0x3099: None, 0x309A: None}
_SECOND = re.compile(r"[\u3099\u309a\uff9e\uff9f]")
"""Voicing marks that join the letter before them."""
_CLUSTER = re.compile(rf".{_SECOND.pattern}?", re.DOTALL)
_LETTER = r"[0-9a-zぁ-ゖァ-ヺー一-鿿々]"

_Edit = Callable[["re.Match[str]"], tuple[str, int]]
"""Gives the text that replaces a match, and the index in the match where it comes from."""


class Normalised(NamedTuple):
    """A text as the rules read it.

    Attributes
    ----------
    text : str
        Lower case, NFKC, without links, mentions and invisible characters.
    origins : sequence of int
        For each character its index in the post as it was written.
    has_link, is_repost : bool
        What was taken out.
    """

    text: str
    origins: range | list[int]
    has_link: bool = False
    is_repost: bool = False

    def original(self, written: str, start: int, end: int) -> str:
        """Return the words of the post as written that became ``text[start:end]``."""
        return written[self.origins[start] : self.origins[end - 1] + 1]


def normalise(written: str) -> Normalised:
    """Bring a post into the form that the lexicon is written in."""
    text, origins = _fold(written)
    is_repost = _REPOST.match(text) is not None
    if is_repost:
        text, origins = _edit(_REPOST, text, origins, _blank)
    has_link = any(map(text.__contains__, _SIGNS_OF_A_LINK)) and _LINK.search(text) is not None
    if has_link:
        text, origins = _edit(_LINK, text, origins, _blank)
    if " " in text:
        text, origins = _close_up(text, origins)
    for pattern, edit in _EDITS:
        if pattern.search(text) is not None:
            text, origins = _edit(pattern, text, origins, edit)
    return Normalised(text=text, origins=origins, has_link=has_link, is_repost=is_repost)


def normalise_term(term: str) -> str:
    """Bring a word of the lexicon into the same form."""
    return normalise(term).text


def _fold(written: str) -> tuple[str, range | list[int]]:
    if _PLAIN.fullmatch(written):
        return written, range(len(written))
    clusters = _CLUSTER.findall(written) if _SECOND.search(written) else written
    folded = list(map(_folds.__getitem__, clusters))
    lengths = list(map(len, folded))
    text = "".join(folded)
    if lengths.count(1) == len(written):
        return text, range(len(written))
    starts = accumulate(map(len, clusters), initial=0)
    return text, list(chain.from_iterable(map(repeat, starts, lengths)))


class _Folds(dict[str, str]):
    """What characters become, worked out when one is first met; bounded, since texts are by strangers."""

    def __missing__(self, cluster: str) -> str:
        folded = _compute_fold(cluster)
        if len(self) < _MAX_REMEMBERED:
            self[cluster] = folded
        return folded


_folds = _Folds()
_MAX_REMEMBERED = 20_000


def _compute_fold(cluster: str) -> str:
    first = cluster[0]
    kind = unicodedata.category(first)
    if first in _INVISIBLE or kind in {"Mn", "Me"}:
        return ""
    if first in "\r\n\u2028\u2029\x0b\x0c\x85":
        return "\n"
    if kind in {"Cc", "Cs", "Zs", "Cn", "Co"}:
        return " "
    known = _SPOKEN_EMOJI.get(first) or (MASK if first in _MASKS else "ー" if first in _WAVES else None)
    return known or unicodedata.normalize("NFKC", cluster).lower().translate(_LOOSE_MARKS)


def _edit(
    pattern: re.Pattern[str], text: str, origins: range | list[int], edit: _Edit
) -> tuple[str, range | list[int]]:
    pieces: list[str] = []
    sources: list[int] = []
    at = 0
    for found in pattern.finditer(text):
        put, offset = edit(found)
        pieces += (text[at : found.start()], put)
        sources += origins[at : found.start()]
        start = found.start() + offset
        sources += origins[start : start + len(put)]
        at = found.end()
    pieces.append(text[at:])
    sources += origins[at:]
    return "".join(pieces), sources


def _close_up(text: str, origins: range | list[int]) -> tuple[str, range | list[int]]:
    """Join letters that are set apart one by one: 異 物 混 入."""
    gaps = {found.start() + at for found in _SET_APART.finditer(text) for at in range(1, len(found[0]), 2)}
    if not gaps:
        return text, origins
    kept = [at for at in range(len(text)) if at not in gaps]
    return "".join(text[at] for at in kept), [origins[at] for at in kept]


def _blank(found: re.Match[str]) -> tuple[str, int]:
    return " ", 0


def _first_three(found: re.Match[str]) -> tuple[str, int]:
    return found[0][:3], 0


def _drop(found: re.Match[str]) -> tuple[str, int]:
    return "", 0


_REPOST = re.compile(r"\Art @\w{1,30}:? ")
_SIGNS_OF_A_LINK = ("http", "www.", "pic.")
_LINK = re.compile(r"https?://[!-~]+|\b(?:www\.|pic\.twitter\.com/)[!-~]+")

_SET_APART = re.compile(rf"(?<!{_LETTER}){_LETTER}(?: {_LETTER}){{2,}}")
_BEFORE_SMALL_VOWEL = (
    "いうかきくけしすたちつとなにのはひまみむもやゆよらりるれろわん"
    "がぎぐげござじずぜぞだどばびぶべぼぱぴぷぺぽ"
)

# What stands before a letter is asked after it: a pattern that begins with a letter is skimmed for it, one
# that begins by looking back is tried at every character.
_EDITS: tuple[tuple[re.Pattern[str], _Edit], ...] = (
    (re.compile(r"@[0-9a-z_]{1,30}"), _blank),
    (re.compile(r"#"), _blank),
    (re.compile(r"[ \t][ \t]+"), _blank),
    (re.compile(r"ーー+"), lambda found: ("ー", 0)),
    (re.compile(r"ー(?<=[ぁ-ゖ]ー)(?=[ぁ-ゖ])"), _drop),  # ひどーい
    (re.compile(r"ぃ(?<=[どずすもごがば]ぃ)"), lambda found: ("い", 0)),  # まずぃ
    (re.compile(rf"[ぁぃぅぇぉ](?<=[{_BEFORE_SMALL_VOWEL}].)[ぁぃぅぇぉ]*"), _drop),  # ひどぉい
    (re.compile(r"(.)\1\1\1+", re.DOTALL), _first_three),
    (re.compile(r"([あうえお])(?<=[ぁ-ゖ].)\1+(?=い)"), _drop),  # やばああい
)
