"""Mail through SES, for companies that send from an address of their own; SMS goes the ordinary way.

Like SNS's, the client must be made with ``total_max_attempts=1``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from hikeshi.domain.errors import DeliveryError, UndeliverableError
from hikeshi.domain.people import Channel, Person
from hikeshi.ports.responding import Sender

_NEVER = frozenset({"MessageRejected", "BadRequestException", "MailFromDomainNotVerifiedException"})


class SesClient(Protocol):
    """The one call of boto3's ``sesv2`` client that is made."""

    def send_email(self, **request: Any) -> Mapping[str, Any]:
        """Send one mail."""
        ...


class SesMailSender:
    """Sends mail from one verified address.

    Parameters
    ----------
    sender : str
        Address that mails come from.
    otherwise : Sender
        What sends on every other channel.
    """

    def __init__(self, *, client: SesClient, sender: str, otherwise: Sender) -> None:
        self._client = client
        self._sender = sender
        self._otherwise = otherwise

    def send(self, person: Person, channel: Channel, *, subject: str, text: str, urgent: bool) -> str:
        """Hand a mail to SES, once, and return its message id.

        Raises
        ------
        DeliveryError
            If SES did not accept it, or its answer was lost; the message is the provider's code alone.
        UndeliverableError
            If it never will.
        """
        if channel is not Channel.MAIL:
            return self._otherwise.send(person, channel, subject=subject, text=text, urgent=urgent)
        address = person.address(channel)
        if address is None:
            raise UndeliverableError("no address")
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [address]},
                Content={
                    "Simple": {
                        "Subject": {"Data": subject, "Charset": "UTF-8"},
                        "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
                    }
                },
            )
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "unknown")
            raise (UndeliverableError if code in _NEVER else DeliveryError)(code) from None
        except BotoCoreError as error:
            raise DeliveryError(type(error).__name__) from None
        return str(answer["MessageId"])
