"""Which brands a post is about: one pass over its text, however many brands and words are watched.

A query can match only where one of its clues stands, so the pass looks for the clues of all queries at
once, by pairs of characters, and only the queries that it meets are evaluated. The answer is that of
evaluating every query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import add

from hikeshi.domain.errors import UnknownBrandError
from hikeshi.domain.posts import Post
from hikeshi.domain.sources import Brand, WatchList
from hikeshi.domain.watch_query import fold, parse

_PAIR = 2


class QueryIndex:
    """Many queries, asked of a text together.

    Raises
    ------
    InvalidQueryError
        If one of them does not parse.
    """

    def __init__(self, queries: Sequence[str]) -> None:
        self._queries = [parse(query) for query in queries]
        askers: dict[str, list[int]] = {}
        for number, query in enumerate(self._queries):
            for clue in query.clues():
                askers.setdefault(clue, []).append(number)
        self._by_key = _filed(askers)

    def matching(self, text: str) -> list[int]:
        """Return the numbers of the queries that a text matches, in order."""
        folded = fold(text)
        keys = {*folded, *map(add, folded, folded[1:])}
        asked = {
            number
            for key in self._by_key.keys() & keys
            for clue, numbers in self._by_key[key]
            if clue in folded
            for number in numbers
        }
        return [number for number in sorted(asked) if self._queries[number].holds_in(folded)]


class Watches:
    """The brands of a watch list, ready to be found in posts."""

    def __init__(self, watches: WatchList) -> None:
        self._brands: Mapping[str, Brand] = watches.brands
        self._in_order = tuple(watches.brands.values())
        self._index = _index_of(tuple(brand.query for brand in self._in_order))

    def brands_of(self, post: Post) -> tuple[Brand, ...]:
        """Return the brands that a post is about: the one it names, or those whose watch matches it.

        Raises
        ------
        UnknownBrandError
            If it names one that is not watched.
        """
        if post.brand is None:
            return tuple(self._in_order[number] for number in self._index.matching(post.text))
        brand = self._brands.get(post.brand)
        if brand is None:
            raise UnknownBrandError(post.brand, tuple(sorted(self._brands)))
        return (brand,)


@lru_cache(maxsize=2)
def _index_of(queries: tuple[str, ...]) -> QueryIndex:
    """Keep the index from batch to batch: the list seldom changes, and parsing it takes a while."""
    return QueryIndex(queries)


def _filed(askers: Mapping[str, list[int]]) -> dict[str, list[tuple[str, tuple[int, ...]]]]:
    """File each clue under that pair of its characters which has the fewest clues so far.

    Names of one house begin alike (青葉製菓, 青葉チョコ); their other pairs tell them apart.
    """
    filed: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for clue, numbers in askers.items():
        pairs = [clue[at : at + _PAIR] for at in range(len(clue) - 1)] or [clue]
        key = min(pairs, key=lambda pair: len(filed.get(pair, ())))
        filed.setdefault(key, []).append((clue, tuple(numbers)))
    return filed
