"""Hides the names of protected people in any text, however somebody wrote them.

A text and the names are folded alike first: width, kana, case, variant characters and invisible marks make
no difference. Where a name is also an ordinary word (林 in 森林), what stands beside it decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

MASK = "●●"
"""What stands in place of a name, in every language."""

SHORTEST = 2
"""Characters that a term must have; a single kanji is long enough."""

_LONE_KANA = 3
"""Kana terms up to this length are found only where nothing goes on beside them."""

_CUT, _CUT_KANA = 2, 3
"""Characters of a name before an ellipsis (two dots and more, once folded) that give it away."""

_KANJI = "\u3400-\u9fff\uf900-\ufaff々〆"
_KANA = "ぁ-ゖー"
_LATIN = "a-z0-9_"
_GAP = r"[\s・.,、/|_\-‐–—*=~]{0,2}"
_PARTICLES = "のはがをにともやでへ"
_TITLES = (
    "さん|ちゃん|くん|君|氏|様|さま|殿|先輩|先生|店長|副店長|主任|係長|課長|部長|社長|社員|店員|"
    "容疑者|被告|選手"
)
_BEFORE = (
    *("店員", "社員", "職員", "店長", "部長", "課長", "係長", "主任", "担当", "同僚", "友人", "先輩", "後輩"),
    *("本名", "氏名", "実名", "名前", "学生", "生徒", "犯人", "本人", "容疑者", "被告", "従業員"),
)
"""Words after which a kanji begins a name, although it has a kanji before it."""

_VARIANTS = str.maketrans(
    "髙﨑齋齊斉邊邉嶋嶌廣澤濱濵國櫻眞龍瀧惠榮ゖ", "高崎斎斎斎辺辺島島広沢浜浜国桜真竜滝恵栄け"
)
_INVISIBLE = dict.fromkeys((0xAD, 0x34F, 0x3164, 0xFEFF, *range(0x200B, 0x2010), *range(0x2060, 0x2065)))
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_VOICED = "\u3099\u309a\uff9e\uff9f"


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """What gives a person away.

    Attributes
    ----------
    family, given : str
        As they are written; ``given`` may be empty, and then the family name is always hidden.
    family_reading, given_reading : str
        In kana, may be empty.
    nicknames, handles : tuple of str
        What the person is called, and names of accounts, with or without ``@``.
    places : tuple of str
        A school, a shop, a part of an address: hidden wherever they stand.
    family_alone : bool
        Whether the family name is hidden without a given name or a title beside it, too.
    """

    family: str
    given: str = ""
    family_reading: str = ""
    given_reading: str = ""
    nicknames: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    family_alone: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        """Everything that was given, part by part."""
        parts = (self.family, self.given, self.family_reading, self.given_reading)
        return tuple(each for each in (*parts, *self.nicknames, *self.handles, *self.places) if each)


class Mask:
    """Hides what belongs to some people; without any, texts stay as they are."""

    def __init__(self, people: Iterable[Names] = ()) -> None:
        self._pattern = _pattern_of(tuple(people))

    def __call__(self, text: str) -> str:
        """Return the text with every name replaced."""
        if self._pattern is None or self._pattern.search(fold(text)) is None:
            return text
        clusters = _clusters(text)
        starts: list[int] = []
        for place, (_, folded) in enumerate(clusters):
            starts += [place] * len(folded)
        whole = "".join(folded for _, folded in clusters)
        kept, upto = "", 0
        for found in self._pattern.finditer(whole):
            first, last = starts[found.start()], starts[found.end() - 1] + 1
            kept += "".join(original for original, _ in clusters[upto:first]) + MASK
            upto = last
        if not upto:  # folded as a whole it holds a name, but not piece by piece
            return self._pattern.sub(MASK, fold(text))
        return kept + "".join(original for original, _ in clusters[upto:])

    def finds(self, text: str) -> bool:
        """Tell whether a text gives anybody away."""
        return self._pattern is not None and self._pattern.search(fold(text)) is not None


def fold(text: str) -> str:
    """Return a text in which everything that is read alike is written alike."""
    folded = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).casefold()
    return folded.translate(_TO_HIRAGANA).translate(_VARIANTS)


def too_short(term: str) -> bool:
    """Tell whether a term would be found everywhere: a single letter or kana."""
    folded = fold(term).lstrip("@")
    return len(folded) < SHORTEST and not re.fullmatch(f"[{_KANJI}]", folded)


def _clusters(text: str) -> list[tuple[str, str]]:
    """Cut a text into pieces that fold on their own, each with what it folds to."""
    pieces: list[str] = []
    for character in text:
        if pieces and (character in _VOICED or unicodedata.combining(character)):
            pieces[-1] += character
        else:
            pieces.append(character)
    return [(piece, fold(piece)) for piece in pieces]


@lru_cache(maxsize=64)
def _pattern_of(people: tuple[Names, ...]) -> re.Pattern[str] | None:
    found = {each for names in people for each in _patterns(names)}
    longest_first = sorted(found, key=lambda each: (-len(each), each))
    return re.compile("|".join(longest_first)) if found else None


def _patterns(names: Names) -> Iterator[str]:
    """Yield the patterns of one person."""
    written, read = (names.family, names.given), (names.family_reading, names.given_reading)
    for family, given in (written, read):
        if family and given:
            yield from _full(fold(family), fold(given))
        for part in (family, given):
            if part:
                yield _titled(fold(part))
        if family and (names.family_alone or not names.given):
            yield _alone(fold(family))
    yield from (_alone(fold(each)) for each in names.nicknames)
    yield from (_alone(fold(each).lstrip("@")) for each in names.handles)
    yield from (_spaced(fold(each)) for each in names.places)


def _full(family: str, given: str) -> Iterator[str]:
    """Yield both names together, set apart or not, and what an ellipsis left of them."""
    if _has_latin(family + given):
        for first, last in ((family, given), (given, family)):
            yield f"(?<![{_LATIN}]){re.escape(first)}{_GAP}{re.escape(last)}(?![{_LATIN}])"
        return
    whole = family + given
    yield _spaced(whole)
    least = _CUT_KANA if _is_kana(whole) else _CUT
    yield from (rf"{_spaced(whole[:length])}\s?(?=\.\.)" for length in range(least, len(whole)))


def _titled(name: str) -> str:
    return f"{_left(name)}{re.escape(name)}(?={_GAP}(?:{_TITLES}))"


def _alone(term: str) -> str:
    is_long = len(term) > _LONE_KANA and not _has_latin(term)
    return f"{_left(term)}{_spaced(term) if is_long else re.escape(term)}{_right(term)}"


def _spaced(term: str) -> str:
    return _GAP.join(re.escape(each) for each in term if not each.isspace())


def _left(term: str) -> str:
    """Return what must stand before a term so that it is a name."""
    if _has_latin(term):
        return f"(?<![{_LATIN}])"
    if _is_short_kana(term):
        return f"(?:(?<![{_KANA}])|(?<=[{_PARTICLES}]))"
    if len(term) == 1:
        after_words = "|".join(f"(?<={word})" for word in _BEFORE)
        return f"(?:(?<![{_KANJI}])|{after_words})"
    return ""


def _right(term: str) -> str:
    if _has_latin(term):
        return f"(?![{_LATIN}])"
    if _is_short_kana(term):
        return f"(?=[^{_KANA}]|[{_PARTICLES}]|{_TITLES}|$)"
    if len(term) == 1:
        return f"(?=[^{_KANJI}]|{_TITLES}|$)"
    return ""


def _has_latin(term: str) -> bool:
    return re.search(f"[{_LATIN}]", term) is not None


def _is_short_kana(term: str) -> bool:
    return len(term) <= _LONE_KANA and _is_kana(term)


def _is_kana(term: str) -> bool:
    return re.fullmatch(f"[{_KANA}]+", term) is not None


NOBODY = Mask()
"""For texts in which nobody is protected."""
