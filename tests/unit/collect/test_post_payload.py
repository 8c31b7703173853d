from __future__ import annotations

import base64
import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.errors import InvalidPostError
from hikeshi.domain.plain_text import plain, plain_line
from hikeshi.domain.posts import MAX_TEXT, Post
from hikeshi.services.collection.post_payload import MAX_ENCODED, decode, encode, parse_json, read_post
from tests.builders import NOON, a_post


def read(**record: Any) -> Post:
    return read_post({"id": "1", "text": "投稿"} | record, received_at=NOON, default_source="webhook")


def test_id_and_text_are_enough() -> None:
    assert read() == Post(id="1", source="webhook", text="投稿", published_at=NOON, fetched_at=NOON)


def test_every_field_is_read() -> None:
    full = {
        "source": "kuchikomi",
        "brand": "tsukimi",
        "author": "momiji_0513",
        "followers": 320,
        "published_at": "2026-05-13T12:50:00+09:00",
        "url": "https://kuchikomi.example.jp/1",
        "reposts": 4,
        "likes": 9,
        "media": ["photo", "photo", "video"],
    }
    post = read(**full)
    assert post.published_at == NOON - timedelta(minutes=7)
    assert (post.source, post.brand, post.author, post.url) == (
        "kuchikomi",
        "tsukimi",
        "momiji_0513",
        "https://kuchikomi.example.jp/1",
    )
    assert (post.followers, post.reposts, post.likes, post.media) == (320, 4, 9, ("photo", "video"))


def test_null_is_the_same_as_absent() -> None:
    assert read(source=None, brand=None, reposts=None, media=None, published_at=None) == read()


def test_a_number_as_an_id_is_its_digits() -> None:
    assert read(id=1234567890123456789).id == "1234567890123456789"


def test_a_time_in_the_future_becomes_the_time_of_receipt() -> None:
    assert read(published_at="2031-01-01T00:00:00Z").published_at == NOON


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", "  "),
        ("id", True),
        ("id", 1.5),
        ("id", None),
        ("id", "a\nb"),
        ("id", "a\u202eb"),
        ("id", "x" * 513),
        ("text", ""),
        ("text", "\u200b\u202e\x00"),
        ("text", None),
        ("text", ["投稿"]),
        ("text", "あ" * (MAX_TEXT + 1)),
        ("source", "x" * 65),
        ("source", 7),
        ("brand", {"id": "tsukimi"}),
        ("author", "x" * 201),
        ("followers", -1),
        ("followers", "320"),
        ("reposts", 1.0),
        ("reposts", True),
        ("likes", 10**11),
        ("published_at", "昨日"),
        ("published_at", "2026-05-13"),
        ("published_at", "2026-05-13T12:57:00"),
        ("published_at", "0001-01-01T00:00:00+14:00"),
        ("published_at", 1_778_644_620),
        ("url", "javascript:alert(1)"),
        ("url", "kuchikomi.example.jp/1"),
        ("url", "https://e.jp/" + "x" * 2_000),
        ("media", "photo"),
        ("media", [1]),
        ("media", [""]),
        ("media", ["photo"] * 21),
    ],
)
def test_a_field_that_cannot_be_used_is_named(field: str, value: object) -> None:
    with pytest.raises(InvalidPostError, match=field) as raised:
        read(**{field: value})
    assert raised.value.field == field


def test_a_misspelt_field_is_refused_by_name_unless_asked_to_ignore_it() -> None:
    with pytest.raises(InvalidPostError, match="unknown field 'repost'; known are: id, text"):
        read(repost=900)
    record = {"id": "1", "text": "投稿", "label": "risk"}
    assert read_post(record, received_at=NOON, default_source="file", ignore_unknown=True).text == "投稿"


@pytest.mark.parametrize("record", [None, [], "text", 1, True])
def test_what_is_no_object_is_no_post(record: object) -> None:
    with pytest.raises(InvalidPostError, match="a post is a JSON object"):
        read_post(record, received_at=NOON, default_source="webhook")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"id": NaN}',
        '{"id": Infinity}',
        '{"id": 1, "id": 2}',
        "[" * 100_000,
        b"\xff\xfe\xfa",
        '{"a": ' + "9" * 5_000 + "}",
    ],
)
def test_what_is_not_strict_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(InvalidPostError, match="not JSON"):
        parse_json(text)


# ---- the queue's form --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"brand": None, "url": None, "author": None, "media": (), "followers": 0, "reposts": 0, "likes": 0},
        {"text": '改行\n"引用" \\ 😀'},
        {"text": "長い文です。" * (MAX_TEXT // 6)},
    ],
)
def test_a_post_comes_out_of_the_queue_as_it_went_in(changes: dict[str, Any]) -> None:
    post = a_post(**changes)
    assert decode(encode(post)) == post
    assert len(encode(post).encode()) <= MAX_ENCODED


def test_a_text_that_no_message_holds_is_refused_at_the_door() -> None:
    incompressible = "".join(chr(0x10000 + n * 7919 % 0x60000) for n in range(MAX_TEXT))
    with pytest.raises(InvalidPostError, match="too long for the queue"):
        read(text=incompressible)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        '{"id":"1","text":"投稿","source":"s"}',
        '{"id":"1","text":"投稿","fetched_at":"2026-05-13T03:57:00+00:00"}',
        '{"id":"1","text":"t","source":"s","fetched_at":"2026-05-13T03:57:00+00:00","admin":true}',
        '{"gzip":"%%%"}',
        '{"gzip":"' + base64.b64encode(b"no gzip").decode() + '"}',
        json.dumps({"gzip": base64.b64encode(gzip.compress(b" " * 50_000_000)).decode()}),
    ],
)
def test_what_our_queue_did_not_carry_is_refused(text: str) -> None:
    with pytest.raises(InvalidPostError):
        decode(text)


@given(st.text(), st.text())
def test_whatever_text_is_read_travels_unharmed(identifier: str, text: str) -> None:
    try:
        post = read(id=identifier, text=text)
    except InvalidPostError:
        return
    assert decode(encode(post)) == post


# ---- plain text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("虫\u202eが\u2066い\u200bる\x07", "虫がいる"),
        ("一\r\n二\r三\u2028四\u0085五", "一\n二\n三\n四\n五"),
        ("\ud800壊れ\ufffe\ufdd0た", "壊れた"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("\ufeff\u00ad 前後 \t", "前後"),
        ("\U000e0041隠し", "隠し"),
    ],
)
def test_what_cannot_be_seen_is_removed(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_one_line_is_one_line() -> None:
    assert plain_line(" 一\n\t二　 三 ") == "一 二 三"


@given(st.text())
def test_plain_text_is_plain_already(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    once.encode()
