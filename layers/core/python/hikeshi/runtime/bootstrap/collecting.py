"""Composition of ``fetch_posts`` and ``ingest_posts``."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from hikeshi.runtime.bootstrap.shared import client, clock, ids, incident_repository, key_ring

if TYPE_CHECKING:
    from hikeshi.ports.collecting import PostQueue
    from hikeshi.services.collection.collect import Collecting
    from hikeshi.services.collection.ingest import Ingesting


@cache
def collecting() -> Collecting:
    """Return the ports of ``fetch_posts``."""
    from hikeshi.adapters.dynamodb_outbox import DynamoDbOutbox
    from hikeshi.adapters.dynamodb_sources import DynamoDbSourceStore
    from hikeshi.adapters.feeds.addresses import networks_in
    from hikeshi.adapters.feeds.download import Downloader
    from hikeshi.adapters.feeds.reader import HttpFeedReader
    from hikeshi.runtime.settings import FetchPostsSettings
    from hikeshi.services.collection import post_payload
    from hikeshi.services.collection.collect import Collecting

    settings = FetchPostsSettings.from_env(os.environ)
    downloader = Downloader(allow_addresses=networks_in(settings.hikeshi_feed_networks))
    store = DynamoDbSourceStore(
        client=client("dynamodb"),
        table=settings.sources_table,
        ids=ids(),
        encode=post_payload.encode,
        decode=post_payload.decode,
    )
    return Collecting(
        feeds=HttpFeedReader(downloader=downloader),
        store=store,
        queue=post_queue(settings.posts_queue_url),
        outbox=DynamoDbOutbox(client=client("dynamodb"), table=settings.outbox_table, ids=ids()),
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        clock=clock(),
    )


@cache
def ingesting() -> Ingesting:
    """Return the ports of ``ingest_posts``."""
    from hikeshi.runtime.settings import IngestPostsSettings
    from hikeshi.services.collection.ingest import Ingesting

    settings = IngestPostsSettings.from_env(os.environ)
    return Ingesting(
        keys=key_ring(settings.ingest_keys_secret),
        queue=post_queue(settings.posts_queue_url),
        clock=clock(),
    )


@cache
def post_queue(queue_url: str) -> PostQueue:
    """Return the queue between collecting and scoring."""
    from hikeshi.adapters.sqs import SqsPostQueue
    from hikeshi.services.collection import post_payload

    return SqsPostQueue(client=client("sqs"), queue_url=queue_url, encode=post_payload.encode)
