"""Composition of ``score_posts``."""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from hikeshi.runtime.bootstrap.shared import alert_store, client, clock, published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hikeshi.domain.configuration import LexiconFile
    from hikeshi.ports.scoring import Encoders, IncidentRequests, PostArchive, PostCounts, Scorer, Tokenizer
    from hikeshi.services.alerts.assess import Assessing
    from hikeshi.services.care.exposure import ExposureWatch


@cache
def tokenizer() -> Tokenizer:
    """Return the tokenizer that ``HIKESHI_TOKENIZER`` names; its dictionary is read once a container.

    Raises
    ------
    ConfigError
        If it names another than janome and mecab, or mecab is not installed.
    """
    name = os.environ.get("HIKESHI_TOKENIZER", "janome")
    if name == "janome":
        from hikeshi.adapters.janome_tokenizer import JanomeTokenizer

        return JanomeTokenizer()
    if name == "mecab":
        from hikeshi.adapters.mecab_tokenizer import MecabTokenizer

        return MecabTokenizer()
    from hikeshi.domain.errors import ConfigError

    raise ConfigError(
        f"HIKESHI_TOKENIZER の「{name}」は使えません。janome か mecab を設定してください"
        " / HIKESHI_TOKENIZER: there are janome and mecab"
    )


@cache
def encoders() -> Encoders | None:
    """Return what reads posts as ``HIKESHI_ENCODER`` has it.

    Raises
    ------
    ConfigError
        If the variable is none of on, off and every.
    """
    return encoders_by(os.environ.get("HIKESHI_ENCODER") or "on")


def encoders_by(wanted: str) -> Encoders | None:
    """Return what reads posts, None if it is ``off`` that is wanted; the first post that is read loads it.

    Its products are small: a second thread would wait for the first longer than it would help.

    Raises
    ------
    ConfigError
        If what is wanted is none of on, off and every.
    """
    if wanted == "off":
        return None
    if wanted not in {"on", "every"}:
        from hikeshi.domain.errors import ConfigError

        raise ConfigError(
            f"エンコーダーの設定「{wanted}」は使えません。on、off、every のどれかを設定してください"
            "（--encoder または HIKESHI_ENCODER） / --encoder, HIKESHI_ENCODER: there are on, off and every"
        )
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from hikeshi.adapters.encoder import shipped

    return replace(shipped(), reads_all=wanted == "every")


@lru_cache(maxsize=4)
def scorer(files: tuple[LexiconFile, ...] = ()) -> Scorer:
    """Return the scorer, with files laid over its lexicon; built anew only when they change.

    Raises
    ------
    ConfigError
        If a file cannot be used.
    """
    return scorer_with(encoders(), files)


def scorer_with(
    reads: Encoders | None, files: tuple[LexiconFile, ...] = (), *, words: Tokenizer | None = None
) -> Scorer:
    """Return a scorer that asks these encoders, or none, and splits sentences by ``words`` where it is given.

    Raises
    ------
    ConfigError
        If a file cannot be used.
    """
    with _building_what_stays():
        from hikeshi.services.scoring.layering import layered
        from hikeshi.services.scoring.own import OwnScorer
        from hikeshi.services.scoring.scorer import LexiconScorer

        split = words or tokenizer()
        if not files:
            return LexiconScorer(tokenizer=split, encoders=reads)
        own = layered(files)
        return OwnScorer(
            own,
            whole=LexiconScorer(tokenizer=split, encoders=reads, lexicon=own.lexicon),
            rules=LexiconScorer(tokenizer=split, lexicon=own.lexicon, learned=False),
            shipped_rules=LexiconScorer(tokenizer=split, learned=False),
        )


@contextmanager
def _building_what_stays() -> Iterator[None]:
    """Keep the garbage collector from walking, again and again, over tables that live as long as we do.

    It took a tenth of a cold start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


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
    from hikeshi.services.collection import post_payload

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


@cache
def exposure_watch(incidents_table: str, queue_url: str) -> ExposureWatch:
    """Return who is watched over, and where finds go."""
    from hikeshi.adapters.watched_people import DynamoDbWatchedPeople, SqsExposureReports
    from hikeshi.services.care.exposure import ExposureWatch

    people = DynamoDbWatchedPeople(client=client("dynamodb"), table=incidents_table, clock=clock())
    return ExposureWatch(people=people, reports=SqsExposureReports(client=client("sqs"), queue_url=queue_url))


def assessing() -> Assessing:
    """Return what ``score_posts`` works with; anew each time, so that the configuration is the newest."""
    from hikeshi.runtime.settings import ScorePostsSettings
    from hikeshi.services.alerts.assess import Assessing

    settings = ScorePostsSettings.from_env(os.environ)
    current = published()
    return Assessing(
        scorer=_configured_scorer(current.lexicon),
        alerts=alert_store(settings.alerts_table),
        counts=post_counts(settings.alerts_table),
        archive=post_archive(settings.archive_bucket),
        requests=incident_requests(settings.incidents_queue_url),
        configuration=current,
        clock=clock(),
        exposure=exposure_watch(settings.incidents_table, settings.incidents_queue_url),
    )
