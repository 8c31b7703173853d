"""Reaches what a drill is played with, with the rights of whoever asks."""

from __future__ import annotations

from pathlib import Path

from hikeshi.services.drills.drill_play import Stage
from hikeshi.services.people.directory import effective
from infra.ingesting.sending import queue_of
from infra.learning.desk import reach


def open_stage(*, stack: str | None, home: Path | None) -> Stage:
    """Return the stage of a stack, with the roster as it holds now.

    Raises
    ------
    NoStackError
        If there is no such stack.
    """
    from hikeshi.adapters.dynamodb_directory import DynamoDbDirectory
    from hikeshi.adapters.dynamodb_drills import DynamoDbDrills
    from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
    from hikeshi.adapters.dynamodb_outbox import DynamoDbOutbox
    from hikeshi.adapters.environment import SystemClock, SystemIds
    from hikeshi.adapters.s3_configuration import S3ConfigurationSource

    client, outputs = reach(stack, home)
    clock, ids, dynamodb = SystemClock(), SystemIds(), client("dynamodb")
    source = S3ConfigurationSource(client=client("s3"), bucket=outputs["ConfigBucket"], clock=clock)
    standings = DynamoDbDirectory(client=dynamodb, table=outputs["DirectoryTable"]).standings()
    return Stage(
        drills=DynamoDbDrills(client=dynamodb, table=outputs["UpkeepTable"]),
        incidents=DynamoDbIncidentRepository(
            client=dynamodb, table=outputs["IncidentsTable"], outbox_table=outputs["OutboxTable"], ids=ids
        ),
        outbox=DynamoDbOutbox(client=dynamodb, table=outputs["OutboxTable"], ids=ids),
        queue=queue_of(queue_url=None, stack=stack, home=home),
        configuration=effective(source.current(), standings, at=clock.now()),
        clock=clock,
        ids=ids,
    )
