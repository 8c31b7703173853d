"""What bears a fact out, and what may be built upon it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.checking import add_fact, add_source, judge_fact, keep_proof, mark_key
from hikeshi.domain.errors import NotFoundError, NotReadyError
from hikeshi.domain.facts import Credibility, FactSource, Proof, Verdict, holds, origin_of, origins, site_of
from hikeshi.domain.incidents import Change, Room
from tests.builders import NOON, a_fact, a_judged_fact, a_room


def a_source(name: str = "製造記録", **changes: Any) -> FactSource:
    source = FactSource(name=name, credibility=Credibility.A, added_by="ito", added_at=NOON)
    return replace(source, **changes)


def a_proof(**changes: Any) -> Proof:
    proof = Proof(title="記録", uri="s3://archive/1", sha256="ab" * 32, kept_by="ito", kept_at=NOON)
    return replace(proof, **changes)


def confirm(room: Room, fact: str = "fact-1") -> Room:
    room, _ = judge_fact(room, fact, verdict=Verdict.CONFIRMED, basis="記録", by="ito", at=NOON)
    return room


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://news.example.jp/a", "example.jp"),
        ("https://m.kuchikomi.example.co.jp/1", "example.co.jp"),
        ("http://EXAMPLE.jp./x", "example.jp"),
        ("https://example.jp", "example.jp"),
        ("https://a.b.example.com/x", "example.com"),
        ("製造記録", ""),
        ("ftp://example.jp/x", ""),
        ("https:///x", ""),
    ],
)
def test_an_address_belongs_to_its_site(address: str, site: str) -> None:
    assert site_of(address) == site


def test_s2_26_reposts_of_one_origin_count_once() -> None:
    said = (
        a_source("まとめサイト", url="https://matome.example.jp/1", origin="https://kuchikomi.example.com/9"),
        a_source(
            "別のまとめ", url="https://other.example.org/2", origin="https://www.kuchikomi.example.com/9"
        ),
        a_source("元の投稿", url="https://kuchikomi.example.com/9"),
    )
    assert len({origin_of(each) for each in said}) == 1
    assert len(origins((a_fact(sources=said),), "fact-1")) == 1


def test_s2_26_the_pages_of_one_site_count_once_and_names_are_compared_as_people_read_them() -> None:
    assert origin_of(a_source(url="https://a.example.jp/1")) == origin_of(
        a_source(url="https://b.example.jp/2")
    )
    assert origin_of(a_source("ＡＢＣ　検査")) == origin_of(a_source("abc 検査"))


def test_s2_25_hearsay_bears_nothing_out() -> None:
    said = (a_source(), a_source("匿名の投稿", credibility=Credibility.D))
    assert len(origins((a_fact(sources=said),), "fact-1")) == 1


def test_s2_26_a_key_fact_is_confirmed_on_two_origins_only() -> None:
    room = a_room(facts=(a_fact(key=True, sources=(a_source(),)),))
    with pytest.raises(NotReadyError) as refused:
        confirm(room)
    assert refused.value.missing == ("second_source",)
    room, _ = add_source(room, "fact-1", a_source("出荷伝票"))
    assert holds(confirm(room).facts, "fact-1")


def test_an_ordinary_fact_is_confirmed_on_its_grounds() -> None:
    assert holds(confirm(a_room(facts=(a_fact(),))).facts, "fact-1")


def test_a_fact_made_key_afterwards_does_not_hold_until_a_second_origin_is_there() -> None:
    room, events = mark_key(a_room(facts=(a_judged_fact(),)), "fact-1", key=True, by="sato", at=NOON)
    assert [event.kind for event in events] == ["fact_made_key"]
    assert not holds(room.facts, "fact-1")
    assert mark_key(room, "fact-1", key=True, by="sato", at=NOON) == (room, ())


def test_what_follows_from_a_fact_falls_with_it() -> None:
    base = a_judged_fact(sources=(a_source(),))
    middle = a_judged_fact(id="fact-2", rests_on=("fact-1",), sources=(a_source("鑑定"),))
    room = a_room(facts=(base, middle, a_fact(id="fact-3", key=True, rests_on=("fact-2",))))
    room = confirm(room, "fact-3")
    assert holds(room.facts, "fact-3")
    fallen, _ = judge_fact(room, "fact-1", verdict=Verdict.UNVERIFIED, basis="再検査", by="ito", at=NOON)
    assert not holds(fallen.facts, "fact-3")
    with pytest.raises(NotReadyError) as refused:
        confirm(fallen, "fact-3")
    assert "base_fact" in refused.value.missing


def test_a_fact_cannot_follow_from_one_that_is_not_there() -> None:
    with pytest.raises(NotFoundError):
        add_fact(a_room(), a_fact(rests_on=("fact-0",)))
    assert not holds((), "fact-1")
    assert not holds((a_judged_fact(rests_on=("gone",)),), "fact-1")


def test_the_same_record_is_kept_once_and_there_is_an_end_to_records_and_sources() -> None:
    room, _ = keep_proof(a_room(facts=(a_fact(),)), "fact-1", a_proof())
    assert keep_proof(room, "fact-1", a_proof()) == (room, ())
    full = a_fact(
        sources=tuple(a_source(str(n)) for n in range(20)),
        proofs=tuple(a_proof(sha256=f"{n:064x}") for n in range(20)),
    )
    acts: tuple[Callable[[], Change], ...] = (
        lambda: add_source(a_room(facts=(full,)), "fact-1", a_source()),
        lambda: keep_proof(a_room(facts=(full,)), "fact-1", a_proof()),
    )
    for act in acts:
        with pytest.raises(NotReadyError):
            act()


@given(st.text(max_size=60))
def test_every_source_has_an_origin_whatever_was_typed(typed: str) -> None:
    assert isinstance(origin_of(a_source(url=typed)), str)
