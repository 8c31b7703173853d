"""The composition root: the only module that picks adapters.

Nothing is built at import. Each factory imports what it needs itself, so that a function loads only
the adapters that it uses; ``functools.cache`` keeps one instance for the life of a container.
"""

from __future__ import annotations

import os
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hikeshi.adapters.pages.renderer import PageRenderer
    from hikeshi.domain.configuration import Configuration, LexiconFile
    from hikeshi.ports.collecting import PostQueue
    from hikeshi.ports.configuring import ConfigurationSource
    from hikeshi.ports.environment import Clock, Ids
    from hikeshi.ports.feedback import FeedbackStore
    from hikeshi.ports.responding import IncidentRepository, KeyRing, LinkStore, Outbox, ReportStore, Sender
    from hikeshi.ports.scoring import AlertStore, IncidentRequests, PostArchive, PostCounts, Scorer, Tokenizer
    from hikeshi.runtime.responder_desk import Answer, ResponderDesk
    from hikeshi.services.assess import Assessing
    from hikeshi.services.collect import Collecting
    from hikeshi.services.dispatch import Dispatcher
    from hikeshi.services.draft_report import Drafting
    from hikeshi.services.drive_workflow import WorkflowDriver
    from hikeshi.services.ingest import Ingesting
    from hikeshi.services.lifecycle import Asking, Lifecycle
    from hikeshi.services.open_incident import Opening
    from hikeshi.services.page import Paging
    from hikeshi.services.wording import Wording

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


@cache
def tokenizer() -> Tokenizer:
    """Return the tokenizer; its dictionary is read once a container."""
    from hikeshi.adapters.janome_tokenizer import JanomeTokenizer

    return JanomeTokenizer()


@lru_cache(maxsize=4)
def scorer(files: tuple[LexiconFile, ...] = ()) -> Scorer:
    """Return the scorer, with files laid over its lexicon; built anew only when they change.

    Raises
    ------
    ConfigError
        If a file cannot be used.
    """
    from hikeshi.services.scoring.layering import layered
    from hikeshi.services.scoring.own import OwnScorer
    from hikeshi.services.scoring.scorer import LexiconScorer

    if not files:
        return LexiconScorer(tokenizer=tokenizer())
    own = layered(files)
    return OwnScorer(
        own,
        whole=LexiconScorer(tokenizer=tokenizer(), lexicon=own.lexicon),
        rules=LexiconScorer(tokenizer=tokenizer(), lexicon=own.lexicon, learned=False),
        shipped_rules=LexiconScorer(tokenizer=tokenizer(), learned=False),
    )


@lru_cache(maxsize=4)
def _configured_scorer(files: tuple[LexiconFile, ...]) -> Scorer:
    """Return the scorer that the configuration asks for, or the shipped one: never none."""
    from hikeshi.domain.errors import ConfigError
    from hikeshi.runtime.observability import get_logger

    try:
        return scorer(files)
    except ConfigError as error:
        # Checked before it was published, so an older checker let it pass; posts have to be judged.
        get_logger("score_posts").error("own lexicon left out", reason=str(error))
        return scorer()


@cache
def post_archive(bucket: str) -> PostArchive:
    """Return where every post is kept."""
    from hikeshi.adapters.s3_archive import S3PostArchive
    from hikeshi.services import post_payload

    return S3PostArchive(client=client("s3"), bucket=bucket, encode=post_payload.encode)


@cache
def post_counts(table: str) -> PostCounts:
    """Return how many posts each brand had in each hour."""
    from hikeshi.adapters.dynamodb_counts import DynamoDbPostCounts

    return DynamoDbPostCounts(client=client("dynamodb"), table=table)


@cache
def incident_requests(queue_url: str) -> IncidentRequests:
    """Return the queue between alerts and incidents."""
    from hikeshi.adapters.sqs import SqsIncidentRequests

    return SqsIncidentRequests(client=client("sqs"), queue_url=queue_url)


def assessing() -> Assessing:
    """Return what ``score_posts`` works with; anew each time, so that the configuration is the newest."""
    from hikeshi.runtime.settings import ScorePostsSettings
    from hikeshi.services.assess import Assessing

    settings = ScorePostsSettings.from_env(os.environ)
    current = configuration()
    return Assessing(
        scorer=_configured_scorer(current.lexicon),
        alerts=alert_store(settings.alerts_table),
        counts=post_counts(settings.alerts_table),
        archive=post_archive(settings.archive_bucket),
        requests=incident_requests(settings.incidents_queue_url),
        configuration=current,
        clock=clock(),
    )


# ---- incidents: open_incident, request_decision, advance_incident, draft_report ----------------


@cache
def alert_store(table: str) -> AlertStore:
    """Return where alerts are kept."""
    from hikeshi.adapters.dynamodb_alerts import DynamoDbAlertStore

    return DynamoDbAlertStore(client=client("dynamodb"), table=table, ids=ids())


@cache
def feedback_store(table: str) -> FeedbackStore:
    """Return where it is kept what people said of judgements."""
    from hikeshi.adapters.dynamodb_feedback import DynamoDbFeedbackStore

    return DynamoDbFeedbackStore(client=client("dynamodb"), table=table)


@cache
def report_store(bucket: str) -> ReportStore:
    """Return where completion reports are kept."""
    from hikeshi.adapters.s3_reports import S3ReportStore

    return S3ReportStore(client=client("s3"), bucket=bucket)


@cache
def wording() -> Wording:
    """Return the sentences that people read."""
    from hikeshi.services.wording import Wording

    return Wording()


