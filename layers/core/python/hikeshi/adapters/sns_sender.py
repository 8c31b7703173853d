"""SMS and mail through SNS.

The client must be made with ``total_max_attempts=1``: a retry of ``publish`` whose answer was lost
sends the text twice, and only the dispatcher may decide to do that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hikeshi.domain.errors import DeliveryError, UndeliverableError
from hikeshi.domain.people import Channel, Person

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

RECIPIENT = "recipient"
"""Message attribute that each person's mail subscription filters on."""

_NEVER = frozenset(
    {"OptedOut", "InvalidParameter", "InvalidParameterValue", "ParameterValueInvalid", "ValidationError"}
)


class SnsSender:
    """Sends one text to one person.

    Parameters
    ----------
    topic_arn : str
        Topic of all mails; a subscription passes only those of its own person.
    """

    def __init__(self, *, client: SNSClient, topic_arn: str) -> None:
        self._client = client
        self._topic_arn = topic_arn

    def send(self, person: Person, channel: Channel, *, subject: str, text: str, urgent: bool) -> str:
        """Hand the text to SNS, once, and return its message id.

        Every SMS travels as ``Transactional``, SNS's only word for urgent.

        Raises
        ------
        DeliveryError
            If SNS did not accept it, or its answer was lost; the message is the provider's code alone,
            since its sentences repeat the number.
        UndeliverableError
            If it never will.
        """
        address = person.address(channel)
        if address is None:
            raise UndeliverableError("no address")
        try:
            if channel is Channel.SMS:
                return self._sms(address, text)
            return self._mail(person.id, subject, text)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "unknown")
            if code in _NEVER:
                raise UndeliverableError(code) from None
            raise DeliveryError(code) from None
        except BotoCoreError as error:
            raise DeliveryError(type(error).__name__) from None

    def _sms(self, phone: str, text: str) -> str:
        answer = self._client.publish(
            PhoneNumber=phone,
            Message=text,
            MessageAttributes={
                "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
            },
        )
        return answer["MessageId"]

    def _mail(self, person_id: str, subject: str, text: str) -> str:
        answer = self._client.publish(
            TopicArn=self._topic_arn,
            Subject=subject,
            Message=text,
            MessageAttributes={RECIPIENT: {"DataType": "String", "StringValue": person_id}},
        )
        return answer["MessageId"]
