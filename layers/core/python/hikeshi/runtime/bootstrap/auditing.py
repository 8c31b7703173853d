"""Composition of ``audit_incidents`` and ``send_digest``, and the heartbeat of all that runs by a clock."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from hikeshi.runtime.bootstrap.incidents import feedback_store
from hikeshi.runtime.bootstrap.scoring import post_counts
from hikeshi.runtime.bootstrap.shared import (
    alert_store,
    client,
    clock,
    configuration,
    ids,
    incident_repository,
    outbox,
    wording,
)

if TYPE_CHECKING:
    from hikeshi.ports.upkeep import Heartbeats, OutsideWatch
    from hikeshi.services.audit import Auditor
    from hikeshi.services.digest import Digesting


@cache
def heartbeats(table: str) -> Heartbeats:
    """Return when each scheduled function last did its work."""
    from hikeshi.adapters.dynamodb_upkeep import DynamoDbHeartbeats

    return DynamoDbHeartbeats(client=client("dynamodb"), table=table)


def beat(function: str) -> None:
    """Say that a scheduled run did its work: a row for the auditor, a metric for the alarm."""
    from hikeshi.runtime.heartbeat import emit

    heartbeats(os.environ["UPKEEP_TABLE"]).beat(function, at=clock().now())
    emit(clock().now())


@cache
def _outside(url: str) -> OutsideWatch:
    from hikeshi.adapters.outside_watch import HttpsWatch, NobodyOutside

    return HttpsWatch(url) if url else NobodyOutside()


@cache
def auditor() -> Auditor:
    """Return what ``audit_incidents`` works with."""
    from hikeshi.adapters.dynamodb_upkeep import DynamoDbOperatorLog
    from hikeshi.adapters.sns_operator import SnsOperatorLine
    from hikeshi.runtime.settings import AuditIncidentsSettings
    from hikeshi.services.audit import Auditor

    settings = AuditIncidentsSettings.from_env(os.environ)
    return Auditor(
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        outbox=outbox(settings.outbox_table),
        heartbeats=heartbeats(settings.upkeep_table),
        operator=SnsOperatorLine(client=client("sns"), topic_arn=settings.operator_topic_arn),
        log=DynamoDbOperatorLog(client=client("dynamodb"), table=settings.upkeep_table),
        outside=_outside(settings.heartbeat_url),
        configuration=configuration,
        words=wording(),
        clock=clock(),
        ids=ids(),
    )


def digesting() -> Digesting:
    """Return what ``send_digest`` works with; anew each time, so that the configuration is the newest."""
    from hikeshi.adapters.dynamodb_sources import DynamoDbSourceStore
    from hikeshi.runtime.settings import SendDigestSettings
    from hikeshi.services import post_payload
    from hikeshi.services.digest import Digesting

    settings = SendDigestSettings.from_env(os.environ)
    return Digesting(
        alerts=alert_store(settings.alerts_table),
        counts=post_counts(settings.alerts_table),
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        sources=DynamoDbSourceStore(
            client=client("dynamodb"),
            table=settings.sources_table,
            ids=ids(),
            encode=post_payload.encode,
            decode=post_payload.decode,
        ),
        feedback=feedback_store(settings.alerts_table),
        outbox=outbox(settings.outbox_table),
        configuration=configuration(),
        clock=clock(),
    )
