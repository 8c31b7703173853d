"""The operator's line: a topic of its own, published to directly.

No outbox, roster, link or configuration lies on this way, and the alarms of the stack end at the same
topic: whatever breaks the way of the responders leaves this one open.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hikeshi.domain.errors import DeliveryError
from hikeshi.ports.upkeep import OperatorCall

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class SnsOperatorLine:
    """Publishes calls; subscribers by mail get all of it, those by SMS one line.

    Unlike for the responders, the client may repeat a call whose answer was lost: told twice is better.
    """

    def __init__(self, *, client: SNSClient, topic_arn: str) -> None:
        self._client = client
        self._topic_arn = topic_arn

    def call(self, call: OperatorCall) -> None:
        """Publish a call.

        Raises
        ------
        DeliveryError
            If SNS did not accept it.
        """
        texts = {"default": call.mail, "email": call.mail, "sms": call.sms}
        try:
            self._client.publish(
                TopicArn=self._topic_arn,
                Subject=call.subject,
                Message=json.dumps(texts, ensure_ascii=False),
                MessageStructure="json",
            )
        except ClientError as error:
            raise DeliveryError(error.response.get("Error", {}).get("Code", "unknown")) from None
        except BotoCoreError as error:
            raise DeliveryError(type(error).__name__) from None
