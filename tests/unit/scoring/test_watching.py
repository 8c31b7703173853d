from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.errors import InvalidQueryError, UnknownBrandError
from hikeshi.domain.posts import Post
from hikeshi.domain.sources import Brand, WatchList
from hikeshi.domain.watch_query import parse
from hikeshi.services.collection.watching import QueryIndex, Watches

AT = datetime(2026, 5, 13, tzinfo=UTC)
WORDS = st.text(alphabet="青葉チ虫ａB3", min_size=1, max_size=3)
GROUPS = st.lists(WORDS, min_size=1, max_size=3).map(lambda words: f"({' OR '.join(words)})")


def bigger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda them: f"({' AND '.join(them)})"),
        several.map(lambda them: f"({' OR '.join(them)})"),
        parts.map(lambda part: f"(NOT {part})"),
        st.tuples(parts, parts).map(lambda them: f"({them[0]} NOT {them[1]})"),
    )


LEAVES = st.one_of(
    WORDS,
    WORDS.map(lambda word: f'"{word} {word}"'),
    st.tuples(GROUPS, st.integers(0, 6), GROUPS).map(lambda near: f"{near[0]} NEAR/{near[1]} {near[2]}"),
)
QUERIES = st.recursive(LEAVES, bigger, max_leaves=8)
TEXTS = st.text(alphabet="青葉チ虫ａＡｂB3 。", max_size=30)


def accepted(queries: list[str]) -> list[str]:
    kept = []
    for query in queries:
        try:
            parse(query)
        except InvalidQueryError:
            continue
        kept.append(query)
    return kept


def post(text: str, *, brand: str | None = None) -> Post:
    return Post(id="1", source="file", text=text, published_at=AT, fetched_at=AT, brand=brand)


def watched(**queries: str) -> Watches:
    brands = {name: Brand(id=name, name=name, query=query) for name, query in queries.items()}
    return Watches(WatchList(brands=brands, sources={}))


@given(st.lists(QUERIES, max_size=8), st.lists(TEXTS, max_size=5))
def test_asking_all_queries_together_answers_as_asking_each(queries: list[str], texts: list[str]) -> None:
    kept = accepted(queries)
    index = QueryIndex(kept)
    for text in texts:
        assert index.matching(text) == [
            number for number, query in enumerate(kept) if parse(query).matches(text)
        ]


@given(QUERIES, TEXTS)
def test_a_query_matches_nothing_without_one_of_its_clues(query: str, text: str) -> None:
    for known in accepted([query]):
        clues = parse(known).clues()
        assert clues
        if parse(known).matches(text):
            assert QueryIndex([known]).matching(text) == [0]


@pytest.mark.parametrize(
    ("query", "clues"),
    [
        ("青葉 (チョコ OR ガム)", {"青葉"}),
        ("青葉 OR あおば NOT 求人", {"青葉", "あおば"}),
        ("(青葉 OR あおば) NEAR/5 虫", {"虫"}),
        ("NOT (NOT 青葉 OR 求人)", {"青葉"}),
        ("虫 異物混入", {"異物混入"}),
    ],
)
def test_the_clues_of_a_query_are_few(query: str, clues: set[str]) -> None:
    assert parse(query).clues() == clues


@pytest.mark.parametrize("query", ["", "NOT 青葉", "青葉 OR NOT 虫", "NOT (青葉 AND 虫)"])
def test_a_query_that_asks_for_nothing_is_refused_as_ever(query: str) -> None:
    with pytest.raises(InvalidQueryError):
        QueryIndex([query])


def test_the_brands_come_in_the_order_of_the_list() -> None:
    watches = watched(second="チョコ", first="青葉", third="あおば OR 青葉", fourth="うどん")
    found = watches.brands_of(post("青葉のチョコ"))
    assert [brand.id for brand in found] == ["second", "first", "third"]


def test_a_named_brand_needs_no_match_and_has_to_be_watched() -> None:
    watches = watched(aoba="青葉")
    assert [brand.id for brand in watches.brands_of(post("なにも", brand="aoba"))] == ["aoba"]
    with pytest.raises(UnknownBrandError):
        watches.brands_of(post("青葉", brand="other"))
