"""Grants and keys in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hikeshi.domain.links import LinkGrant, SigningKey

FIRST_KEY = SigningKey(kid="key-1", secret=b"an invented secret for tests, number one")
SECOND_KEY = SigningKey(kid="key-2", secret=b"an invented secret for tests, number two")


class InMemoryLinkStore:
    """Keeps grants under their digests; ``reads`` counts look-ups."""

    def __init__(self) -> None:
        self.grants: dict[str, LinkGrant] = {}
        self.reads = 0

    def put(self, grant: LinkGrant) -> None:
        self.grants.setdefault(grant.digest, grant)

    def get(self, digest: str) -> LinkGrant | None:
        self.reads += 1
        return self.grants.get(digest)

    def count_wrong_number(self, digest: str) -> int:
        grant = self.grants[digest]
        self.grants[digest] = replace(grant, wrong_numbers=grant.wrong_numbers + 1)
        return grant.wrong_numbers + 1

    def every(self) -> Iterator[LinkGrant]:
        yield from list(self.grants.values())

    def revoke(self, digest: str) -> bool:
        grant = self.grants.get(digest)
        if grant is None or grant.revoked:
            return False
        self.grants[digest] = replace(grant, revoked=True)
        return True


class FixedKeyRing:
    """Holds the keys it is given, the one to sign with first."""

    def __init__(self, *keys: SigningKey) -> None:
        self._keys = keys or (FIRST_KEY,)

    def keys(self) -> tuple[SigningKey, ...]:
        return self._keys
