"""Publishing to a stack that CloudFormation knows by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from hikeshi.adapters.configuration_document import ConfigurationDocument
from hikeshi.adapters.sns_subscriptions import SnsMailSubscriptions
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import ConfigError
from hikeshi.services.messages.subscriptions import reconcile
from infra.configuring.publishing import publish_document, subscribe_queue

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient


def push_document(
    document: ConfigurationDocument, *, outputs: Mapping[str, str], mail_queue: str | None
) -> list[str]:
    """Publish a document, reconcile the mail subscriptions, and tell in Japanese what was done."""
    publish_document(document, s3=boto3.client("s3"), bucket=outputs["ConfigBucket"])
    told = ["反映しました（1 分以内に有効になります）"]
    sns, topic = boto3.client("sns"), outputs["MessagesTopicArn"]
    if mail_queue is not None:
        subscribe_queue(sns=sns, topic_arn=topic, queue_arn=mail_queue)
        return [*told, "メールは受信箱のキューへ送られます"]
    if outputs.get("MailVia") == "ses":
        return [*told, "メールは SES から送られます（登録の確認は要りません）"]
    roster = document.to_configuration().roster
    changes = reconcile(roster, subscriptions=SnsMailSubscriptions(client=sns, topic_arn=topic))
    if changes.added:
        told.append(f"確認メールを送りました: {', '.join(changes.added)}")
    if changes.unconfirmed:
        told.append(f"まだ確認されていません: {', '.join(changes.unconfirmed)}")
    if changes.removed:
        told.append(f"名簿にない宛先を {changes.removed} 件外しました")
    if changes.unprotected:
        told.append(
            f"メール末尾のリンクで外れるおそれがあります: {', '.join(changes.unprotected)}"
            "（hikeshi people confirm-mail で確認し直せます）"
        )
    return told


def ask_to_confirm(configuration: Configuration, *, outputs: Mapping[str, str]) -> int:
    """Queue a message to every address that was never asked; returns how many there were."""
    from hikeshi.adapters.environment import SystemClock, SystemIds
    from infra.people.office import office_of

    office = office_of(
        configuration, client=boto3.client, outputs=outputs, clock=SystemClock(), ids=SystemIds()
    )
    return office.ask_to_confirm(office.roster.people.values())


def stack_outputs(stack: str, *, cloudformation: CloudFormationClient) -> dict[str, str]:
    """Return the outputs of a stack.

    Raises
    ------
    ConfigError
        If there is no such stack, or it has not the outputs of ours.
    """
    try:
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        raise ConfigError(
            f"スタック {stack} が見つかりません。名前と、AWS のリージョンとアカウントを確かめてください"
            f" / no stack {stack} that can be read"
        ) from None
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
    missing = {"ConfigBucket", "MessagesTopicArn"} - outputs.keys()
    if missing:
        raise ConfigError(
            f"スタック {stack} に {'、'.join(sorted(missing))} の出力がありません。hikeshi のスタックの名前か"
            "確かめてください / not a hikeshi stack"
        )
    return outputs
