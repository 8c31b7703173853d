from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.errors import InvalidQueryError
from hikeshi.domain.watch_query import MAX_DEPTH, parse


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("つきみ製菓", "つきみ製菓のチョコ"),
        ("つきみ チョコ", "チョコといえばつきみ"),
        ("つきみ AND チョコ", "チョコといえばつきみ"),
        ("つきみ OR 月見", "月見のだんご"),
        ("つきみ OR 月見 AND だんご", "つきみの話"),
        ("つきみ NOT うどん", "つきみのチョコ"),
        ('"black sand"', "the Black  Sand".replace("  ", " ")),
        ("つきみ NEAR/3 虫", "つきみのに虫"),
        ("虫 NEAR/3 つきみ", "つきみに虫"),
        ("つきみ NEAR/9 (虫 OR カビ)", "つきみのチョコにカビ"),
        ("（つきみ　OR　月見）　チョコ", "月見のチョコ"),
        ("NOT NOT つきみ", "つきみ"),
        ("ABC", "ａｂｃのスマホ"),
        ("ana", "ana!"),
        ("ABCペイ", "abcペイで払う"),
    ],
)
def test_a_query_finds(query: str, text: str) -> None:
    assert parse(query).matches(text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("つきみ AND チョコ", "つきみのだんご"),
        ("つきみ NOT うどん", "つきみうどん"),
        ('"black sand"', "black and sand"),
        ("つきみ NEAR/3 虫", "つきみのお菓子に虫"),
        ("ana", "banana"),
        ("go", "ongoing"),
        ("(つきみ OR 月見) AND NOT (うどん OR バーガー)", "月見バーガー"),
        ("ひので OR (ひので AND チョコ) NOT 町", "日の出"),
    ],
)
def test_a_query_leaves(query: str, text: str) -> None:
    assert not parse(query).matches(text)


@pytest.mark.parametrize(
    ("query", "position"),
    [
        ("", 0),
        ("   ", 0),
        ("つきみ OR", 6),
        ("AND つきみ", 0),
        ("(つきみ", 0),
        ("つきみ)", 3),
        ("()", 1),
        ('"つきみ', 0),
        ('""', 0),
        ('"', 0),
        ("つきみ NEAR/5", 10),
        ("つきみ NEAR/x 虫", 4),
        ("つきみ NEAR/999 虫", 4),
        ("つきみ NEAR/5 (虫 AND カビ)", 4),
        (f"({' OR '.join(f'虫{n}' for n in range(51))}) NEAR/5 つきみ", 346),
        ("NOT つきみ", 0),
        ("つきみ OR NOT 虫", 0),
        ("(" * (MAX_DEPTH + 2) + "a" + ")" * (MAX_DEPTH + 2), MAX_DEPTH + 1),
        ("あ " * 20_000, 20_000),
    ],
)
def test_a_wrong_query_is_refused_with_the_place(query: str, position: int) -> None:
    with pytest.raises(InvalidQueryError) as refused:
        parse(query)
    assert refused.value.position == position


def test_the_words_looked_for_are_known_without_those_excluded() -> None:
    assert parse("つきみ (ABC OR 月見) NOT うどん").words() == ("つきみ", "abc", "月見")


@given(st.text(alphabet='ab ()"ANDORNOT/NEAR5虫', max_size=40), st.text(max_size=60))
def test_any_query_is_answered_or_refused(query: str, text: str) -> None:
    try:
        parsed = parse(query)
    except InvalidQueryError as error:
        assert 0 <= error.position <= len(query)
    else:
        assert parsed.matches(text) in (True, False)
        assert not parsed.matches("")
