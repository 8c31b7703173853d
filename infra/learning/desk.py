"""Reaches the alerts and the feedback of a stack, with the rights of whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

from hikeshi.domain.alerts import Alert
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import NotFoundError
from hikeshi.ports.environment import Clock
from hikeshi.ports.feedback import FeedbackStore
from hikeshi.ports.responding import IncidentRepository
from hikeshi.ports.scoring import AlertStore


class NoStackError(Exception):
    """No stack is known; the message says what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """A stack as the desk uses it.

    Attributes
    ----------
    is_restricted : callable
        Tells of the id of an incident whether only few may know of it.
    """

    alerts: AlertStore
    feedback: FeedbackStore
    configuration: Callable[[], Configuration]
    clock: Clock
    is_restricted: Callable[[str], bool]

    def may_print(self, alert: Alert | None) -> bool:
        """Tell whether the posts of an alert may be read by whoever asks."""
        return alert is None or alert.incident_id is None or not self.is_restricted(alert.incident_id)


def open_desk(*, stack: str | None, home: Path | None) -> Desk:
    """Return the desk of a deployed stack, or of the one on this machine.

    Raises
    ------
    NoStackError
        If there is no such stack.
    """
    from hikeshi.adapters.dynamodb_alerts import DynamoDbAlertStore
    from hikeshi.adapters.dynamodb_feedback import DynamoDbFeedbackStore
    from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
    from hikeshi.adapters.environment import SystemClock, SystemIds
    from hikeshi.adapters.s3_configuration import S3ConfigurationSource

    client, outputs = reach(stack, home)
    clock = SystemClock()
    source = S3ConfigurationSource(client=client("s3"), bucket=outputs["ConfigBucket"], clock=clock)
    table, dynamodb = outputs["AlertsTable"], client("dynamodb")
    incidents = DynamoDbIncidentRepository(
        client=dynamodb,
        table=outputs["IncidentsTable"],
        outbox_table=outputs["OutboxTable"],
        ids=SystemIds(),
    )
    return Desk(
        alerts=DynamoDbAlertStore(client=dynamodb, table=table, ids=SystemIds()),
        feedback=DynamoDbFeedbackStore(client=dynamodb, table=table),
        configuration=source.current,
        clock=clock,
        is_restricted=cache(partial(_is_restricted, incidents)),
    )


def _is_restricted(incidents: IncidentRepository, incident_id: str) -> bool:
    """Tell whether few may know of an incident; of one that is not there, nobody can say that all may."""
    try:
        return incidents.room(incident_id).incident.circle is not None
    except NotFoundError:
        return True


class _Outputs(dict[str, str]):
    """The outputs of a stack; one that an older version did not have says so."""

    def __missing__(self, name: str) -> str:
        raise NoStackError(
            f"スタックに {name} の出力がありません。この版を sam deploy してください"
            f" / the stack has no output {name}: deploy this version"
        )


def reach(stack: str | None, home: Path | None) -> tuple[Callable[[str], Any], Mapping[str, str]]:
    """Return how to call the services of a stack, and its outputs.

    Raises
    ------
    NoStackError
        If there is no such stack.
    """
    if stack:
        import boto3

        from infra.local.deploying import outputs_of

        outputs = outputs_of(boto3.client("cloudformation"), stack)
        if outputs is None or not {"AlertsTable", "ConfigBucket"} <= outputs.keys():
            raise NoStackError(
                f"スタック {stack} が見つかりません。名前と、AWS のリージョンとアカウントを確かめてください"
                f" / no stack {stack} that is ready"
            )
        return cast("Callable[[str], Any]", boto3.client), _Outputs(outputs)
    from infra.local import stack as local_stack
    from infra.local.home import Home, default_home

    state = (Home(root=home) if home else default_home()).remembered()
    if state is None:
        raise NoStackError(
            "手元のスタックが動いていません。hikeshi local up で起動するか、--stack で名前を指定してください"
            " / no stack is running here"
        )
    return (lambda service: local_stack.client(state, service)), state.outputs
