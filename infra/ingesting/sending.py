"""Finds the queue of a stack and sends posts to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from hikeshi.ports.collecting import PostQueue
from infra.ingesting.reading import BadLine, GoodLine

BATCH = 100


class NoQueueError(Exception):
    """No queue was named, and no stack is known; the message says what to do."""


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


def queue_of(*, queue_url: str | None, stack: str | None, home: Path | None) -> PostQueue:
    """Return the queue that was named, or that of a deployed stack, or of the local one.

    Raises
    ------
    NoQueueError
        If there is none of them.
    """
    from hikeshi.adapters.sqs import SqsPostQueue
    from hikeshi.services import post_payload

    client, url = _client_and_url(queue_url, stack, home)
    return SqsPostQueue(client=client, queue_url=url, encode=post_payload.encode)


def _client_and_url(queue_url: str | None, stack: str | None, home: Path | None) -> tuple[Any, str]:
    import boto3

    if queue_url:
        return boto3.client("sqs"), queue_url
    if stack:
        return boto3.client("sqs"), _output_of(boto3.client("cloudformation"), stack)
    from infra.local import stack as local_stack
    from infra.local.home import Home, default_home

    state = (Home(root=home) if home else default_home()).remembered()
    if state is None:
        raise NoQueueError("no stack is running here; run: hikeshi local up, or name one with --stack")
    return local_stack.client(state, "sqs"), state.outputs["PostsQueueUrl"]


def _output_of(cloudformation: Any, stack: str) -> str:
    from infra.local.deploying import outputs_of

    outputs = outputs_of(cloudformation, stack)
    if outputs is None or "PostsQueueUrl" not in outputs:
        raise NoQueueError(f"no stack {stack} that is ready; check the name, the region and the credentials")
    return outputs["PostsQueueUrl"]
