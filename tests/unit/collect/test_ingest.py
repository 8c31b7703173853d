from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.errors import DeliveryError, InputError, SignatureError, TooLargeError
from hikeshi.domain.links import SigningKey
from hikeshi.services.collection.ingest import MAX_BODY, Ingesting, IngestResult, SignedBody, ingest, sign
from tests.builders import NOON, a_brand
from tests.fakes.collecting import InMemoryPostQueue
from tests.fakes.environment import FrozenClock
from tests.fakes.links import FixedKeyRing

NEW = SigningKey(kid="new", secret=b"new-secret")
OLD = SigningKey(kid="old", secret=b"old-secret")
STRANGE = SigningKey(kid="strange", secret=b"strange-secret")


class Door:
    """The service over fakes; ``call`` signs as a sender does."""

    def __init__(self) -> None:
        self.clock = FrozenClock(NOON)
        self.queue = InMemoryPostQueue()

    def call(
        self, body: bytes | str, *, key: SigningKey = NEW, at: int | None = None, **changes: Any
    ) -> IngestResult:
        content = body.encode() if isinstance(body, str) else body
        timestamp = str(int(NOON.timestamp()) if at is None else at)
        signed = {
            "body": content,
            "timestamp": timestamp,
            "signature": sign(key, timestamp=timestamp, body=content),
        }
        return self.take(SignedBody(**signed | changes))

    def take(self, call: SignedBody) -> IngestResult:
        ports = Ingesting(keys=FixedKeyRing(NEW, OLD), queue=self.queue, clock=self.clock)
        return ingest(call, ports, brands={"tsukimi": a_brand()})


@pytest.fixture
def door() -> Door:
    return Door()


def lines(*records: object) -> str:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records)


def a_record(**changes: Any) -> dict[str, Any]:
    return {"id": "1", "text": "つきみのチョコに虫が入っていた"} | changes


# ---- what comes in -----------------------------------------------------------------------------


def test_json_lines_are_queued(door: Door) -> None:
    assert door.call(lines(a_record(), a_record(id="2"))) == IngestResult(accepted=2, rejected=())
    assert door.queue.ids() == ["1", "2"]
    assert door.queue.posts[0].source == "webhook"


@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_array_is_queued(door: Door, indent: int | None) -> None:
    body = json.dumps([a_record(), a_record(id="2", source="voc", brand="tsukimi")], indent=indent)
    assert door.call(body).accepted == 2
    assert (door.queue.posts[1].source, door.queue.posts[1].brand) == ("voc", "tsukimi")


def test_bad_posts_are_named_by_line_and_their_neighbours_are_queued(door: Door) -> None:
    body = "\n".join(
        [
            lines(a_record(id="1")),
            "",
            "{壊れた行",
            lines(a_record(id="2", reposts="多い")),
            lines(a_record(id="3", brand="hoshimi")),
            lines(a_record(id="4", repost=3)),
            lines({"id": "5"}),
            lines(a_record(id="6")),
        ]
    )
    result = door.call(body)
    assert door.queue.ids() == ["1", "6"]
    assert result.accepted == 2
    assert [rejected.line for rejected in result.rejected] == [3, 4, 5, 6, 7]
    errors = [rejected.error for rejected in result.rejected]
    assert "not JSON" in errors[0]
    assert "reposts" in errors[1]
    assert "tsukimi" in errors[2]
    assert "'repost'" in errors[3]
    assert "text is missing" in errors[4]


def test_bad_posts_of_an_array_are_named_by_their_place(door: Door) -> None:
    result = door.call(json.dumps([a_record(), "text", a_record(id="")]))
    assert (result.accepted, [rejected.line for rejected in result.rejected]) == (1, [2, 3])


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(door: Door) -> None:
    body = b"\xef\xbb\xbf" + lines(a_record(), a_record(id="2")).replace("\n", "\r\n").encode()
    assert door.call(body).accepted == 2


@pytest.mark.parametrize("body", ["", " \n ", "[]", b"\xff\xfe", '[{"id": "1"', "[" * 100_000])
def test_a_body_that_is_nothing_as_a_whole_is_refused_as_a_whole(door: Door, body: bytes | str) -> None:
    with pytest.raises(InputError):
        door.call(body)
    assert door.queue.posts == []


