"""What a sentence says of the words in it: denied, supposed or asked, seen through its morphemes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hikeshi.ports.scoring import Token, Tokenizer

_SENTENCE_END = re.compile(r"[。!?\n]+")
_BEFORE, _AFTER = 60, 60
"""Characters of a sentence read on either side of the words in question."""

_SHORT = 3
"""Words up to this length must stand at a border of morphemes, or they are part of another word."""

_MAX_TAIL = 14
"""Morphemes after the focus that can still belong to its predicate."""

_KANA = re.compile(r"[ぁ-ゖー]{2,}")
_ENDINGS = ("助詞", "助動詞", "記号", "フィラー")
_MAY_BE_CUT = ("助動詞", "助詞", "記号")

_NEGATIONS = frozenset({"ない", "無い", "ぬ", "ず", "まい", "ゼロ", "無し", "なし", "皆無", "ありえない"})
_NOT_NEGATING_AFTER = frozenset({"しれ", "違い", "間違い", "しか", "仕方", "しょうが", "半端", "はん"})
# fmt: off
_LIGHT = frozenset({
    "する", "なる", "ある", "いる", "おる", "居る", "くる", "来る", "いく", "行く", "くださる", "もらう",
    "くれる", "しまう", "みる", "おく", "いただく", "言える", "いえる", "思える", "考える", "いう", "言う",
    "できる", "出来る", "られる", "れる", "せる", "させる", "やる", "てる", "とる", "しれる", "*",
})
# fmt: on
_TURNS = frozenset({"が", "けど", "けれど", "けれども", "から", "ので", "のに", "し", "ものの"})
_WISHES = frozenset({"そう", "たい", "べき", "べし", "ほしい", "欲しい", "はず", "つもり", "予定", "らしく"})
_SUPPOSITIONS = ("もし", "万が一", "万一", "仮に", "例えば", "たとえば")
# fmt: off
_ASKING_TAIL = frozenset({
    "か", "の", "です", "ます", "かな", "よ", "ね", "よね", "っけ", "?", "これ", "ん", "じゃ", "だろ",
    "でしょ",
})
# fmt: on
_CONDITION_ENDINGS = frozenset({"たら", "だら", "なら", "ば", "れば"})
_GOES_ON = frozenset({"た", "だ", "てる", "いる"})
"""Morphemes through which a predicate goes on to what it describes (首を吊った社長)."""
_JOINS = frozenset({"て", "で"})
_PLANS = frozenset(
    {"つもり", "予定", "覚悟", "準備", "計画", "決意", "所存", "予告", "宣言", "気", "こと", "ん"}
)
"""Nouns after which a predicate still says what will be done."""
_NAMED = frozenset({"の", "は", "を", "も", "か", "って", "という", "ばかり"})
"""What follows a plan that is only spoken of (殺すつもりの日程)."""
_COMPARES = frozenset({"くらい", "ぐらい", "ほど", "なんて", "とか", "か", "べき"})
_DESCRIBED = ("名詞", "接頭詞", "助詞,連体化")
"""What a predicate stands before if it only describes it."""
_LAUGHS_AND_BRACKETS = frozenset({"」", "』", ")", "w", "ww", "www", "笑", "草"})
_CITES = frozenset({"って", "という", "といった", "っていう"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence says of its words."""

    is_whole_word: bool = True
    is_denied: bool = False
    is_supposed: bool = False
    is_asked: bool = False
    is_statement: bool = True
    """False where the predicate only describes or names something (社員を殺す会社, 「殺す」という台詞)."""


UNREAD = Reading()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a post with its morphemes and where each begins."""

    start: int
    text: str
    ends_asking: bool
    tokens: tuple[Token, ...]
    starts: tuple[int, ...]

    def holds(self, start: int, end: int) -> bool:
        """Tell whether a stretch of the post lies inside the sentence."""
        return self.start <= start and end <= self.start + len(self.text)

    def has_word(self, start: int, end: int, *, may_be_ending: bool = False) -> bool:
        """Tell whether a stretch is a word, or a stem, and not a piece of another word.

        A piece begins inside a morpheme (イス in アイス), ends inside a noun (国 in 国宝), or, written in
        kana, is made of endings alone (やけど in んやけど). Long words are not asked.
        """
        if not is_short(start, end):
            return True
        only_endings = True
        for at, token in zip(self.starts, self.tokens, strict=True):
            stop = at + len(token.surface)
            if stop <= start or at >= end:
                continue
            if at < start and not token.part.startswith(_MAY_BE_CUT):
                return False
            if stop > end and token.part.startswith("名詞"):
                return False
            only_endings = only_endings and token.part.startswith(_ENDINGS)
        return may_be_ending or not (
            only_endings and _KANA.fullmatch(self.text, start - self.start, end - self.start)
        )


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the borders of the sentence that holds ``text[start:end]``, its full stop included."""
    floor = max(0, start - _BEFORE)
    begin = floor
    for found in _SENTENCE_END.finditer(text, floor, start):
        begin = found.end()
    found_end = _SENTENCE_END.search(text, end, min(len(text), end + _AFTER))
    return begin, found_end.end() if found_end else min(len(text), end + _AFTER)


