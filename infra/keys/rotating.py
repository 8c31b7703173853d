"""The two live versions of a key in Secrets Manager, and how one takes the place of another.

A new version becomes AWSCURRENT and Secrets Manager makes the one before AWSPREVIOUS: both open links.
The version before that loses its stage and opens nothing, so two rotations within a day would void links
that people still use. Here that is refused.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hikeshi.domain.japan_time import JST
from hikeshi.ports.environment import Clock

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

OVERLAP = timedelta(hours=24)
"""How long the key before stays good at least."""

KEY_BYTES = 36
_CURRENT, _PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"


class RotationError(Exception):
    """The key cannot be changed now; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyVersion:
    """A version of a key, without the key."""

    id: str
    created_at: datetime
    is_current: bool


class KeyRotation:
    """Changes one key of a stack."""

    def __init__(self, *, client: SecretsManagerClient, secret_id: str, clock: Clock) -> None:
        self._client = client
        self._secret_id = secret_id
        self._clock = clock

    def live(self) -> tuple[KeyVersion, ...]:
        """Return the versions that are good, the current one first."""
        answer = self._client.list_secret_version_ids(SecretId=self._secret_id)
        found = [
            KeyVersion(
                id=version["VersionId"],
                created_at=version["CreatedDate"].astimezone(UTC),
                is_current=_CURRENT in version["VersionStages"],
            )
            for version in answer["Versions"]
            if {_CURRENT, _PREVIOUS} & set(version.get("VersionStages", ()))
        ]
        return tuple(sorted(found, key=lambda version: not version.is_current))

    def rotate(self) -> KeyVersion:
        """Make a new key; the one before stays good.

        Raises
        ------
        RotationError
            If the key was changed within the last day.
        """
        current, *previous = self.live()
        if previous and not self._has_overlapped(current):
            raise RotationError(
                "前回の交換から 24 時間たっていません。いま交換すると、使用中のリンクが開けなくなります"
                f"（{self._overlap_ends(current)} 以降にもう一度）"
                " / changed less than a day ago: links in use would stop opening"
            )
        return self._put()

    def drop_old(self, *, at_once: bool = False) -> KeyVersion:
        """Let the key before open nothing any more; returns it.

        Raises
        ------
        RotationError
            If there is none, or the day of overlap is not over and it is not to be at once.
        """
        current, *previous = self.live()
        if not previous:
            raise RotationError("以前の鍵はありません / there is no key before the current one")
        if not at_once and not self._has_overlapped(current):
            raise RotationError(
                f"以前の鍵は {self._overlap_ends(current)} まで残します"
                "（急ぐときは hikeshi keys revoke を使ってください）"
                " / the key before stays for a day; hikeshi keys revoke does not wait"
            )
        self._client.update_secret_version_stage(
            SecretId=self._secret_id, VersionStage=_PREVIOUS, RemoveFromVersionId=previous[0].id
        )
        return previous[0]

    def replace(self) -> KeyVersion:
        """Make a new key and let every other one open nothing, at once; returns the new one."""
        made = self._put()
        self.drop_old(at_once=True)
        return made

    def _put(self) -> KeyVersion:
        secret = json.dumps({"key": secrets.token_urlsafe(KEY_BYTES)})
        self._client.put_secret_value(SecretId=self._secret_id, SecretString=secret)
        return self.live()[0]

    def _has_overlapped(self, current: KeyVersion) -> bool:
        return self._clock.now() >= current.created_at + OVERLAP

    @staticmethod
    def _overlap_ends(current: KeyVersion) -> str:
        return f"{(current.created_at + OVERLAP).astimezone(JST):%Y-%m-%d %H:%M} 日本時間"
