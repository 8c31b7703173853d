from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws

from hikeshi.adapters.dynamodb_sources import DynamoDbSourceStore
from hikeshi.domain.errors import ConcurrentChangeError
from hikeshi.domain.sources import Cursor, Page
from hikeshi.ports.collecting import SourceStore
from hikeshi.services.collection import post_payload
from hikeshi.services.collection.collect import in_pages
from tests.builders import NOON, a_post
from tests.fakes.collecting import InMemorySourceStore
from tests.fakes.environment import SequenceIds

FRESH = Cursor(source_id="kuchikomi")


def a_sources_table() -> Any:
    client = boto3.client("dynamodb", region_name="ap-northeast-1")
    client.create_table(
        TableName="sources",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    )
    return client


def a_dynamodb_store(client: Any) -> DynamoDbSourceStore:
    return DynamoDbSourceStore(
        client=client,
        table="sources",
        ids=SequenceIds(),
        encode=post_payload.encode,
        decode=post_payload.decode,
    )


@pytest.fixture(params=["fake", "moto"])
def store(request: pytest.FixtureRequest) -> Iterator[SourceStore]:
    if request.param == "fake":
        yield InMemorySourceStore()
        return
    with mock_aws():
        yield a_dynamodb_store(a_sources_table())


def leased(store: SourceStore) -> Cursor:
    cursor = store.lease(store.load("kuchikomi")[0], at=NOON)
    assert cursor is not None
    return cursor


def a_page(number: int = 1, **changes: Any) -> Page:
    posts = (a_post(), a_post(id="post-2", text='😀 二つ目\n改行と"引用"', author=None, media=()))
    return replace(Page(source_id="kuchikomi", number=number, posts=posts), **changes)


def test_a_source_that_was_never_read_has_a_fresh_cursor_and_no_pages(store: SourceStore) -> None:
    assert store.load("kuchikomi") == (FRESH, [])


def test_a_lease_says_when_it_was_taken(store: SourceStore) -> None:
    cursor = leased(store)
    assert store.load("kuchikomi") == (cursor, [])
    assert cursor.last_attempt_at == NOON


def test_of_two_runs_that_saw_the_same_cursor_one_gets_the_lease(store: SourceStore) -> None:
    seen, _ = store.load("kuchikomi")
    assert store.lease(seen, at=NOON) is not None
    assert store.lease(seen, at=NOON) is None


def test_cursor_and_pages_are_stored_together(store: SourceStore) -> None:
    cursor = replace(
        leased(store),
        etag='"v1"',
        last_modified="Wed, 13 May 2026 03:57:00 GMT",
        seen=("aa", "bb"),
        page=2,
        last_success_at=NOON + timedelta(seconds=1),
        last_error="",
    )
    saved = store.save(cursor, (a_page(1), a_page(2)))
    assert store.load("kuchikomi") == (saved, [a_page(1), a_page(2)])


def test_a_run_that_was_overtaken_stores_nothing(store: SourceStore) -> None:
    late = leased(store)
    overtaking = leased(store)
    with pytest.raises(ConcurrentChangeError):
        store.save(replace(late, page=1), (a_page(),))
    with pytest.raises(ConcurrentChangeError):
        store.save(replace(late, failures=1), ())
    assert store.load("kuchikomi") == (overtaking, [])


def test_a_dropped_page_is_gone_and_dropping_it_again_changes_nothing(store: SourceStore) -> None:
    store.save(replace(leased(store), page=2), (a_page(1), a_page(2)))
    store.drop_page(a_page(1))
    store.drop_page(a_page(1))
    assert store.load("kuchikomi")[1] == [a_page(2)]


def test_sources_do_not_see_each_other(store: SourceStore) -> None:
    store.save(replace(leased(store), page=1), (a_page(),))
    assert store.load("kuchi") == (Cursor(source_id="kuchi"), [])


def test_the_largest_feed_fits_into_one_transaction(store: SourceStore) -> None:
    # A megabyte of posts that compress badly, as many as a feed may have.
    posts = [
        a_post(id=f"post-{n}", text="".join(chr(0x4E00 + n * 37 * k % 20_000) for k in range(700)))
        for n in range(500)
    ]
    pages = tuple(in_pages("kuchikomi", posts, after=0))
    assert len(pages) > 3
    store.save(replace(leased(store), page=len(pages), seen=("0" * 12,) * 500), pages)
    kept = store.load("kuchikomi")[1]
    assert [post for page in kept for post in page.posts] == posts


# ---- what only a network can do ----------------------------------------------------------------


class LosesTheReply:
    """Lets one call take effect and loses its answer; the retry of the client then meets its own write."""

    def __init__(self, client: Any, operation: str) -> None:
        self._client, self._operation = client, operation

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)
        if name != self._operation:
            return call

        def twice(**arguments: Any) -> Any:
            call(**arguments)
            return call(**arguments)

        return twice


@pytest.mark.parametrize(("operation", "pages"), [("put_item", ()), ("transact_write_items", (a_page(),))])
def test_a_write_whose_reply_was_lost_counts_as_ours(operation: str, pages: tuple[Page, ...]) -> None:
    with mock_aws():
        client = a_sources_table()
        cursor = leased(a_dynamodb_store(client))
        store = a_dynamodb_store(LosesTheReply(client, operation))
        saved = store.save(replace(cursor, page=len(pages)), pages)
        assert store.load("kuchikomi") == (saved, list(pages))


def test_a_table_that_does_not_answer_is_not_taken_for_a_lost_race() -> None:
    class Silent:
        def __getattr__(self, name: str) -> Any:
            def fail(**_: Any) -> Any:
                raise ReadTimeoutError(endpoint_url="dynamodb")

            return getattr(boto3.client("dynamodb"), name) if name == "exceptions" else fail

    with pytest.raises(ReadTimeoutError):
        a_dynamodb_store(Silent()).lease(FRESH, at=NOON)
