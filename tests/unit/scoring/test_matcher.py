from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hikeshi.services.scoring.matcher import MAX_HITS, Matcher

LETTERS = "あい虫歯"


def test_words_are_found_where_they_stand_however_they_overlap() -> None:
    matcher = Matcher({"虫": ["insect"], "虫混入": ["named"], "混入": ["included"]})
    found = [(hit.start, hit.end, hit.groups) for hit in matcher.find("お菓子に虫混入")]
    assert sorted(found) == [(4, 5, ("insect",)), (4, 7, ("named",)), (5, 7, ("included",))]


def test_a_shield_hides_what_is_inside_it_and_nothing_else() -> None:
    matcher = Matcher({"虫": ["insect"]}, shields=["虫歯"])
    assert [hit.start for hit in matcher.find("虫歯の上に虫")] == [5]


def test_a_shield_that_is_a_word_itself_stays() -> None:
    matcher = Matcher({"虫": ["insect"], "防虫": ["prevent"]}, shields=["防虫"])
    assert [hit.groups for hit in matcher.find("防虫剤")] == [("prevent",)]


def test_a_flood_of_words_is_cut_off() -> None:
    assert len(Matcher({"虫": ["insect"]}).find("虫" * 100_000)) == MAX_HITS


@given(
    st.sets(st.text(alphabet=LETTERS, min_size=1, max_size=3), max_size=8),
    st.text(alphabet=LETTERS, max_size=40),
)
def test_the_hits_are_those_of_a_plain_search(words: set[str], text: str) -> None:
    expected = {
        (at, at + len(word)) for word in words for at in range(len(text)) if text.startswith(word, at)
    }
    found = Matcher({word: ["any"] for word in words}).find(text)
    assert {(hit.start, hit.end) for hit in found} == expected
    assert len(found) == len(expected)
