"""Reaches what the morning's digest is gathered from, with the rights of whoever asks."""

from __future__ import annotations

from pathlib import Path

from hikeshi.services.digest import Digesting
from infra.learning.desk import reach


def open_digesting(*, stack: str | None, home: Path | None) -> Digesting:
    """Return what the digest of a stack is gathered from.

    Raises
    ------
    NoStackError
        If there is no such stack.
    """
    from hikeshi.adapters.dynamodb_alerts import DynamoDbAlertStore
    from hikeshi.adapters.dynamodb_counts import DynamoDbPostCounts
    from hikeshi.adapters.dynamodb_feedback import DynamoDbFeedbackStore
    from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
    from hikeshi.adapters.dynamodb_outbox import DynamoDbOutbox
    from hikeshi.adapters.dynamodb_sources import DynamoDbSourceStore
    from hikeshi.adapters.environment import SystemClock, SystemIds
    from hikeshi.adapters.s3_configuration import S3ConfigurationSource
    from hikeshi.services import post_payload

    client, outputs = reach(stack, home)
    clock, ids, dynamodb = SystemClock(), SystemIds(), client("dynamodb")
    source = S3ConfigurationSource(client=client("s3"), bucket=outputs["ConfigBucket"], clock=clock)
    return Digesting(
        alerts=DynamoDbAlertStore(client=dynamodb, table=outputs["AlertsTable"], ids=ids),
        counts=DynamoDbPostCounts(client=dynamodb, table=outputs["AlertsTable"]),
        incidents=DynamoDbIncidentRepository(
            client=dynamodb, table=outputs["IncidentsTable"], outbox_table=outputs["OutboxTable"], ids=ids
        ),
        sources=DynamoDbSourceStore(
            client=dynamodb,
            table=outputs["SourcesTable"],
            ids=ids,
            encode=post_payload.encode,
            decode=post_payload.decode,
        ),
        feedback=DynamoDbFeedbackStore(client=dynamodb, table=outputs["AlertsTable"]),
        outbox=DynamoDbOutbox(client=dynamodb, table=outputs["OutboxTable"], ids=ids),
        configuration=source.current(),
        clock=clock,
    )
