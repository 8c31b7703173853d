"""Composition of what keeps the rest going: the audit, the digest, contacts, and every heartbeat."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from hikeshi.runtime.bootstrap.collecting import post_queue
from hikeshi.runtime.bootstrap.incidents import feedback_store
from hikeshi.runtime.bootstrap.scoring import post_counts
from hikeshi.runtime.bootstrap.shared import (
    alert_store,
    client,
    clock,
    configuration,
    directory,
    drills,
    ids,
    incident_repository,
    outbox,
    wording,
)

if TYPE_CHECKING:
    from hikeshi.ports.upkeep import ContactTests, Heartbeats, OutsideWatch
    from hikeshi.services.audit.audit import Auditor
    from hikeshi.services.digest.digest import Digesting
    from hikeshi.services.drills.drill_play import Stage
    from hikeshi.services.people.check_contacts import ContactChecking
    from hikeshi.services.takedowns.takedown_watch import Looking


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
def contact_tests(table: str) -> ContactTests:
    """Return the contact tests, and who pressed."""
    from hikeshi.adapters.dynamodb_upkeep import DynamoDbContactTests

    return DynamoDbContactTests(client=client("dynamodb"), table=table)


def contact_checking() -> ContactChecking:
    """Return what ``check_contacts`` works with; anew each time, so that the roster is the newest."""
    from hikeshi.adapters.sns_opt_outs import SnsOptOuts
    from hikeshi.adapters.sns_subscriptions import SnsMailSubscriptions
    from hikeshi.domain.timeline import SYSTEM
    from hikeshi.runtime.settings import CheckContactsSettings
    from hikeshi.services.people.check_contacts import ContactChecking
    from hikeshi.services.people.contact_test import ContactTesting
    from hikeshi.services.people.directory import Records

    settings = CheckContactsSettings.from_env(os.environ)
    current = configuration()
    subscriptions = SnsMailSubscriptions(client=client("sns"), topic_arn=settings.messages_topic_arn)
    return ContactChecking(
        testing=ContactTesting(
            tests=contact_tests(settings.upkeep_table),
            outbox=outbox(settings.outbox_table),
            configuration=current,
            clock=clock(),
            ids=ids(),
        ),
        opt_outs=SnsOptOuts(client=client("sns")),
        subscriptions=subscriptions if settings.mail_via == "sns" else None,
        records=Records(directory=directory(), roster=current.roster, clock=clock(), ids=ids(), by=SYSTEM),
    )


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
    from hikeshi.services.audit.audit import Auditor

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


@cache
def looking() -> Looking:
    """Return what addresses are looked at with; a page out there has less time than a feed."""
    from hikeshi.adapters.feeds.addresses import networks_in
    from hikeshi.adapters.feeds.download import Downloader
    from hikeshi.adapters.feeds.pages import HttpPageProbe
    from hikeshi.runtime.settings import AuditIncidentsSettings
    from hikeshi.services.takedowns.takedown_watch import Looking

    settings = AuditIncidentsSettings.from_env(os.environ)
    downloader = Downloader(allow_addresses=networks_in(settings.hikeshi_feed_networks), seconds=5.0)
    return Looking(
        probe=HttpPageProbe(downloader=downloader),
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        configuration=configuration,
        clock=clock(),
        ids=ids(),
    )


def drill_stage() -> Stage:
    """Return what drills are played with; anew each time, so that the roster is the newest."""
    from hikeshi.runtime.settings import AuditIncidentsSettings
    from hikeshi.services.drills.drill_play import Stage

    settings = AuditIncidentsSettings.from_env(os.environ)
    return Stage(
        drills=drills(settings.upkeep_table),
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        outbox=outbox(settings.outbox_table),
        queue=post_queue(settings.posts_queue_url),
        configuration=configuration(),
        clock=clock(),
        ids=ids(),
    )


def digesting() -> Digesting:
    """Return what ``send_digest`` works with; anew each time, so that the configuration is the newest."""
    from hikeshi.adapters.dynamodb_sources import DynamoDbSourceStore
    from hikeshi.runtime.settings import SendDigestSettings
    from hikeshi.services.collection import post_payload
    from hikeshi.services.digest.digest import Digesting

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
