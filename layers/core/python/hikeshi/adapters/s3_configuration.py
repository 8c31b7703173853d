"""The configuration as it lies in S3."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hikeshi.adapters.configuration_document import ConfigurationDocument
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import ConfigError
from hikeshi.ports.environment import Clock

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

DOCUMENT_KEY = "config.json"
FRESH_FOR = timedelta(seconds=60)

_MISSING = frozenset({"NoSuchKey", "404"})
_NOT_MODIFIED = frozenset({"304", "NotModified"})


class S3ConfigurationSource:
    """Reads ``config.json`` at most once a minute, and then only if it changed.

    An answer that cannot be read now is no reason to stop: the last good configuration stays in force.
    """

    def __init__(self, *, client: S3Client, bucket: str, clock: Clock) -> None:
        self._client = client
        self._bucket = bucket
        self._clock = clock
        self._held: Configuration | None = None
        self._etag = ""
        self._checked_at: datetime | None = None

    def current(self) -> Configuration:
        """Return the configuration, at most a minute old.

        Raises
        ------
        ConfigError
            If none was published, or it cannot be read and no earlier one is held.
        """
        now = self._clock.now()
        if self._held is not None and self._checked_at is not None and now - self._checked_at < FRESH_FOR:
            return self._held
        try:
            self._read()
        except ConfigError:
            if self._held is None:
                raise
        self._checked_at = now
        if self._held is None:
            raise ConfigError(f"{DOCUMENT_KEY} did not change since it was never read")
        return self._held

    def _read(self) -> None:
        try:
            if self._etag:
                answer = self._client.get_object(
                    Bucket=self._bucket, Key=DOCUMENT_KEY, IfNoneMatch=self._etag
                )
            else:
                answer = self._client.get_object(Bucket=self._bucket, Key=DOCUMENT_KEY)
            content = answer["Body"].read()
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _NOT_MODIFIED:
                return
            if code in _MISSING:
                message = (
                    "設定がまだ反映されていません。hikeshi config push で反映してください"
                    f" / no {DOCUMENT_KEY} in {self._bucket}; publish it with: hikeshi config push"
                )
                raise ConfigError(message) from None
            raise ConfigError(f"{DOCUMENT_KEY} cannot be read: {code}") from error
        except BotoCoreError as error:
            raise ConfigError(f"{DOCUMENT_KEY} cannot be read: {type(error).__name__}") from error
        self._held = ConfigurationDocument.from_json(content).to_configuration()
        self._etag = answer["ETag"]
