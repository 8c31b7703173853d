"""Composition of ``open_incident``, ``request_decision``, ``advance_incident`` and ``draft_report``."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from hikeshi.runtime.bootstrap.shared import (
    alert_store,
    client,
    clock,
    configuration,
    ids,
    incident_repository,
    wording,
)

if TYPE_CHECKING:
    from hikeshi.ports.feedback import FeedbackStore
    from hikeshi.ports.responding import ProofStore, ReportStore
    from hikeshi.services.incidents.lifecycle import Asking, Lifecycle
    from hikeshi.services.incidents.open_incident import Opening
    from hikeshi.services.reports.draft_report import Drafting


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
def proof_store(bucket: str) -> ProofStore:
    """Return where records that bear facts out are kept."""
    from hikeshi.adapters.s3_proofs import S3ProofStore

    return S3ProofStore(client=client("s3"), bucket=bucket)


def opening() -> Opening:
    """Return what ``open_incident`` works with; anew each time, so that the configuration is the newest."""
    from hikeshi.runtime.settings import OpenIncidentSettings
    from hikeshi.services.incidents.open_incident import Opening

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
    from hikeshi.services.incidents.lifecycle import Asking

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
    from hikeshi.services.incidents.lifecycle import Lifecycle

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
    from hikeshi.services.reports.draft_report import Drafting

    settings = DraftReportSettings.from_env(os.environ)
    return Drafting(
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        alerts=alert_store(settings.alerts_table),
        configuration=configuration(),
        words=wording(),
        clock=clock(),
    )
