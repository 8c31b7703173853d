"""A text is split into the pieces that together are likeliest, whatever stands in it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.adapters.encoder.pieces import (
    BEGIN,
    END,
    FIRST_PIECE,
    LONGEST_READ,
    MOST_TOKENS,
    UNKNOWN,
    Pieces,
)

ALPHABET = "▁あいう"
PIECE = st.text(ALPHABET, min_size=1, max_size=4)
SCORED = st.dictionaries(PIECE, st.integers(-40, -1).map(lambda tenths: tenths / 8), min_size=1, max_size=12)


def every_split(word: str) -> Iterator[list[str]]:
    if not word:
        yield []
    for end in range(1, len(word) + 1):
        for rest in every_split(word[end:]):
            yield [word[:end], *rest]


def worth(split: list[str], scored: dict[str, float]) -> float:
    unknown = min(scored.values()) - 10
    return sum(scored.get(piece, unknown if len(piece) == 1 else -math.inf) for piece in split)


def spelled(numbers: list[int], pieces: tuple[str, ...]) -> list[str]:
    """Turn numbers into pieces again; an unknown one is a question mark."""
    return ["?" if each == UNKNOWN else pieces[each - FIRST_PIECE] for each in numbers]


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(scored=SCORED, word=st.text("あいうえ", min_size=1, max_size=7))
def test_no_other_split_of_a_word_is_worth_more(scored: dict[str, float], word: str) -> None:
    splits = list(every_split("▁" + word))
    highest = max(worth(split, scored) for split in splits)
    best = {
        tuple(fused(["?" if piece not in scored else piece for piece in split]))
        for split in splits
        if worth(split, scored) == highest
    }
    numbers = Pieces(list(scored), list(scored.values())).encode(word)
    assert (numbers[0], numbers[-1]) == (BEGIN, END)
    assert tuple(spelled(numbers[1:-1], tuple(scored))) in best


def fused(pieces: list[str]) -> list[str]:
    return [p for at, p in enumerate(pieces) if p != "?" or at == 0 or pieces[at - 1] != "?"]


def test_a_longer_piece_wins_only_if_its_parts_are_worth_less() -> None:
    pieces = ("▁", "異物", "混入", "異物混入")
    dear = Pieces(pieces, (-1.0, -5.0, -5.0, -11.0)).encode("異物混入")
    cheap = Pieces(pieces, (-1.0, -5.0, -5.0, -9.0)).encode("異物混入")
    assert dear == [BEGIN, 4, 5, 6, END]
    assert cheap == [BEGIN, 4, 7, END]


def test_each_word_begins_anew_and_white_space_of_any_kind_and_length_is_one_space() -> None:
    pieces = Pieces(("▁", "▁虫", "虫"), (-2.0, -3.0, -4.0))
    assert pieces.encode("虫 虫") == [BEGIN, 5, 5, END]
    assert pieces.encode("\n虫　\t 虫 ") == pieces.encode("虫 虫")
    assert pieces.encode("虫虫") == [BEGIN, 5, 6, END]


def test_forms_of_a_character_that_mean_the_same_are_one() -> None:
    pieces = Pieces(("▁", "ガ", "A", "1"), (-2.0,) * 4)
    assert pieces.encode("ｶﾞＡ①") == pieces.encode("ガA1") == [BEGIN, 4, 5, 6, 7, END]


def test_neighbouring_unknown_characters_are_one_unknown() -> None:
    pieces = Pieces(("▁", "虫"), (-2.0, -3.0))
    assert pieces.encode("鳥鳥虫鳥") == [BEGIN, 4, UNKNOWN, 5, UNKNOWN, END]


@pytest.mark.parametrize("text", ["", " ", "\n　\t"])
def test_nothing_is_a_begin_and_an_end(text: str) -> None:
    assert Pieces(("▁",), (-1.0,)).encode(text) == [BEGIN, END]


def test_what_stands_after_the_first_characters_is_not_read() -> None:
    pieces = Pieces(("▁", "虫", "虫" * 8, "鳥"), (-2.0, -3.0, -1.0, -4.0))
    text = "虫" * LONGEST_READ
    assert pieces.encode(text + "鳥") == pieces.encode(text)
    assert pieces.encode(text[1:] + "鳥") != pieces.encode(text)


def test_a_text_of_many_pieces_is_cut_and_still_ends() -> None:
    numbers = Pieces(("▁", "虫"), (-2.0, -3.0)).encode("虫" * LONGEST_READ)
    assert numbers == [BEGIN, 4, *[5] * (MOST_TOKENS - 3), END]


HOSTILE = st.one_of(
    st.text(st.characters(), max_size=600),
    st.builds(
        lambda text, times: text * times, st.text(st.characters(), min_size=1, max_size=3), st.just(40_000)
    ),
    st.text("\u202e\u2066\u2069\u200f\ufdfa▁虫 ", max_size=600),
    st.text(st.characters(categories=["Cs"]), min_size=1, max_size=500),
)


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(text=HOSTILE)
def test_any_text_becomes_known_numbers_within_the_limit(text: str) -> None:
    numbers = Pieces(("▁", "虫", "虫虫虫"), (-2.0, -3.0, -4.0)).encode(text)
    assert (numbers[0], numbers[-1]) == (BEGIN, END)
    assert len(numbers) <= MOST_TOKENS
    assert set(numbers[1:-1]) <= {UNKNOWN, 4, 5, 6}
