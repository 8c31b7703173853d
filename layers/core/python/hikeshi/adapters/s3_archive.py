"""Every post in the archive bucket, and a copy of record of those that matter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from hikeshi.domain.posts import Evidence, Post

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_TAKEN = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})


class S3PostArchive:
    """Keeps posts as NDJSON by brand and hour, and evidence one object a post.

    Parameters
    ----------
    encode : callable
        The JSON form of a post, one line (:mod:`hikeshi.services.collection.post_payload`).
    """

    def __init__(self, *, client: S3Client, bucket: str, encode: Callable[[Post], str]) -> None:
        self._client = client
        self._bucket = bucket
        self._encode = encode

    def append(self, brand: str, posts: Sequence[Post], *, at: datetime) -> None:
        """Store posts under brand and hour; the name is the digest of the content."""
        if not posts:
            return
        lines = sorted({self._encode(post) for post in posts})
        body = "".join(f"{line}\n" for line in lines).encode()
        moment = at.astimezone(UTC)
        folder = f"posts/brand={brand}/date={moment:%Y-%m-%d}/hour={moment:%H}"
        self._client.put_object(
            Bucket=self._bucket,
            Key=f"{folder}/{hashlib.sha256(body).hexdigest()}.ndjson",
            Body=body,
            ContentType="application/x-ndjson",
        )

    def keep(self, post: Post, *, at: datetime) -> Evidence:
        """Store a copy for evidence, once; a repeat finds the first copy and returns that."""
        folder = f"evidence/drills/{post.drill}" if post.drill else "evidence"
        key = f"{folder}/{post.key}.json"
        body = json.dumps(
            {"captured_at": at.astimezone(UTC).isoformat(), "post": json.loads(self._encode(post))},
            ensure_ascii=False,
            sort_keys=True,
        ).encode()
        try:
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType="application/json", IfNoneMatch="*"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _TAKEN:
                raise
            body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return Evidence(
            uri=f"s3://{self._bucket}/{key}",
            sha256=hashlib.sha256(body).hexdigest(),
            captured_at=datetime.fromisoformat(json.loads(body)["captured_at"]),
        )
