"""The one JSON form of a post: what senders give us, and what travels in the queue and in pages.

Senders (webhook, ``hikeshi ingest``) give ``id`` and ``text``; all else is optional. Reading is strict:
a field that is misspelt, of the wrong type or out of range is refused by name, because a ``repost``
that was silently passed over would hide a spreading post. Texts lose control and bidirectional
characters; a time in the future becomes the time of receipt. A caller that reads other people's
tables can pass ``ignore_unknown``.

A post whose JSON is too long for a queue message travels compressed as ``{"gzip": "…"}``.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NoReturn

from hikeshi.domain.errors import InvalidPostError
from hikeshi.domain.plain_text import plain, plain_line
from hikeshi.domain.posts import MAX_TEXT, Post

FIELDS = (
    "id",
    "text",
    "source",
    "brand",
    "author",
    "followers",
    "published_at",
    "url",
    "reposts",
    "likes",
    "media",
)
"""What a sender may give."""

MAX_ID = 512
MAX_NAME = 64
MAX_AUTHOR = 200
MAX_URL = 2_000
MAX_COUNT = 10**10
MAX_MEDIA = 20
MAX_ENCODED = 250_000
"""Bytes of the encoded form; a queue message holds 262,144."""

_SURELY_FITS = 40_000
_COMPRESSED_ABOVE = 200_000
_MAX_DECODED = 2_000_000
_OURS = frozenset({"fetched_at", "drill"})
"""What we say of a post ourselves; no sender may."""

_QUEUE_FIELDS = frozenset({*FIELDS, *_OURS})


# ---- from senders ------------------------------------------------------------------------------


def read_post(
    record: object, *, received_at: datetime, default_source: str, ignore_unknown: bool = False
) -> Post:
    """Read a post as a sender gives it.

    Raises
    ------
    InvalidPostError
        Naming the field at fault.
    """
    if not isinstance(record, Mapping):
        raise no_object(record)
    unknown = sorted(str(name) for name in record if name not in FIELDS)
    if unknown and not ignore_unknown:
        name = plain_line(unknown[0])[:40]
        raise InvalidPostError(
            f"{name} という項目はありません。つづりを確かめるか、消してください"
            f" / unknown field {name!r}; known are: {', '.join(FIELDS)}",
            field=name,
        )
    given = {name: value for name, value in record.items() if value is not None}
    published_at = _time(given, "published_at") or received_at
    post = Post(
        id=_identifier(given),
        source=_name(given, "source") or default_source,
        text=_text(given),
        published_at=min(published_at, received_at),
        fetched_at=received_at,
        brand=_name(given, "brand"),
        url=_url(given),
        author=_line(given, "author", MAX_AUTHOR),
        followers=_count(given, "followers"),
        reposts=_count(given, "reposts"),
        likes=_count(given, "likes"),
        media=_media(given),
    )
    if len(post.text) > _SURELY_FITS:
        encode(post)
    return post


def parse_json(text: str | bytes) -> object:
    """Parse JSON as the standard has it: no NaN, no field twice, no bottomless nesting.

    Raises
    ------
    InvalidPostError
        If it is anything else.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        place = error.pos + 1
        raise InvalidPostError(
            f"JSON として読めません。{place} 文字目のあたりの引用符、コンマ、かっこを確かめてください"
            f" / not JSON: {error.msg} at character {place}"
        ) from None
    except UnicodeDecodeError:
        raise InvalidPostError("UTF-8 で書いてください / not JSON: not UTF-8") from None
    except RecursionError:
        raise InvalidPostError(
            "入れ子が深すぎます。1 件を 1 つの { } にしてください / not JSON that we read: nested too deeply"
        ) from None
    except ValueError as error:
        # An integer of thousands of digits, which Python refuses to read.
        raise InvalidPostError(
            f"数値が長すぎます。引用符で囲んで文字にしてください / not JSON that we read: {str(error)[:80]}"
        ) from None


# ---- between our own parts ---------------------------------------------------------------------


def encode(post: Post) -> str:
    """Write a post for the queue.

    Raises
    ------
    InvalidPostError
        If no queue message holds it, compressed or not.
    """
    values: dict[str, Any] = {
        "id": post.id,
        "source": post.source,
        "text": post.text,
        "published_at": post.published_at.astimezone(UTC).isoformat(),
        "fetched_at": post.fetched_at.astimezone(UTC).isoformat(),
        "brand": post.brand,
        "url": post.url,
        "author": post.author,
        "followers": post.followers,
        "reposts": post.reposts,
        "likes": post.likes,
        "media": list(post.media),
        "drill": post.drill,
    }
    text = json.dumps({k: v for k, v in values.items() if v}, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode()) > _COMPRESSED_ABOVE:
        packed = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
        text = json.dumps({"gzip": packed})
    if len(text) > MAX_ENCODED:
        raise InvalidPostError(
            "text が長すぎます。短くするか、分けてください"
            " / text is too long for the queue even when compressed",
            field="text",
        )
    return text


