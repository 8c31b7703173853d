"""Take posts from a signed webhook call and queue those that can be used.

The signature is HMAC-SHA256, in hex, over ``<timestamp>.<body>``. A call that is repeated inside the
window changes nothing: a post is named by its source and id, and counted once.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hikeshi.domain.errors import InputError, SignatureError, TooLargeError, UnknownBrandError
from hikeshi.domain.links import SigningKey
from hikeshi.domain.posts import Post
from hikeshi.domain.sources import Brand
from hikeshi.ports.collecting import PostQueue
from hikeshi.ports.environment import Clock
from hikeshi.ports.responding import KeyRing
from hikeshi.services.collection import post_payload

MAX_BODY = 1_048_576
MAX_POSTS = 1_000
WINDOW = timedelta(minutes=5)
SOURCE = "webhook"
"""Source of posts whose sender names none."""

_TIMESTAMP = re.compile(r"[0-9]{1,11}")


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedBody:
    """A call as it came in; a header that is missing is empty."""

    body: bytes
    timestamp: str
    signature: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RejectedLine:
    """A post that cannot be used: its line (or place in the array), from 1, and why."""

    line: int
    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class IngestResult:
    """What became of a call: ``accepted`` posts are in the queue, every one of them."""

    accepted: int
    rejected: tuple[RejectedLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ingesting:
    """The ports of a call."""

    keys: KeyRing
    queue: PostQueue
    clock: Clock


def ingest(call: SignedBody, ports: Ingesting, *, brands: Mapping[str, Brand]) -> IngestResult:
    """Check a call and queue its good posts.

    Raises
    ------
    SignatureError
        If it is unsigned, wrongly signed or outside the window.
    TooLargeError
        If it has more bytes or posts than a call may have; nothing of it is queued.
    InputError
        If the body as a whole is neither JSON nor JSON lines.
    DeliveryError
        If the queue did not take every good post. Some may be queued: sending all again is harmless.
    """
    if len(call.body) > MAX_BODY:
        raise TooLargeError(f"at most {MAX_BODY} bytes a call; send the posts in several")
    now = ports.clock.now()
    verify(call, keys=ports.keys.keys(), at=now)
    posts: list[Post] = []
    rejected: list[RejectedLine] = []
    for place, record in _records(call.body):
        try:
            posts.append(_post(record, brands=brands, at=now))
        except InputError as error:
            rejected.append(RejectedLine(line=place, error=str(error)))
    if posts:
        ports.queue.send(posts)
    return IngestResult(accepted=len(posts), rejected=tuple(rejected))


def sign(key: SigningKey, *, timestamp: str, body: bytes) -> str:
    """Return the signature that a sender puts into its header."""
    return hmac.new(key.secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def verify(call: SignedBody, *, keys: tuple[SigningKey, ...], at: datetime) -> None:
    """Check signature and age; every key is tried, so that the time taken tells nothing.

    Raises
    ------
    SignatureError
        Whose message is for the log; the sender gets one answer for every cause.
    """
    if not _TIMESTAMP.fullmatch(call.timestamp):
        raise SignatureError("no timestamp")
    given = call.signature.strip().lower().encode("ascii", errors="replace")
    expected = [sign(key, timestamp=call.timestamp, body=call.body).encode() for key in keys]
    fitting = [key for key in expected if hmac.compare_digest(key, given)]
    if not fitting:
        raise SignatureError("wrong signature")
    if abs(at.timestamp() - int(call.timestamp)) > WINDOW.total_seconds():
        raise SignatureError("outside the window")


def _post(record: object, *, brands: Mapping[str, Brand], at: datetime) -> Post:
    if isinstance(record, _Line):
        record = post_payload.parse_json(record.text)
    post = post_payload.read_post(record, received_at=at, default_source=SOURCE)
    if post.brand is not None and post.brand not in brands:
        raise UnknownBrandError(post.brand, tuple(brands))
    return post


@dataclass(frozen=True, slots=True)
class _Line:
    """A line not yet parsed, so that its error is its own and not the body's."""

    text: str


def _records(body: bytes) -> list[tuple[int, object]]:
    """Return the place and the content of every post of a JSON array or of JSON lines."""
    text = _text(body)
    records: list[tuple[int, object]]
    if text.lstrip().startswith("["):
        whole = post_payload.parse_json(text)
        records = list(enumerate(whole if isinstance(whole, list) else (), start=1))
    else:
        lines = enumerate(text.split("\n"), start=1)
        records = [(place, _Line(line)) for place, line in lines if line.strip()]
    if not records:
        raise InputError("the body holds no posts; send a JSON array or one JSON object a line")
    if len(records) > MAX_POSTS:
        raise TooLargeError(f"at most {MAX_POSTS} posts a call; send them in several")
    return records


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"the body is not UTF-8 at byte {error.start + 1}") from None
