from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from hikeshi.adapters.dynamodb_counts import DynamoDbPostCounts
from hikeshi.domain.hours import HourMarks, counted, hour_of, marks_of
from hikeshi.domain.posts import Post
from hikeshi.ports.scoring import PostCounts
from tests.builders import BRAND, NOON, a_post
from tests.contract.test_alert_store import an_alerts_table
from tests.fakes.scoring import InMemoryPostCounts

HOUR = hour_of(NOON)


@pytest.fixture(params=["fake", "moto"])
def counts(request: pytest.FixtureRequest) -> Iterator[PostCounts]:
    if request.param == "fake":
        yield InMemoryPostCounts()
        return
    with mock_aws():
        yield DynamoDbPostCounts(client=an_alerts_table(), table="alerts")


def posts_at(*hours: int) -> list[Post]:
    made = []
    for number, hour in enumerate(hours):
        at = NOON + timedelta(hours=hour)
        made.append(a_post(id=f"post-{hour}-{number}", published_at=at, fetched_at=at))
    return made


def total(counts: PostCounts, hour: int, brand: str = BRAND) -> float:
    found = counts.history(brand, since=HOUR - timedelta(days=14))
    return sum(found[HOUR + timedelta(hours=hour)].posts)


def test_posts_are_counted_by_brand_and_hour(counts: PostCounts) -> None:
    counts.mark(BRAND, marks_of(posts_at(0, 0, 1)))
    counts.mark("other", marks_of(posts_at(0)))
    assert [total(counts, 0), total(counts, 1), total(counts, 0, "other")] == [2, 1, 1]
    assert counts.history("third", since=HOUR) == {}


def test_a_batch_that_comes_again_in_parts_changes_nothing(counts: PostCounts) -> None:
    posts = posts_at(0, 0, 0, 0)
    for batch in (posts, posts[2:], posts, posts[:1]):
        counts.mark(BRAND, marks_of(batch))
    assert total(counts, 0) == 4


def test_hours_before_are_left_out(counts: PostCounts) -> None:
    counts.mark(BRAND, marks_of(posts_at(-30, -1, 0)))
    found = counts.history(BRAND, since=HOUR - timedelta(hours=1))
    assert sorted(found) == [HOUR - timedelta(hours=1), HOUR]


def test_words_come_back(counts: PostCounts) -> None:
    marks = marks_of([a_post(text="カステラの品川工場")])
    counts.mark(BRAND, marks)
    assert counts.history(BRAND, since=HOUR)[HOUR] == counted(marks[HOUR])
    assert counts.history(BRAND, since=HOUR)[HOUR].words


def test_what_comes_while_hours_are_remembered_is_seen(counts: PostCounts) -> None:
    counts.mark(BRAND, marks_of(posts_at(-20, -8, -5, 0)))
    assert total(counts, -5) == 1
    counts.mark(BRAND, marks_of(posts_at(-5, -5, 0)))
    counts.mark(BRAND, marks_of(posts_at(1)))
    assert [total(counts, -20), total(counts, -5), total(counts, 1)] == [1, 3, 1]


# ---- the adapter alone -------------------------------------------------------------------------


class Counting:
    """Passes calls on and counts them."""

    def __init__(self, client: Any) -> None:
        self._client, self.calls = client, list[str]()

    def __getattr__(self, name: str) -> Any:
        self.calls.append(name)
        return getattr(self._client, name)


def test_a_batch_of_one_hour_is_one_call_whatever_it_holds() -> None:
    with mock_aws():
        client = Counting(an_alerts_table())
        DynamoDbPostCounts(client=client, table="alerts").mark(BRAND, marks_of(posts_at(*[0] * 10)))  # type: ignore[arg-type]  # a stand-in
        assert client.calls == ["update_item"]


def test_marks_expire_and_nothing_of_a_post_is_kept() -> None:
    with mock_aws():
        client = an_alerts_table()
        DynamoDbPostCounts(client=client, table="alerts").mark(BRAND, marks_of([a_post(author="momiji")]))
        (item,) = client.scan(TableName="alerts")["Items"]
        assert int(item["expires_at"]["N"]) > NOON.timestamp()
        assert set(item) == {"pk", "sk", "expires_at", "posts", "words"}
        DynamoDbPostCounts(client=client, table="alerts").mark(BRAND, {HOUR: HourMarks()})
        assert client.scan(TableName="alerts")["Count"] == 1
