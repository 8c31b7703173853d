"""Finds the queue of a stack and sends posts to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from hikeshi.domain.errors import UnknownBrandError
from hikeshi.domain.sources import WatchList
from hikeshi.ports.collecting import PostQueue
from hikeshi.services.collection.ingest import SOURCE
from infra.ingesting.reading import BadLine, GoodLine

BATCH = 100
UNLISTED = ("file", SOURCE)
"""Sources of posts whose sender names none."""


@dataclass(slots=True)
class Progress:
    """How far a file is."""

    queued: int = 0
    bad: list[BadLine] = field(default_factory=list)


def send_all(lines: Iterable[GoodLine | BadLine], queue: PostQueue) -> Iterator[Progress]:
    """Queue the good lines, a hundred at a time, and tell after each hundred how far it is.

    Raises
    ------
    DeliveryError
        If the queue does not take a batch; what was told before is queued.
    """
    remaining = iter(lines)
    progress = Progress()
    while batch := list(islice(remaining, BATCH)):
        posts = [line.post for line in batch if isinstance(line, GoodLine)]
        if posts:
            queue.send(posts)
        progress = Progress(
            queued=progress.queued + len(posts),
            bad=[line for line in batch if isinstance(line, BadLine)],
        )
        yield progress


def checked(
    lines: Iterable[GoodLine | BadLine], watched: WatchList, *, warn: Callable[[str], None]
) -> Iterator[GoodLine | BadLine]:
    """Yield every line, and hold what it names against what a stack knows.

    A post of a brand that nobody watches is a bad line, as it is for the webhook. A source may have any
    name, since people send what they found elsewhere; but it may be misspelt, so each is warned of once.
    """
    known = {*watched.sources, *UNLISTED}
    for line in lines:
        if isinstance(line, BadLine):
            yield line
        elif line.post.brand is not None and line.post.brand not in watched.brands:
            error = UnknownBrandError(line.post.brand, tuple(watched.brands))
            yield BadLine(line=line.line, error=str(error))
        else:
            if line.post.source not in known:
                known.add(line.post.source)
                warn(_unlisted(line, watched))
            yield line


def _unlisted(line: GoodLine, watched: WatchList) -> str:
    there = ", ".join(watched.sources) or "—"
    return (
        f"{line.line}: 注意: 読み込み元 {line.post.source} は watches.yaml の sources にないため、"
        f"個人の投稿として数えます。あるのは: {there} / unlisted source, counted as a person's posts"
    )


def queue_of(*, queue_url: str | None, stack: str | None, home: Path | None) -> PostQueue:
    """Return the queue that was named, or that of a deployed stack, or of the local one.

    Raises
    ------
    NoStackError
        If there is none of them.
    """
    from hikeshi.adapters.sqs import SqsPostQueue
    from hikeshi.services.collection import post_payload

    if queue_url:
        import boto3

        return SqsPostQueue(client=boto3.client("sqs"), queue_url=queue_url, encode=post_payload.encode)
    from infra.learning.desk import reach

    client, outputs = reach(stack, home)
    return SqsPostQueue(client=client("sqs"), queue_url=outputs["PostsQueueUrl"], encode=post_payload.encode)


def watched_by(*, stack: str | None, home: Path | None) -> WatchList:
    """Return the brands and the sources that a stack knows.

    Raises
    ------
    NoStackError, ConfigError
        If there is no such stack, or nothing was published to it.
    """
    from hikeshi.adapters.environment import SystemClock
    from hikeshi.adapters.s3_configuration import S3ConfigurationSource
    from infra.learning.desk import reach

    client, outputs = reach(stack, home)
    source = S3ConfigurationSource(client=client("s3"), bucket=outputs["ConfigBucket"], clock=SystemClock())
    return source.current().watches
