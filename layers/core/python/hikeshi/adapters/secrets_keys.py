"""Signing keys as Secrets Manager keeps them: the current version and the one before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hikeshi.domain.errors import ConfigError
from hikeshi.domain.links import SigningKey
from hikeshi.ports.environment import Clock

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

FRESH_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Version:
    key: SigningKey
    created_at: datetime


class SecretsManagerKeyRing:
    """Holds the two live keys of a secret ``{"key": "…"}`` and reads them again every five minutes.

    For its first ten minutes a new key verifies but does not sign: by then every container that has
    to verify has read it, so a rotation never makes a fresh link look forged. When the secret cannot
    be read, the keys that are held stay in force.
    """

    def __init__(
        self, *, client: SecretsManagerClient, secret_id: str, clock: Clock, ttl: timedelta = FRESH_FOR
    ) -> None:
        self._client = client
        self._secret_id = secret_id
        self._clock = clock
        self._ttl = ttl
        self._held: tuple[_Version, ...] = ()
        self._read_at: datetime | None = None

    def keys(self) -> tuple[SigningKey, ...]:
        """Return the live keys, the one to sign with first.

        Raises
        ------
        ConfigError
            If the secret cannot be read and no keys are held.
        """
        now = self._clock.now()
        if self._read_at is None or now - self._read_at >= self._ttl:
            self._refresh()
            self._read_at = now
        keys = tuple(version.key for version in self._held)
        return keys if now - self._held[0].created_at >= 2 * self._ttl else keys[::-1]

    def _refresh(self) -> None:
        try:
            self._held = self._live_versions()
        except ConfigError:
            if not self._held:
                raise

    def _live_versions(self) -> tuple[_Version, ...]:
        """Return the current version and, if there is one, the previous."""
        try:
            current, previous = self._version("AWSCURRENT"), self._version("AWSPREVIOUS")
        except (ClientError, BotoCoreError) as error:
            raise ConfigError(f"secret {self._secret_id} cannot be read: {_name(error)}") from error
        if current is None:
            raise ConfigError(f"secret {self._secret_id} has no current version")
        return (current,) if previous is None else (current, previous)

    def _version(self, stage: str) -> _Version | None:
        try:
            answer = self._client.get_secret_value(SecretId=self._secret_id, VersionStage=stage)
        except self._client.exceptions.ResourceNotFoundException:
            return None
        secret = _key_of(answer["SecretString"], self._secret_id)
        created_at = answer["CreatedDate"].astimezone(UTC)
        return _Version(SigningKey(kid=answer["VersionId"], secret=secret), created_at)


def _key_of(text: str, secret_id: str) -> bytes:
    try:
        key = json.loads(text)["key"]
    except (ValueError, LookupError, TypeError):
        key = None
    if not isinstance(key, str) or not key:
        raise ConfigError(f'secret {secret_id} must read {{"key": "<random text>"}}')
    return key.encode()


def _name(error: ClientError | BotoCoreError) -> str:
    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code", "unknown")
    return type(error).__name__
