"""Composition of ``page_step``, ``dispatch_messages``, ``post_chats`` and ``drive_workflow``."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from hikeshi.runtime.bootstrap.shared import (
    client,
    clock,
    configuration,
    drills,
    ids,
    incident_repository,
    key_ring,
    link_store,
    outbox,
    published,
)

if TYPE_CHECKING:
    from hikeshi.ports.chatting import ChatSender
    from hikeshi.ports.responding import Sender, SendLogs
    from hikeshi.services.escalation.page import Paging
    from hikeshi.services.incidents.drive_workflow import WorkflowDriver
    from hikeshi.services.messages.chat_posts import ChatPoster
    from hikeshi.services.messages.dispatch import Dispatcher


@cache
def _sender(topic_arn: str) -> Sender:
    from hikeshi.adapters.sns_sender import SnsSender

    # One attempt: a retry of a publish whose answer was lost is a second SMS.
    return SnsSender(client=client("sns", attempts=1), topic_arn=topic_arn)


@cache
def _mail_by_ses(sender: str, topic_arn: str) -> Sender:
    from hikeshi.adapters.ses_sender import SesMailSender

    return SesMailSender(client=client("sesv2", attempts=1), sender=sender, otherwise=_sender(topic_arn))


@cache
def _send_logs(table: str) -> SendLogs:
    from hikeshi.adapters.dynamodb_send_logs import DynamoDbSendLogs

    return DynamoDbSendLogs(client=client("dynamodb"), table=table)


def paging() -> Paging:
    """Return what ``page_step`` works with; anew each time, so that the roster is the newest."""
    from hikeshi.runtime.settings import LifecycleSettings
    from hikeshi.services.escalation.page import Paging

    settings = LifecycleSettings.from_env(os.environ)
    return Paging(
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        configuration=configuration(),
        clock=clock(),
        ids=ids(),
    )


def dispatcher() -> Dispatcher:
    """Return the dispatcher; anew each time, so that a leaver gets no more messages."""
    from hikeshi.runtime.settings import DispatchMessagesSettings
    from hikeshi.services.messages.dispatch import Dispatcher, LinkSite
    from hikeshi.services.messages.wording import Wording

    settings = DispatchMessagesSettings.from_env(os.environ)
    topic = settings.messages_topic_arn
    by_ses = settings.mail_via == "ses"
    return Dispatcher(
        outbox=outbox(settings.outbox_table),
        logs=_send_logs(settings.outbox_table),
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        links=link_store(settings.links_table),
        keys=key_ring(settings.link_keys_secret),
        drills=drills(settings.upkeep_table),
        sender=_mail_by_ses(settings.mail_sender, topic) if by_ses else _sender(topic),
        configuration=configuration(),
        wording=Wording(),
        site=LinkSite(base_url=settings.link_base_url, environment=settings.environment),
        clock=clock(),
        ids=ids(),
    )


def chat_poster() -> ChatPoster:
    """Return what posts into chats; anew each time, so that a room that was taken out hears no more."""
    from hikeshi.runtime.settings import PostChatsSettings
    from hikeshi.services.messages.chat_posts import ChatPoster

    settings = PostChatsSettings.from_env(os.environ)
    return ChatPoster(
        outbox=outbox(settings.outbox_table),
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        drills=drills(settings.upkeep_table),
        sender=_chat_sender(),
        configuration=published(),
        clock=clock(),
        ids=ids(),
    )


@cache
def _chat_sender() -> ChatSender:
    from hikeshi.adapters.chat_webhooks import WebhookChats

    return WebhookChats(client=client("secretsmanager"))


@cache
def workflow_driver() -> WorkflowDriver:
    """Return what drives the state machines."""
    from hikeshi.adapters.stepfunctions import StepFunctionsWorkflow
    from hikeshi.runtime.settings import DriveWorkflowSettings
    from hikeshi.services.incidents.drive_workflow import WorkflowDriver

    settings = DriveWorkflowSettings.from_env(os.environ)
    workflow = StepFunctionsWorkflow(
        client=client("stepfunctions"),
        lifecycle_arn=settings.lifecycle_arn,
        ladder_arn=settings.ladder_arn,
    )
    return WorkflowDriver(outbox=outbox(settings.outbox_table), workflow=workflow, clock=clock(), ids=ids())
