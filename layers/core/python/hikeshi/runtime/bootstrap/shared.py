"""What several functions are made of: clock, ids, clients, configuration, stores."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hikeshi.adapters.dynamodb_alerts import DynamoDbAlertStore
    from hikeshi.domain.configuration import Configuration
    from hikeshi.ports.configuring import ConfigurationSource
    from hikeshi.ports.directory import Directory
    from hikeshi.ports.drills import Drills
    from hikeshi.ports.environment import Clock, Ids
    from hikeshi.ports.responding import IncidentRepository, KeyRing, LinkStore, Outbox
    from hikeshi.services.messages.wording import Wording
    from hikeshi.services.people.directory import FreshStandings


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


def published() -> Configuration:
    """Return the deployed configuration, at most a minute old, for those who ask nobody anything."""
    return _configuration_source().current()


@cache
def directory() -> Directory:
    """Return what is known of people beyond the configuration."""
    from hikeshi.adapters.dynamodb_directory import DynamoDbDirectory

    return DynamoDbDirectory(client=client("dynamodb"), table=os.environ["DIRECTORY_TABLE"])


@cache
def _standings() -> FreshStandings:
    from hikeshi.services.people.directory import FreshStandings

    return FreshStandings(directory=directory(), clock=clock())


def configuration() -> Configuration:
    """Return the deployed configuration with the roster as it holds now."""
    from hikeshi.services.people.directory import effective

    return effective(published(), _standings().current(), at=clock().now())


@cache
def key_ring(secret_id: str) -> KeyRing:
    """Return the two live keys of a secret."""
    from hikeshi.adapters.secrets_keys import SecretsManagerKeyRing

    return SecretsManagerKeyRing(client=client("secretsmanager"), secret_id=secret_id, clock=clock())


@cache
def alert_store(table: str) -> DynamoDbAlertStore:
    """Return where alerts are kept."""
    from hikeshi.adapters.dynamodb_alerts import DynamoDbAlertStore

    return DynamoDbAlertStore(client=client("dynamodb"), table=table, ids=ids())


@cache
def wording() -> Wording:
    """Return the sentences that people read."""
    from hikeshi.services.messages.wording import Wording

    return Wording()


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
def drills(table: str) -> Drills:
    """Return the drills, and how far each is."""
    from hikeshi.adapters.dynamodb_drills import DynamoDbDrills

    return DynamoDbDrills(client=client("dynamodb"), table=table)


@cache
def link_store(table: str) -> LinkStore:
    """Return what links open."""
    from hikeshi.adapters.dynamodb_links import DynamoDbLinkStore

    return DynamoDbLinkStore(client=client("dynamodb"), table=table)
