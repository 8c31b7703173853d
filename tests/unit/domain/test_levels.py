from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.assessment import Level
from hikeshi.domain.levels import DEFAULT_TABLE, DecisionTable, LevelRow, Limits

numbers = st.sampled_from((0, 1, 5, 30, 99))
limits = st.builds(Limits, **{field.name: numbers for field in fields(Limits)})
levels = st.sampled_from((Level.NOTICE, Level.WARNING, Level.CRITICAL))
rows = st.builds(
    LevelRow,
    content=st.lists(levels, min_size=1, max_size=2, unique=True).map(tuple),
    at_least=limits,
    level=levels,
    because=st.just("理由"),
)
tables = st.lists(rows, max_size=5).map(lambda given: DecisionTable(rows=tuple(given)))


def a_row(level: Level = Level.CRITICAL, *, content: Level = Level.WARNING, **at_least: int) -> LevelRow:
    return LevelRow(content=(content,), at_least=Limits(**at_least), level=level, because="理由")


def test_the_first_row_that_holds_decides() -> None:
    first, second = a_row(reposts=300), a_row(posts=30)
    table = DecisionTable(rows=(first, second))
    assert table.row_for(Level.WARNING, Limits(reposts=300, posts=30)) is first
    assert table.row_for(Level.WARNING, Limits(reposts=10, posts=30)) is second
    assert table.row_for(Level.WARNING, Limits(reposts=10)) is None
    assert table.row_for(Level.NOTICE, Limits(reposts=300)) is None


def test_everything_in_a_row_has_to_hold() -> None:
    table = DecisionTable(rows=(a_row(voices=10, per_minute=10),))
    assert table.level_of(Level.WARNING, Limits(voices=10, per_minute=10)) is Level.CRITICAL
    assert table.level_of(Level.WARNING, Limits(voices=9, per_minute=10)) is Level.WARNING


@pytest.mark.parametrize(
    ("earlier", "later", "hidden"),
    [
        (a_row(reposts=100), a_row(reposts=300), True),
        (a_row(reposts=300), a_row(reposts=100), False),
        (a_row(voices=10), a_row(posts=30), True),
        (a_row(posts=5), a_row(authors=5), True),
        (a_row(voices=12), a_row(posts=4, reposts=8), True),
        (a_row(voices=13), a_row(posts=4, reposts=8), False),
        (a_row(), a_row(impact=90), True),
        (a_row(posts=5), a_row(posts=5, content=Level.NOTICE), False),
        (a_row(impact=50), a_row(urgency=50), False),
    ],
)
def test_a_row_that_another_always_forestalls_is_found(
    earlier: LevelRow, later: LevelRow, hidden: bool
) -> None:
    found = list(DecisionTable(rows=(earlier, later)).unreachable())
    assert found == ([(1, 0)] if hidden else [])


def test_a_row_is_hidden_only_if_every_content_of_it_is() -> None:
    both = replace(a_row(posts=9), content=(Level.NOTICE, Level.WARNING))
    assert list(DecisionTable(rows=(a_row(posts=5), both)).unreachable()) == []
    split = DecisionTable(rows=(a_row(posts=5), a_row(posts=5, content=Level.NOTICE), both))
    assert list(split.unreachable()) == [(2, 0)]


def test_what_ships_has_no_hidden_row_and_every_row_lifts() -> None:
    assert list(DEFAULT_TABLE.unreachable()) == []
    assert all(row.lifts for row in DEFAULT_TABLE.rows)


@given(table=tables, content=levels, measured=limits)
def test_no_table_lowers_a_level(table: DecisionTable, content: Level, measured: Limits) -> None:
    assert table.level_of(content, measured).at_least(content)


@given(table=tables, content=levels, measured=limits)
def test_a_hidden_row_never_decides(table: DecisionTable, content: Level, measured: Limits) -> None:
    hidden = [place for place, _ in table.unreachable()]
    row = table.row_for(content, measured.implied())
    assert not any(row is table.rows[place] for place in hidden)