def opening() -> Opening:
    """Return what ``open_incident`` works with; anew each time, so that the configuration is the newest."""
    from hikeshi.runtime.settings import OpenIncidentSettings
    from hikeshi.services.open_incident import Opening

    settings = OpenIncidentSettings.from_env(os.environ)
    return Opening(
        alerts=alert_store(settings.alerts_table),
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        configuration=configuration(),
        words=wording(),
        clock=clock(),
        ids=ids(),
    )


def asking() -> Asking:
    """Return what ``request_decision`` works with."""
    from hikeshi.runtime.settings import LifecycleSettings
    from hikeshi.services.lifecycle import Asking

    settings = LifecycleSettings.from_env(os.environ)
    return Asking(
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        configuration=configuration(),
        clock=clock(),
        ids=ids(),
    )


def lifecycle() -> Lifecycle:
    """Return what ``advance_incident`` works with."""
    from hikeshi.runtime.settings import AdvanceIncidentSettings
    from hikeshi.services.lifecycle import Lifecycle

    settings = AdvanceIncidentSettings.from_env(os.environ)
    return Lifecycle(
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        configuration=configuration(),
        reports=report_store(settings.archive_bucket),
        alerts=alert_store(settings.alerts_table),
        feedback=feedback_store(settings.alerts_table),
        words=wording(),
        clock=clock(),
        ids=ids(),
    )


def drafting() -> Drafting:
    """Return what ``draft_report`` works with."""
    from hikeshi.runtime.settings import DraftReportSettings
    from hikeshi.services.draft_report import Drafting

    settings = DraftReportSettings.from_env(os.environ)
    return Drafting(
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        alerts=alert_store(settings.alerts_table),
        configuration=configuration(),
        words=wording(),
        clock=clock(),
    )


# ---- escalation and messages: page_step, dispatch_messages, drive_workflow ---------------------


@cache
def incident_repository(incidents_table: str, outbox_table: str) -> IncidentRepository:
    """Return where incidents are kept."""
    from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository

    return DynamoDbIncidentRepository(
        client=client("dynamodb"), table=incidents_table, outbox_table=outbox_table, ids=ids()
    )


@cache
def outbox(table: str) -> Outbox:
    """Return what has to leave the system."""
    from hikeshi.adapters.dynamodb_outbox import DynamoDbOutbox

    return DynamoDbOutbox(client=client("dynamodb"), table=table, ids=ids())


@cache
def link_store(table: str) -> LinkStore:
    """Return what links open."""
    from hikeshi.adapters.dynamodb_links import DynamoDbLinkStore

    return DynamoDbLinkStore(client=client("dynamodb"), table=table)


@cache
def _sender(topic_arn: str) -> Sender:
    from hikeshi.adapters.sns_sender import SnsSender

    # One attempt: a retry of a publish whose answer was lost is a second SMS.
    return SnsSender(client=client("sns", attempts=1), topic_arn=topic_arn)


def paging() -> Paging:
    """Return what ``page_step`` works with; anew each time, so that the roster is the newest."""
    from hikeshi.runtime.settings import LifecycleSettings
    from hikeshi.services.page import Paging

    settings = LifecycleSettings.from_env(os.environ)
    return Paging(
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        configuration=configuration(),
        clock=clock(),
        ids=ids(),
    )


def dispatcher() -> Dispatcher:
    """Return the dispatcher; anew each time, so that a leaver gets no more messages."""
    from hikeshi.runtime.settings import DispatchMessagesSettings
    from hikeshi.services.dispatch import Dispatcher, LinkSite
    from hikeshi.services.wording import Wording

    settings = DispatchMessagesSettings.from_env(os.environ)
    return Dispatcher(
        outbox=outbox(settings.outbox_table),
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        links=link_store(settings.links_table),
        keys=key_ring(settings.link_keys_secret),
        sender=_sender(settings.messages_topic_arn),
        roster=configuration().roster,
        wording=Wording(),
        site=LinkSite(base_url=settings.link_base_url, environment=settings.environment),
        clock=clock(),
        ids=ids(),
    )


@cache
def workflow_driver() -> WorkflowDriver:
    """Return what drives the state machines."""
    from hikeshi.adapters.stepfunctions import StepFunctionsWorkflow
    from hikeshi.runtime.settings import DriveWorkflowSettings
    from hikeshi.services.drive_workflow import WorkflowDriver

    settings = DriveWorkflowSettings.from_env(os.environ)
    workflow = StepFunctionsWorkflow(
        client=client("stepfunctions"),
        lifecycle_arn=settings.lifecycle_arn,
        ladder_arn=settings.ladder_arn,
    )
    return WorkflowDriver(outbox=outbox(settings.outbox_table), workflow=workflow, clock=clock(), ids=ids())


# ---- pages: responder_api ----------------------------------------------------------------------


@cache
def page_renderer() -> PageRenderer:
    """Return what fills the templates."""
    from hikeshi.adapters.pages.renderer import PageRenderer

    words = wording()
    return PageRenderer(text=words.text, language=words.language)


def error_page(status: int) -> Answer:
    """Return the page for an answer that is an error; needs nothing that could be missing."""
    from hikeshi.runtime.responder_desk import error_page as page_of

    return page_of(page_renderer(), status)


@cache
def responder_desk() -> ResponderDesk:
    """Return what the routes of ``responder_api`` hand everything to."""
    from hikeshi.runtime.observability import get_logger
    from hikeshi.runtime.responder_desk import ResponderDesk
    from hikeshi.runtime.settings import ResponderApiSettings

    settings = ResponderApiSettings.from_env(os.environ)
    return ResponderDesk(
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        alerts=alert_store(settings.alerts_table),
        links=link_store(settings.links_table),
        keys=key_ring(settings.link_keys_secret),
        configuration=configuration,
        clock=clock(),
        ids=ids(),
        renderer=page_renderer(),
        words=wording(),
        logger=get_logger("responder_api"),
        environment=settings.environment,
    )
