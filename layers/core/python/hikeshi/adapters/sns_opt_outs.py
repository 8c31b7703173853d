"""Numbers that SNS refuses because their owners asked it to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class SnsOptOuts:
    """Asks SNS about one number at a time."""

    def __init__(self, *, client: SNSClient) -> None:
        self._client = client

    def is_opted_out(self, phone: str) -> bool:
        """Tell whether the owner of a number (E.164) told SNS to send nothing."""
        return bool(self._client.check_if_phone_number_is_opted_out(phoneNumber=phone)["isOptedOut"])
