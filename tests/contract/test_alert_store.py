from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from hikeshi.adapters.dynamodb_alerts import DynamoDbAlertStore
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.errors import ConcurrentChangeError, UnavailableError
from hikeshi.domain.kinship import TextPrint
from hikeshi.ports.scoring import AlertStore
from tests.builders import BRAND, NOON, a_post, an_alert, an_alerted_post
from tests.fakes.environment import SequenceIds
from tests.fakes.scoring import InMemoryAlertStore


def an_alerts_table() -> Any:
    client = boto3.client("dynamodb", region_name="ap-northeast-1")
    client.create_table(
        TableName="alerts",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "brand", "last_post_at")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-brand",
                "KeySchema": [
                    {"AttributeName": "brand", "KeyType": "HASH"},
                    {"AttributeName": "last_post_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    return client


@pytest.fixture(params=["fake", "moto"])
def store(request: pytest.FixtureRequest) -> Iterator[AlertStore]:
    if request.param == "fake":
        yield InMemoryAlertStore()
        return
    with mock_aws():
        yield DynamoDbAlertStore(client=an_alerts_table(), table="alerts", ids=SequenceIds())


def test_an_alert_comes_back_as_it_was_saved(store: AlertStore) -> None:
    saved = store.save(an_alert(version=0, grave_texts=("a", "b")), an_alerted_post())
    assert saved == an_alert(version=1, grave_texts=("a", "b"))
    assert store.alert(saved.id) == saved
    assert store.alert("alert-" + "f" * 32) is None


def test_posts_come_back_whole_and_first_published_first(store: AlertStore) -> None:
    late = an_alerted_post(post=a_post(id="late", published_at=NOON + timedelta(minutes=5)))
    saved = store.save(an_alert(version=0), late)
    early = an_alerted_post(post=a_post(id="early", author=None, url=None, media=()))
    store.save(saved, early)
    assert list(store.posts(saved.id)) == [early, late]
    assert list(store.posts(saved.id, limit=1)) == [early]


def test_the_first_of_two_new_alerts_wins(store: AlertStore) -> None:
    store.save(an_alert(version=0), an_alerted_post())
    with pytest.raises(ConcurrentChangeError):
        store.save(an_alert(version=0), an_alerted_post(post=a_post(id="other")))
    assert [member.post.id for member in store.posts(an_alert().id)] == ["post-1"]


def test_a_change_on_an_old_version_is_refused_whole(store: AlertStore) -> None:
    saved = store.save(an_alert(version=0), an_alerted_post())
    newer = store.save(replace(saved, posts=2), None)
    stranger = an_alerted_post(post=a_post(id="stranger", author="kaede"))
    with pytest.raises(ConcurrentChangeError):
        store.save(replace(saved, posts=9), stranger)
    assert store.alert(saved.id) == newer
    assert store.member(saved.id, stranger.post.key) is None
    assert not store.has_author(saved.id, "kaede")


def test_posts_and_authors_are_known_by_alert(store: AlertStore) -> None:
    member = an_alerted_post(post=a_post(reposts=7, author="momiji"))
    saved = store.save(an_alert(version=0), member)
    assert store.member(saved.id, member.post.key) == member
    assert store.member("alert-" + "f" * 32, member.post.key) is None
    assert store.has_author(saved.id, "momiji")
    assert not store.has_author(saved.id, "kaede")


def test_recent_alerts_are_those_of_the_brand_since_then_latest_first(store: AlertStore) -> None:
    for place, minutes in enumerate((0, 30, 10)):
        moment = NOON + timedelta(minutes=minutes)
        store.save(an_alert(id=f"alert-{place:032x}", version=0, last_post_at=moment), None)
    store.save(an_alert(id=f"alert-{9:032x}", version=0, brand="other"), None)
    gone = an_alert(
        id=f"alert-{8:032x}", version=0, merged_into="alert-1", last_post_at=NOON + timedelta(hours=1)
    )
    store.save(gone, None)
    found = store.recent(BRAND, since=NOON + timedelta(minutes=10))
    assert [alert.id for alert in found] == [f"alert-{1:032x}", f"alert-{2:032x}"]


def test_every_alert_of_a_brand_since_then_is_there_however_many(store: AlertStore) -> None:
    for place in range(205):
        store.save(an_alert(id=f"alert-{place:032x}", version=0), None)
    store.save(an_alert(id=f"alert-{900:032x}", version=0, last_post_at=NOON - timedelta(minutes=1)), None)
    store.save(an_alert(id=f"alert-{901:032x}", version=0, brand="other"), None)
    store.save(an_alert(id=f"alert-{902:032x}", version=0, merged_into="alert-1"), None)
    assert {a.id for a in store.every(BRAND, since=NOON)} == {f"alert-{place:032x}" for place in range(205)}


def test_many_heads_come_in_the_order_that_was_asked_for_and_one_that_is_gone_is_passed_over(
    store: DynamoDbAlertStore | InMemoryAlertStore,
) -> None:
    kept = [store.save(an_alert(id=f"alert-{place:032x}", version=0), None) for place in range(205)]
    asked = [alert.id for alert in reversed(kept)]
    found = store.heads(["alert-" + "f" * 32, *asked, asked[0]])
    assert list(found) == [replace(alert, signature=()) for alert in reversed(kept)]
    assert list(store.heads([])) == []


def test_the_incident_of_an_alert_is_kept(store: AlertStore) -> None:
    saved = store.save(an_alert(version=0), an_alerted_post())
    store.save(replace(saved, incident_id="inc-1", level=Level.CRITICAL), None)
    again = store.alert(saved.id)
    assert again is not None
    assert (again.incident_id, again.level, again.version) == ("inc-1", Level.CRITICAL, 2)


def a_print(**changes: Any) -> TextPrint:
    text = TextPrint(
        alert_id=an_alert().id,
        leads=f"alert-{7:032x}",
        category=Category.CONTAMINATION,
        published_at=NOON,
        signature=(1, 2, 2**32 - 1),
        terms=("ルナショコラ",),
        targets=("渋谷店", "佐藤店長"),
    )
    return replace(text, **changes)


def test_a_text_is_found_by_itself_and_among_those_of_its_time(store: AlertStore) -> None:
    text = a_print()
    saved = store.save(an_alert(version=0), an_alerted_post(), text=text)
    assert store.home_of(text.leads) == saved.id
    assert store.home_of("alert-" + "f" * 32) is None
    later = a_print(leads=f"alert-{8:032x}", published_at=NOON + timedelta(hours=2), terms=())
    store.save(saved, None, text=later)
    assert list(store.prints(BRAND, since=NOON, until=NOON + timedelta(hours=2))) == [later, text]
    assert list(store.prints(BRAND, since=NOON, until=NOON + timedelta(hours=1))) == [text]
    assert list(store.prints(BRAND, since=NOON + timedelta(seconds=1), until=NOON + timedelta(days=1))) == [
        later
    ]
    assert list(store.prints("other", since=NOON, until=NOON)) == []


def test_a_text_has_one_home_whoever_stores_it_second(store: AlertStore) -> None:
    store.save(an_alert(version=0), an_alerted_post(), text=a_print())
    other = an_alert(id=f"alert-{9:032x}", version=0)
    with pytest.raises(ConcurrentChangeError):
        store.save(other, an_alerted_post(), text=a_print(alert_id=other.id))
    assert store.alert(other.id) is None
    assert store.home_of(a_print().leads) == an_alert().id


def test_a_post_moves_with_its_author_and_its_text(store: AlertStore) -> None:
    member = an_alerted_post(post=a_post(author="momiji"))
    source = store.save(an_alert(version=0), member, text=a_print())
    target = an_alert(id=f"alert-{9:032x}", version=0, posts=1)
    text = a_print(alert_id=target.id)
    left, grown = store.move(member, source=replace(source, posts=0), target=target, gone="momiji", text=text)
    assert (left.version, grown.version, left.posts) == (2, 1, 0)
    assert [store.alert(left.id), store.alert(grown.id)] == [left, grown]
    assert [list(store.posts(left.id)), list(store.posts(grown.id))] == [[], [member]]
    assert [store.member(left.id, member.post.key), store.member(grown.id, member.post.key)] == [None, member]
    assert [store.has_author(left.id, "momiji"), store.has_author(grown.id, "momiji")] == [False, True]
    assert store.home_of(text.leads) == target.id


def test_a_post_that_moved_away_can_come_back(store: AlertStore) -> None:
    member = an_alerted_post(post=a_post(author="momiji"))
    one = store.save(an_alert(version=0), member)
    one, other = store.move(
        member, source=one, target=an_alert(id=f"alert-{9:032x}", version=0), gone="momiji", text=None
    )
    store.move(member, source=other, target=one, gone=None, text=None)
    assert list(store.posts(one.id)) == [member]
    assert store.has_author(one.id, "momiji")


def test_a_move_on_an_old_version_of_either_is_refused_whole(store: AlertStore) -> None:
    member = an_alerted_post()
    one = store.save(an_alert(version=0), member)
    other = store.save(an_alert(id=f"alert-{9:032x}", version=0), None)
    store.save(other, None)
    with pytest.raises(ConcurrentChangeError):
        store.move(member, source=one, target=other, gone=None, text=None)
    assert store.alert(one.id) == one
    assert store.member(other.id, member.post.key) is None


# ---- the adapter alone -------------------------------------------------------------------------


def test_a_text_that_was_stored_before_its_names_were_is_read_and_says_nothing_of_them() -> None:
    with mock_aws():
        client = an_alerts_table()
        store = DynamoDbAlertStore(client=client, table="alerts", ids=SequenceIds())
        store.save(an_alert(version=0), an_alerted_post(), text=a_print())
        found = client.query(
            TableName="alerts",
            KeyConditionExpression="pk = :brand",
            ExpressionAttributeValues={":brand": {"S": f"BRAND#{BRAND}"}},
        )
        (item,) = found["Items"]
        client.put_item(TableName="alerts", Item={name: item[name] for name in item if name != "targets"})
        assert list(store.prints(BRAND, since=NOON, until=NOON)) == [a_print(targets=None)]


class LosesTheFirstAnswer:
    """Passes calls on, and loses the answer of the first transaction after it was carried out."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.lost = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **request: Any) -> Any:
        answer = self._client.transact_write_items(**request)
        if self.lost:
            return answer
        self.lost = True
        return self._client.transact_write_items(**request)


def test_a_save_whose_answer_was_lost_recognises_its_own_item() -> None:
    with mock_aws():
        client = LosesTheFirstAnswer(an_alerts_table())
        store = DynamoDbAlertStore(client=client, table="alerts", ids=SequenceIds())  # type: ignore[arg-type]  # a stand-in
        saved = store.save(an_alert(version=0), an_alerted_post())
        assert client.lost
        assert store.alert(saved.id) == saved


def test_no_author_is_stored_but_inside_the_post_and_every_item_expires() -> None:
    with mock_aws():
        client = an_alerts_table()
        DynamoDbAlertStore(client=client, table="alerts", ids=SequenceIds()).save(
            an_alert(version=0), an_alerted_post(post=a_post(author="momiji"))
        )
        items = client.scan(TableName="alerts")["Items"]
        assert all(int(item["expires_at"]["N"]) > NOON.timestamp() for item in items)
        assert all("momiji" not in str(item) for item in items if not item["sk"]["S"].startswith("POST#"))


class AnswersInPart:
    """Hands out the half of every batch, and counts the batches."""

    def __init__(self, client: Any, *, never: bool = False) -> None:
        self._client = client
        self._never = never
        self.batches = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def batch_get_item(self, *, RequestItems: Any) -> Any:  # noqa: N803  # as boto3 calls it
        self.batches += 1
        wanted = RequestItems["alerts"]["Keys"]
        taken = 0 if self._never else -(-len(wanted) // 2)
        if not taken:
            return {"Responses": {}, "UnprocessedKeys": RequestItems}
        answer = self._client.batch_get_item(RequestItems={"alerts": {"Keys": wanted[:taken]}})
        left = {"alerts": {"Keys": wanted[taken:]}} if wanted[taken:] else {}
        return {**answer, "UnprocessedKeys": left}


def test_what_a_batch_leaves_out_is_asked_for_again_and_not_for_ever() -> None:
    with mock_aws():
        client = AnswersInPart(an_alerts_table())
        store = DynamoDbAlertStore(client=client, table="alerts", ids=SequenceIds())  # type: ignore[arg-type]  # a stand-in
        kept = [store.save(an_alert(id=f"alert-{place:032x}", version=0), None) for place in range(8)]
        assert [alert.id for alert in store.heads([alert.id for alert in kept])] == [a.id for a in kept]
        assert client.batches == 4
        mute = AnswersInPart(client, never=True)
        deaf = DynamoDbAlertStore(client=mute, table="alerts", ids=SequenceIds())  # type: ignore[arg-type]  # a stand-in
        with pytest.raises(UnavailableError):
            deaf.heads([kept[0].id])
        assert mute.batches == 5


def test_another_error_is_not_taken_for_a_lost_race() -> None:
    with mock_aws():
        client = boto3.client("dynamodb", region_name="ap-northeast-1")
        store = DynamoDbAlertStore(client=client, table="missing", ids=SequenceIds())
        with pytest.raises(ClientError):
            store.save(an_alert(version=0), None)
