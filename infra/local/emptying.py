"""Making a stack that was used before as good as new, without deploying it again."""

from __future__ import annotations

from infra.local.feed import FeedFile
from infra.local.home import Home, StackState
from infra.local.messages import MessageStore
from infra.local.stack import client

TABLES = (
    *("SourcesTable", "AlertsTable", "IncidentsTable", "OutboxTable"),
    *("LinksTable", "DirectoryTable", "UpkeepTable"),
)
MACHINES = ("IncidentLifecycleArn", "EscalationLadderArn")


def is_used(state: StackState) -> bool:
    """Tell whether any incident is stored."""
    found = client(state, "dynamodb").scan(TableName=state.outputs["IncidentsTable"], Limit=1)
    return bool(found["Items"])


def empty(home: Home, state: StackState) -> None:
    """Stop what runs, take every item out of every table, and clear feed and inbox."""
    FeedFile(home.feed).clear()
    states = client(state, "stepfunctions")
    for machine in MACHINES:
        pages = states.get_paginator("list_executions").paginate(
            stateMachineArn=state.outputs[machine], statusFilter="RUNNING"
        )
        for execution in (found for page in pages for found in page["executions"]):
            states.stop_execution(executionArn=execution["executionArn"], cause="the local stack is emptied")
    database = client(state, "dynamodb")
    for table in TABLES:
        name = state.outputs[table]
        for page in database.get_paginator("scan").paginate(TableName=name, ProjectionExpression="pk, sk"):
            for key in page["Items"]:
                database.delete_item(TableName=name, Key=key)
    MessageStore(home.messages).hide_all()
