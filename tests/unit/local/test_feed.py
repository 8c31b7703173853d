from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hikeshi.adapters.feeds.xml_feed import read_items
from infra.local.feed import FeedFile, FeedPost, atom, etag
from infra.local.scenario import FOUND_AFTER, first_wave, second_wave
from tests.builders import NOON


def a_feed_post(**changes: object) -> FeedPost:
    fields = {
        "id": "p1",
        "text": "本文 <b>&</b>",
        "published_at": "2026-05-13T03:57:00+00:00",
        "author": "momiji",
        "url": "https://sns.example.jp/p1",
    }
    return FeedPost(**{**fields, **changes})  # type: ignore[arg-type]  # test data


def test_what_the_feed_says_is_what_the_product_reads() -> None:
    post = a_feed_post(reposts=9, likes=14, followers=210, media=("photo",))
    items, dropped = read_items(atom([post], address="http://127.0.0.1/feed"), "application/atom+xml")
    assert dropped == 0
    (item,) = items
    assert (item.id, item.body, item.author) == (post.id, post.text, post.author)
    assert item.published_at == NOON
    assert [int(str(count)) for count in (item.reposts, item.likes, item.followers)] == [9, 14, 210]
    assert item.media == ("photo",)


def test_an_empty_feed_is_still_a_feed() -> None:
    assert read_items(atom([], address="http://127.0.0.1/feed"), "application/atom+xml") == ([], 0)


def test_a_newer_version_of_a_post_takes_the_place_of_the_older(tmp_path: Path) -> None:
    feed = FeedFile(tmp_path / "feed.json")
    feed.publish([a_feed_post(), a_feed_post(id="p2", published_at="2026-05-13T04:00:00+00:00")])
    feed.publish([a_feed_post(reposts=600)])
    assert [(post.id, post.reposts) for post in feed.posts()] == [("p2", 0), ("p1", 600)]


def test_the_validator_changes_with_the_content() -> None:
    first, second = (atom([a_feed_post(reposts=n)], address="x") for n in (1, 2))
    assert etag(first) != etag(second)
    assert etag(first) == etag(first)


def test_no_post_of_the_scenario_comes_from_the_future() -> None:
    for wave in (first_wave(NOON, mark="m"), second_wave(NOON, mark="m")):
        assert all(post.published_at <= NOON.isoformat(timespec="seconds") for post in wave)


def test_the_second_wave_tells_of_the_same_photo() -> None:
    first = {post.id: post for post in first_wave(NOON, mark="m")}
    for post in second_wave(NOON, mark="m"):
        assert post.text == first[post.id].text
        assert post.reposts > first[post.id].reposts
    assert timedelta(0) < FOUND_AFTER < timedelta(minutes=30)