def decode(text: str) -> Post:
    """Read a post that :func:`encode` wrote.

    Raises
    ------
    InvalidPostError
        If anything else wrote it.
    """
    record = parse_json(text)
    if isinstance(record, Mapping) and set(record) == {"gzip"}:
        record = parse_json(_unpacked(record["gzip"]))
    if not isinstance(record, Mapping) or not set(record) <= _QUEUE_FIELDS:
        raise InvalidPostError("not a post from our own queue")
    fetched_at = _time(record, "fetched_at")
    if fetched_at is None or "source" not in record:
        raise InvalidPostError("a queued post says its source and when it was fetched", field="fetched_at")
    given = {name: value for name, value in record.items() if name not in _OURS}
    post = read_post(given, received_at=fetched_at, default_source="")
    return replace(post, fetched_at=fetched_at, drill=_name(record, "drill") or "")


def _unpacked(packed: object) -> bytes:
    try:
        data = base64.b64decode(str(packed), validate=True)
        # One byte more than we take tells a longer text without ever holding it.
        unpacked = zlib.decompressobj(31).decompress(data, _MAX_DECODED + 1)
    except (binascii.Error, ValueError, zlib.error):
        raise InvalidPostError("not a compressed post") from None
    if len(unpacked) > _MAX_DECODED:
        raise InvalidPostError("a compressed post is too long", field="text")
    return unpacked


# ---- fields ------------------------------------------------------------------------------------


def _identifier(given: Mapping[str, Any]) -> str:
    value = given.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise InvalidPostError(
            "id がありません。投稿ごとの id を書いてください / id is missing; give the post's own id as text",
            field="id",
        )
    value = value.strip()
    if len(value) > MAX_ID or plain_line(value) != value:
        raise InvalidPostError(
            f"id は 1 行、{MAX_ID} 文字以内にしてください"
            f" / id must be one line of at most {MAX_ID} characters",
            field="id",
        )
    return value


def _text(given: Mapping[str, Any]) -> str:
    value = given.get("text")
    if not isinstance(value, str):
        raise InvalidPostError(
            "text がありません。投稿の本文を書いてください / text is missing; give what was written",
            field="text",
        )
    if len(value) > MAX_TEXT:
        raise InvalidPostError(
            f"text は {MAX_TEXT} 文字以内にしてください / text is longer than {MAX_TEXT} characters",
            field="text",
        )
    cleaned = plain(value)
    if not cleaned:
        raise InvalidPostError("text が空です。投稿の本文を書いてください / text is empty", field="text")
    return cleaned


def _line(given: Mapping[str, Any], field: str, limit: int) -> str | None:
    value = given.get(field)
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidPostError(
            f"{field} は文字で書いてください / {field} must be text, not {_kind(value)}", field=field
        )
    value = plain_line(value)
    if len(value) > limit:
        raise InvalidPostError(
            f"{field} は {limit} 文字以内にしてください / {field} is longer than {limit} characters",
            field=field,
        )
    return value or None


def _name(given: Mapping[str, Any], field: str) -> str | None:
    return _line(given, field, MAX_NAME)


def _url(given: Mapping[str, Any]) -> str | None:
    value = _line(given, "url", MAX_URL)
    if value is not None and not value.lower().startswith(("http://", "https://")):
        raise InvalidPostError(
            "url は https:// か http:// で始めてください / url must begin with http:// or https://",
            field="url",
        )
    return value


def _count(given: Mapping[str, Any], field: str) -> int:
    value = given.get(field, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_COUNT:
        raise InvalidPostError(
            f"{field} は 0 以上の整数にしてください / {field} must be a whole number from 0", field=field
        )
    return value


def _media(given: Mapping[str, Any]) -> tuple[str, ...]:
    value = given.get("media", [])
    kinds = value if isinstance(value, list) else None
    if kinds is None or len(kinds) > MAX_MEDIA or not all(isinstance(kind, str) for kind in kinds):
        message = (
            f'media は ["photo"] のように {MAX_MEDIA} 個までの種類を並べてください'
            f" / media must be a list of at most {MAX_MEDIA} kinds"
        )
        raise InvalidPostError(message, field="media")
    cleaned = tuple(dict.fromkeys(plain_line(kind) for kind in kinds))
    if any(not kind or len(kind) > MAX_NAME for kind in cleaned):
        raise InvalidPostError(
            f"media の種類は 1〜{MAX_NAME} 文字にしてください"
            f" / a kind of media has 1 to {MAX_NAME} characters",
            field="media",
        )
    return cleaned


def _time(given: Mapping[str, Any], field: str) -> datetime | None:
    value = given.get(field)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    example = "2026-05-13T12:57:00+09:00"
    raise InvalidPostError(
        f"{field} は {example} のように、時差まで入れて書いてください / {field} must be a time with its zone",
        field=field,
    )


def no_object(record: object) -> InvalidPostError:
    """Say that a post is something else than a post can be."""
    return InvalidPostError(
        '投稿 1 件は {"id": …, "text": …} の形で書いてください'
        f" / a post is a JSON object, not {_kind(record)}"
    )


def _kind(value: object) -> str:
    names = {list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "nothing" if value is None else "an object")


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidPostError(f"{name} は数値として使えません / not JSON: {name} is not a number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise InvalidPostError(
            "同じ項目が 2 回あります。片方を消してください / not JSON that we read: a field is given twice"
        )
    return record
