"""Numbers that SNS refuses because their owners asked it to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class SnsOptOuts:
    """Asks SNS about one number at a time."""

    def __init__(self, *, client: SNSClient) -> None:
        self._client = client

    def is_opted_out(self, phone: str) -> bool:
        """Tell whether the owner of a number (E.164) told SNS to send nothing."""
        try:
            answer = self._client.check_if_phone_number_is_opted_out(phoneNumber=phone)
        except ClientError as error:
            # The embedded stack knows no opt-outs, and says so.
            if error.response.get("Error", {}).get("Code") == "InvalidAction":
                return False
            raise
        return bool(answer["isOptedOut"])
