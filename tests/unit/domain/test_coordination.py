"""Signs that posts may have been agreed upon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hikeshi.domain.coordination import look_agreed, signs_of
from hikeshi.domain.posts import Post
from tests.builders import NOON, a_post

ORDINARY = (
    "袋に虫がいた",
    "これは本当ですか",
    "店に電話してみます",
    "写真を見ました",
    "残念です",
    "続報を待ちます",
)


def ordinary(count: int = 12) -> list[Post]:
    return [
        a_post(
            id=f"{n}",
            text=f"{ORDINARY[n % 6]}{'。' * (n // 6)}{n if n > 5 else ''}個目",
            author=f"name_{chr(97 + n)}",
            followers=200 + n,
            published_at=NOON + timedelta(minutes=20 * n),
        )
        for n in range(count)
    ]


def standing_out(posts: Sequence[Post]) -> set[str]:
    return {sign.kind for sign in signs_of(posts) if sign.stands_out}


def test_s2_12_an_ordinary_wave_of_complaints_shows_no_sign() -> None:
    assert standing_out(ordinary()) == set()


def test_s2_12_the_same_words_from_many_accounts_are_a_sign_whatever_links_and_names_they_add() -> None:
    copies = [
        a_post(
            id=f"c{n}",
            text=f"@name{n} 買うのをやめよう！ https://x.example.jp/{n}",
            author=f"copy_{chr(97 + n)}",
        )
        for n in range(6)
    ]
    assert "same_text" in standing_out([*ordinary(), *copies])
    by_one = [a_post(id=f"c{n}", text="買うのをやめよう", author="same") for n in range(6)]
    assert "same_text" not in standing_out([*ordinary(), *by_one])


def test_s2_12_a_burst_and_accounts_with_hardly_a_follower_are_signs() -> None:
    posts = [
        a_post(
            id=f"b{n}",
            text=f"{ORDINARY[n % 6]} {n}",
            author=f"user{10_000 + n}",
            followers=n % 3,
            published_at=NOON + timedelta(seconds=30 * n),
        )
        for n in range(12)
    ]
    assert standing_out(posts) == {"burst", "thin_accounts", "numbered_names"}


def test_s2_12_a_source_that_tells_no_followers_says_nothing_about_accounts() -> None:
    posts = [a_post(id=f"n{n}", text=f"{n}", author=f"n_{chr(97 + n)}", followers=0) for n in range(12)]
    assert "thin_accounts" not in {sign.kind for sign in signs_of(posts)}


def test_s2_12_a_few_who_write_most_are_a_sign() -> None:
    loud = [
        a_post(id=f"l{n}", text=f"声 {n}", author="loud", published_at=NOON + timedelta(minutes=15 * n))
        for n in range(20)
    ]
    assert "few_authors" in standing_out([*ordinary(), *loud])


def test_s2_12_one_sign_alone_is_what_any_fire_shows() -> None:
    posts = [
        a_post(id=f"f{n}", text=f"{ORDINARY[n % 6]} {n}", author=f"f_{chr(97 + n)}", followers=300)
        for n in range(12)
    ]
    assert standing_out(posts) == {"burst"}
    assert not look_agreed(signs_of(posts))
    copies = [replace(post, text="買うのをやめよう") for post in posts]
    assert look_agreed(signs_of(copies))


def test_no_posts_show_nothing() -> None:
    assert signs_of([]) == ()
