"""The watch language: ``("青葉製菓" OR あおばチョコ) AND NOT (求人 OR 株価)``.

Words stand side by side or with AND for *both*, OR for *either*, NOT for *without*, ``a NEAR/20 b`` for
at most twenty characters between; ``"…"`` keeps spaces. Words of Latin letters and digits match whole
words, anything else matches anywhere. Width and case make no difference. A query that would match every
post is refused.

::

    query  = either
    either = both { OR both }
    both   = one { [AND] one }
    one    = NOT one | group [ NEAR/n group ]
    group  = word | "phrase" | ( either )
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from hikeshi.domain.errors import InvalidQueryError

MAX_QUERY = 20_000
MAX_DEPTH = 50
MAX_NEAR = 200
MAX_NEAR_WORDS = 50
"""Words on one side of NEAR: each is looked for wherever it stands, which is dearer than once."""

_MAX_SPANS = 200
"""Places of one word that NEAR looks at; no honest post has more, and a flood must not cost time."""

_TOKEN = re.compile(r'\s*(?:(?P<phrase>"[^"]*"?)|(?P<paren>[()])|(?P<word>[^\s()"]+))')
_NEAR = re.compile(r"NEAR/(\d{1,4})")
_LATIN = re.compile(r"[0-9a-z]")
_LATIN_RUN = re.compile(r"[0-9a-z]+")
_FULL_WIDTH = str.maketrans("（）“”＂　", '()""" ')


@dataclass(frozen=True, slots=True)
class Word:
    """One word or phrase, folded."""

    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """Two groups of words with at most ``within`` characters between them, in either order."""

    left: Node
    right: Node
    within: int


@dataclass(frozen=True, slots=True)
class Both:
    """Every part must match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part must match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The part must not match."""

    part: Node


Node = Word | Near | Both | Either | Without


@dataclass(frozen=True, slots=True)
class WatchQuery:
    """A parsed query; make one with :func:`parse`."""

    root: Node

    def matches(self, text: str) -> bool:
        """Tell whether a post's text is what the query asks for."""
        return self.holds_in(fold(text))

    def holds_in(self, folded: str) -> bool:
        """Tell the same of a text that is folded already."""
        return _holds(self.root, folded)

    def clues(self) -> frozenset[str]:
        """Return words, folded, of which every text that the query matches has at least one.

        They are as few as the query allows: of ``青葉 (チョコ OR ガム)`` only 青葉. There are always some,
        because a query that matches a text without any word is refused.
        """
        return _clues(self.root, false=True) or frozenset()

    def words(self) -> tuple[str, ...]:
        """Return the words that the query looks for (not those it excludes), folded."""
        return tuple(dict.fromkeys(_wanted(self.root)))


def fold(text: str) -> str:
    """Make width and case equal."""
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=512)
def parse(query: str) -> WatchQuery:
    """Read a query.

    Raises
    ------
    InvalidQueryError
        With the character position, if it does not parse or would match every post.
    """
    if len(query) > MAX_QUERY:
        raise InvalidQueryError(f"a query has at most {MAX_QUERY} characters", position=MAX_QUERY)
    root = _Parser(query).parse()
    if _holds(root, ""):
        raise InvalidQueryError("the query matches every post; put a word to look for beside NOT", position=0)
    return WatchQuery(root)


