"""Reaches what digests and contact tests work with, with the rights of whoever asks."""

from __future__ import annotations

from pathlib import Path

from hikeshi.services.digest.digest import Digesting
from hikeshi.services.people.contact_test import ContactTesting
from hikeshi.services.people.directory import effective
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
    from hikeshi.services.collection import post_payload

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


def open_contact_testing(*, stack: str | None, home: Path | None) -> ContactTesting:
    """Return what a contact test of a stack works with, with the roster as it holds now.

    Raises
    ------
    NoStackError
        If there is no such stack.
    """
    from hikeshi.adapters.dynamodb_directory import DynamoDbDirectory
    from hikeshi.adapters.dynamodb_outbox import DynamoDbOutbox
    from hikeshi.adapters.dynamodb_upkeep import DynamoDbContactTests
    from hikeshi.adapters.environment import SystemClock, SystemIds
    from hikeshi.adapters.s3_configuration import S3ConfigurationSource

    client, outputs = reach(stack, home)
    clock, ids, dynamodb = SystemClock(), SystemIds(), client("dynamodb")
    source = S3ConfigurationSource(client=client("s3"), bucket=outputs["ConfigBucket"], clock=clock)
    standings = DynamoDbDirectory(client=dynamodb, table=outputs["DirectoryTable"]).standings()
    return ContactTesting(
        tests=DynamoDbContactTests(client=dynamodb, table=outputs["UpkeepTable"]),
        outbox=DynamoDbOutbox(client=dynamodb, table=outputs["OutboxTable"], ids=ids),
        configuration=effective(source.current(), standings, at=clock.now()),
        clock=clock,
        ids=ids,
    )
