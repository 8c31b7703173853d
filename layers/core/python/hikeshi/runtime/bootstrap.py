"""The composition root: the only module that picks adapters.

Nothing is built at import. Each factory imports what it needs itself, so that a function loads only
the adapters that it uses; ``functools.cache`` keeps one instance for the life of a container.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hikeshi.adapters.pages.renderer import PageRenderer
    from hikeshi.domain.configuration import Configuration
    from hikeshi.ports.collecting import PostQueue
    from hikeshi.ports.configuring import ConfigurationSource
    from hikeshi.ports.environment import Clock, Ids
    from hikeshi.ports.responding import KeyRing
    from hikeshi.services.collect import Collecting
    from hikeshi.services.ingest import Ingesting

# ---- shared ---------------------------------------------------------------------------------


@cache
def clock() -> Clock:
    """Return the system clock."""
    from hikeshi.adapters.environment import SystemClock

    return SystemClock()


@cache
def ids() -> Ids:
    """Return the operating system's randomness."""
    from hikeshi.adapters.environment import SystemIds

    return SystemIds()


@cache
def client(service: str, *, attempts: int = 3) -> Any:
    """Return a boto3 client whose time-outs fit inside a function's own.

    ``attempts`` counts the first call: a client that must not send twice takes 1.
    """
    import boto3
    from botocore.config import Config

    retries = {"total_max_attempts": attempts, "mode": "standard"}
    config = Config(connect_timeout=2, read_timeout=5, retries=retries)  # type: ignore[arg-type]  # the stub wants a TypedDict
    return boto3.client(service, config=config)  # type: ignore[call-overload]  # one factory for every service


@cache
def _configuration_source() -> ConfigurationSource:
    from hikeshi.adapters.s3_configuration import S3ConfigurationSource

    bucket = os.environ["CONFIG_BUCKET"]
    return S3ConfigurationSource(client=client("s3"), bucket=bucket, clock=clock())


def configuration() -> Configuration:
    """Return the deployed configuration, at most a minute old."""
    return _configuration_source().current()


# ---- collecting: fetch_posts, ingest_posts -----------------------------------------------------


@cache
def collecting() -> Collecting:
    """Return the ports of ``fetch_posts``."""
    from hikeshi.adapters.dynamodb_outbox import DynamoDbOutbox
    from hikeshi.adapters.dynamodb_sources import DynamoDbSourceStore
    from hikeshi.adapters.feeds.addresses import networks_in
    from hikeshi.adapters.feeds.download import Downloader
    from hikeshi.adapters.feeds.reader import HttpFeedReader
    from hikeshi.runtime.settings import FetchPostsSettings
    from hikeshi.services import post_payload
    from hikeshi.services.collect import Collecting

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
        clock=clock(),
    )


@cache
def ingesting() -> Ingesting:
    """Return the ports of ``ingest_posts``."""
    from hikeshi.runtime.settings import IngestPostsSettings
    from hikeshi.services.ingest import Ingesting

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
    from hikeshi.services import post_payload

    return SqsPostQueue(client=client("sqs"), queue_url=queue_url, encode=post_payload.encode)


@cache
def key_ring(secret_id: str) -> KeyRing:
    """Return the two live keys of a secret."""
    from hikeshi.adapters.secrets_keys import SecretsManagerKeyRing

    return SecretsManagerKeyRing(client=client("secretsmanager"), secret_id=secret_id, clock=clock())


# ---- scoring: score_posts ----------------------------------------------------------------------

# ---- incidents: open_incident, request_decision, advance_incident, draft_report ----------------

# ---- escalation and messages: page_step, dispatch_messages, drive_workflow ---------------------

# ---- pages: responder_api ----------------------------------------------------------------------


@cache
def page_renderer() -> PageRenderer:
    """Return what fills the templates."""
    from hikeshi.adapters.pages.renderer import PageRenderer
    from hikeshi.services.wording import Wording

    words = Wording()
    return PageRenderer(text=words.text, language=words.language)