class _Parser:
    def __init__(self, query: str) -> None:
        plain = query.translate(_FULL_WIDTH)
        self._tokens = [
            (found.lastgroup or "", found[found.lastgroup or 0], found.start(found.lastgroup or 0))
            for found in _TOKEN.finditer(plain)
        ]
        self._at = 0
        self._end = len(query)

    def parse(self) -> Node:
        if not self._tokens:
            raise InvalidQueryError("the query is empty", position=0)
        root = self._either(0)
        if self._at < len(self._tokens):
            raise self._error("there is a ) without its (")
        return root

    def _either(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self._error(f"more than {MAX_DEPTH} levels of parentheses")
        parts = [self._both(depth)]
        while self._take("OR"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self, depth: int) -> Node:
        parts = [self._one(depth)]
        while self._at < len(self._tokens):
            kind, text, _ = self._tokens[self._at]
            if (kind == "paren" and text == ")") or (kind == "word" and text == "OR"):
                break
            self._take("AND")
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _one(self, depth: int) -> Node:
        negations = 0
        while self._take("NOT"):
            negations += 1
        node = self._near(depth)
        return Without(node) if negations % 2 else node

    def _near(self, depth: int) -> Node:
        left = self._group(depth)
        if self._at < len(self._tokens) and self._tokens[self._at][0] == "word":
            found = _NEAR.fullmatch(self._tokens[self._at][1])
            if found:
                start = self._at
                self._at += 1
                within = int(found[1])
                if within > MAX_NEAR:
                    raise self._error(f"NEAR reaches at most {MAX_NEAR} characters", at=start)
                right = self._group(depth)
                if not (_is_group_of_words(left) and _is_group_of_words(right)):
                    raise self._error("NEAR stands between words, phrases or (a OR b)", at=start)
                if max(len(_wanted(left)), len(_wanted(right))) > MAX_NEAR_WORDS:
                    raise self._error(f"NEAR has at most {MAX_NEAR_WORDS} words on a side", at=start)
                return Near(left, right, within)
        return left

    def _group(self, depth: int) -> Node:
        if self._at >= len(self._tokens):
            raise InvalidQueryError("the query ends where a word should stand", position=self._end)
        kind, text, _ = self._tokens[self._at]
        if kind == "phrase":
            return self._phrase(text)
        if kind == "paren":
            return self._parenthesis(text, depth)
        if text in {"AND", "OR"} or _NEAR.fullmatch(text) or text.startswith("NEAR/"):
            raise self._error(f"a word should stand where {text} is")
        self._at += 1
        return Word(fold(text))

    def _phrase(self, text: str) -> Node:
        if text == '"' or not text.endswith('"'):
            raise self._error('the closing " is missing')
        inner = fold(text[1:-1]).strip()
        if not inner:
            raise self._error("the phrase is empty")
        self._at += 1
        return Word(inner)

    def _parenthesis(self, text: str, depth: int) -> Node:
        opened = self._at
        if text == ")":
            raise self._error("a word should stand before )")
        self._at += 1
        inner = self._either(depth + 1)
        if self._at >= len(self._tokens) or self._tokens[self._at][1] != ")":
            raise self._error("the closing ) is missing", at=opened)
        self._at += 1
        return inner

    def _take(self, keyword: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at][:2] == ("word", keyword):
            self._at += 1
            return True
        return False

    def _error(self, message: str, *, at: int | None = None) -> InvalidQueryError:
        index = self._at if at is None else at
        position = self._tokens[index][2] if index < len(self._tokens) else self._end
        return InvalidQueryError(message, position=position)


def _is_group_of_words(node: Node) -> bool:
    if isinstance(node, Either):
        return all(_is_group_of_words(part) for part in node.parts)
    return isinstance(node, Word)


def _wanted(node: Node) -> list[str]:
    match node:
        case Word(text):
            return [text]
        case Near(left, right):
            return _wanted(left) + _wanted(right)
        case Both(parts) | Either(parts):
            return [word for part in parts for word in _wanted(part)]
        case Without():
            return []


def _clues(node: Node, *, false: bool) -> frozenset[str] | None:
    """Return words in whose absence a node is false (or else true); None if there are no such words."""
    match node:
        case Word(text):
            return frozenset({text}) if false else None
        case Near(left, right):
            return _fewest([_clues(part, false=True) for part in (left, right)]) if false else None
        case Both(parts) | Either(parts):
            found = [_clues(part, false=false) for part in parts]
            one_is_enough = isinstance(node, Both) == false
            return _fewest(found) if one_is_enough else _all_of(found)
        case Without(part):
            return _clues(part, false=not false)


def _fewest(found: list[frozenset[str] | None]) -> frozenset[str] | None:
    known = [words for words in found if words is not None]
    return min(known, key=lambda words: (len(words), -min(map(len, words))), default=None)


def _all_of(found: list[frozenset[str] | None]) -> frozenset[str] | None:
    known = [words for words in found if words is not None]
    return frozenset().union(*known) if len(known) == len(found) else None


def _holds(node: Node, text: str) -> bool:
    match node:
        case Word(word):
            return _has_word(text, word)
        case Near(left, right, within):
            return _are_near(_spans(left, text), _spans(right, text), within)
        case Both(parts):
            return all(_holds(part, text) for part in parts)
        case Either(parts):
            return any(_holds(part, text) for part in parts)
        case Without(part):
            return not _holds(part, text)


def _has_word(text: str, word: str) -> bool:
    if not _LATIN.search(word):
        return word in text
    if _LATIN_RUN.fullmatch(word):
        return word in _latin_words(text)
    return word in text and _whole(word).search(text) is not None


def _spans(node: Node, text: str) -> list[tuple[int, int]]:
    if isinstance(node, Either):
        return [span for part in node.parts for span in _spans(part, text)]
    assert isinstance(node, Word)  # noqa: S101  # the parser lets nothing else beside NEAR
    if node.text not in text:
        return []
    places = islice(_whole(node.text).finditer(text), _MAX_SPANS)
    return [(place.start(), place.start() + len(node.text)) for place in places]


@lru_cache(maxsize=8_192)
def _whole(word: str) -> re.Pattern[str]:
    """Find a word, Latin ones whole: ``ana`` is not in ``banana``; Japanese has no such borders.

    Nothing of the word itself is a pattern, and places may overlap.
    """
    before = rf"(?<!{_LATIN.pattern})" if _LATIN.match(word[0]) else ""
    after = rf"(?!{_LATIN.pattern})" if _LATIN.match(word[-1]) else ""
    return re.compile(rf"{before}(?={re.escape(word)}{after})")


@lru_cache(maxsize=2)
def _latin_words(text: str) -> frozenset[str]:
    """Keep the words of the text at hand, which many queries are asked of."""
    return frozenset(_LATIN_RUN.findall(text))


def _are_near(left: list[tuple[int, int]], right: list[tuple[int, int]], within: int) -> bool:
    events = sorted([(start, end, 0) for start, end in left] + [(start, end, 1) for start, end in right])
    ends: list[int | None] = [None, None]
    for start, end, side in events:
        other = ends[1 - side]
        if other is not None and start - other <= within:
            return True
        ends[side] = max(end, ends[side] or 0)
    return False