def test_a_body_of_bad_lines_alone_is_a_list_of_what_is_wrong(door: Door) -> None:
    assert door.call("壊れた行").rejected[0].line == 1


def test_more_than_a_mebibyte_or_a_thousand_posts_is_too_much(door: Door) -> None:
    with pytest.raises(TooLargeError):
        door.call(b" " * (MAX_BODY + 1))
    with pytest.raises(TooLargeError):
        door.call(lines(*[a_record(id=str(n)) for n in range(1_001)]))
    assert door.queue.posts == []


def test_a_repeated_call_names_the_same_posts(door: Door) -> None:
    door.call(lines(a_record()))
    door.clock.advance(seconds=120)
    door.call(lines(a_record()))
    assert len({post.key for post in door.queue.posts}) == 1


def test_a_queue_that_fails_half_way_claims_nothing(door: Door) -> None:
    door.queue.refuse_after = 1
    with pytest.raises(DeliveryError):
        door.call(lines(a_record(), a_record(id="2")))


# ---- signatures --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [NEW, OLD])
def test_both_live_keys_sign(door: Door, key: SigningKey) -> None:
    assert door.call(lines(a_record()), key=key).accepted == 1


def test_upper_case_hex_is_hex(door: Door) -> None:
    body, timestamp = lines(a_record()).encode(), str(int(NOON.timestamp()))
    signature = sign(NEW, timestamp=timestamp, body=body).upper()
    assert door.take(SignedBody(body=body, timestamp=timestamp, signature=signature)).accepted == 1


@pytest.mark.parametrize("seconds", [-300, -1, 0, 299, 300])
def test_calls_inside_the_window_are_taken(door: Door, seconds: int) -> None:
    assert door.call(lines(a_record()), at=int(NOON.timestamp()) + seconds).accepted == 1


@pytest.mark.parametrize("seconds", [-301, 301, -(10**9)])
def test_calls_outside_the_window_are_refused(door: Door, seconds: int) -> None:
    with pytest.raises(SignatureError, match="window"):
        door.call(lines(a_record()), at=int(NOON.timestamp()) + seconds)


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": ""},
        {"signature": "0" * 64},
        {"signature": "虫"},
        {"signature": "\ud800"},
        {"timestamp": ""},
        {"timestamp": "0"},
        {"timestamp": "-1"},
        {"timestamp": "1e9"},
        {"timestamp": "１７７８"},
        {"timestamp": "9" * 5_000},
        {"timestamp": "1778644620\n"},
    ],
)
def test_whatever_of_a_signed_call_is_changed_is_refused(door: Door, changes: dict[str, Any]) -> None:
    with pytest.raises(SignatureError):
        door.call(lines(a_record()), **changes)
    assert door.queue.posts == []


def test_a_body_that_was_changed_after_signing_is_refused(door: Door) -> None:
    stamped = str(int(NOON.timestamp()))
    signature = sign(NEW, timestamp=stamped, body=lines(a_record()).encode())
    changed = lines(a_record(text="変えた文")).encode()
    with pytest.raises(SignatureError):
        door.take(SignedBody(body=changed, timestamp=stamped, signature=signature))


def test_a_key_that_is_not_ours_is_refused(door: Door) -> None:
    with pytest.raises(SignatureError, match="wrong signature"):
        door.call(lines(a_record()), key=STRANGE)


def test_no_keys_let_nobody_in(door: Door) -> None:
    class NoKeys:
        def keys(self) -> tuple[SigningKey, ...]:
            return ()

    call = SignedBody(body=b"{}", timestamp=str(int(NOON.timestamp())), signature="")
    with pytest.raises(SignatureError):
        ingest(call, Ingesting(keys=NoKeys(), queue=door.queue, clock=door.clock), brands={})


def test_the_window_is_five_minutes(door: Door) -> None:
    body = lines(a_record())
    stamped = int(NOON.timestamp())
    door.clock.set(NOON + timedelta(minutes=5, seconds=1))
    with pytest.raises(SignatureError):
        door.call(body, at=stamped)