def analyse(text: str, start: int, end: int, tokenizer: Tokenizer) -> Sentence:
    """Split one sentence into morphemes."""
    sentence = text[start:end]
    tokens: list[Token] = []
    starts: list[int] = []
    at = 0
    for token in tokenizer.tokenize(sentence):
        place = sentence.find(token.surface, at)
        if place < 0:
            continue
        tokens.append(token)
        starts.append(start + place)
        at = place + len(token.surface)
    return Sentence(
        start=start,
        text=sentence,
        ends_asking=sentence.rstrip().endswith("?"),
        tokens=tuple(tokens),
        starts=tuple(starts),
    )


def is_short(start: int, end: int) -> bool:
    """Tell whether a word is so short that it may be a piece of another."""
    return end - start <= _SHORT


def read(sentence: Sentence, *, focus: tuple[int, int]) -> Reading:
    """Say what a sentence says of its focus."""
    tail = _tail(sentence, focus[1])
    denials, last_denial = _denials(tail)
    is_tag = sentence.ends_asking and denials % 2 == 1 and _only_asks(tail[last_denial + 1 :])
    head = sentence.text[: focus[0] - sentence.start]
    supposed = any(word in head for word in _SUPPOSITIONS) or any(
        token.surface in _CONDITION_ENDINGS or token.lemma in _WISHES for token in tail
    )
    return Reading(
        is_denied=denials % 2 == 1 and not is_tag,
        is_supposed=supposed,
        is_asked=sentence.ends_asking and not is_tag,
        is_statement=_is_statement(sentence, focus[1]),
    )


def _is_statement(sentence: Sentence, end: int) -> bool:
    """Tell whether a predicate that ends at ``end`` states something of its own."""
    is_cited = is_planned = False
    for start, token in zip(sentence.starts, sentence.tokens, strict=True):
        if start < end:
            if start + len(token.surface) == end and token.surface in _JOINS:
                return True
        elif is_planned:
            return token.surface not in _NAMED
        elif token.surface in _CITES:
            is_cited = True
        elif is_cited:
            return not token.part.startswith("名詞,一般")
        elif token.surface in _PLANS:
            is_planned = True
        elif token.lemma not in _GOES_ON and token.surface not in _LAUGHS_AND_BRACKETS:
            return token.surface not in _COMPARES and not token.part.startswith(_DESCRIBED)
    return True


def _tail(sentence: Sentence, end: int) -> list[Token]:
    """Return the morphemes after the focus that still belong to its predicate."""
    tail: list[Token] = []
    for start, token in zip(sentence.starts, sentence.tokens, strict=True):
        if start + len(token.surface) <= end:
            continue
        if start < end:
            if token.part.startswith(("動詞", "形容詞")):
                continue
            tail.append(token)
            continue
        if token.part.startswith("記号") or token.surface in "、,":
            break
        if token.lemma in _TURNS and token.part == "助詞,接続助詞":
            break
        is_content = token.part.startswith(("動詞,自立", "形容詞,自立", "名詞,一般", "名詞,サ変接続", "副詞"))
        if is_content and token.lemma not in _LIGHT and token.lemma not in _NEGATIONS:
            break
        tail.append(token)
        if len(tail) >= _MAX_TAIL:
            break
    return tail


def _denials(tail: Sequence[Token]) -> tuple[int, int]:
    count, last = 0, -1
    before = ""
    for index, token in enumerate(tail):
        is_negation = token.lemma in _NEGATIONS or (token.lemma == "ん" and before == "ませ")
        if is_negation and before not in _NOT_NEGATING_AFTER:
            count, last = count + 1, index
        before = token.surface
    return count, last


def _only_asks(rest: Sequence[Token]) -> bool:
    return all(token.surface in _ASKING_TAIL for token in rest)
