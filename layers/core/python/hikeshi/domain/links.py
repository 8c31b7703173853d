"""Signed links: 22 base58 characters that open one incident for one person.

``T = base58(HMAC-SHA256(key, "v1|purpose|environment|incident|person|nonce")[:16])``. The row lies
under SHA-256 of T, so neither the table nor the key alone mints a link, and a retry derives the same
link from the same nonce without T ever being stored.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from hikeshi.domain.experts import WINDOWS

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
TOKEN_LENGTH = 22
_PASTED_ON = " \t\r\n\u3000。、．，.,;:!?！？)）]］>＞」』】〉》\"'”’"
"""What programmes and people set right behind an address, as if it were part of it."""

MAX_WRONG_NUMBERS = 3
READ_ONLY_AFTER = timedelta(hours=72)
"""When a link to an incident only shows."""

INCIDENT = "incident"
CONTACT = "contact"
DUTY = "duty"
RECEIPT = "receipt"
DRILL = "drill"
EXPERT = "expert"
ACTS_FOR = {
    INCIDENT: READ_ONLY_AFTER,
    CONTACT: timedelta(days=7),
    DUTY: timedelta(days=30),
    RECEIPT: timedelta(days=7),
    DRILL: timedelta(days=30),
    EXPERT: WINDOWS[-1],
}
"""What a link may open, and how long it may be acted on: an incident, the confirmation of an address, the
page of duties and absences, the button of a contact test, the score of a drill, which only shows, or what
an expert was asked and shown, which ends with its own window."""

SHOWS_FOR = timedelta(hours=24)
"""How much longer a link shows what it can no longer change; also after its incident has ended."""


def end_of(purpose: str, *, created_at: datetime) -> datetime:
    """Return when a link opens nothing any more."""
    return created_at + ACTS_FOR[purpose] + SHOWS_FOR


@dataclass(frozen=True, kw_only=True, slots=True)
class SigningKey:
    """A key and its id; two are live during a rotation."""

    kid: str
    secret: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkGrant:
    """What a link opens.

    Attributes
    ----------
    digest : str
        SHA-256 of the token, 64 hex digits: the key of the row.
    purpose : str
        What it opens, a key of ``ACTS_FOR``.
    incident_id : str
        Which of these: the incident, ``<channel>:<digest of the address>`` of a contact, the id of a
        drill, empty for duties.
    check_number : str
        Two digits printed in the message, never on the page.
    wrong_numbers : int
        Wrong tries so far; at three the link only shows.
    """

    digest: str
    purpose: str
    environment: str
    incident_id: str
    person_id: str
    nonce: str
    kid: str
    check_number: str
    created_at: datetime
    expires_at: datetime
    wrong_numbers: int = 0
    revoked: bool = False

    def is_outstanding(self, at: datetime) -> bool:
        """Tell whether the link still opens something, as far as it says of itself."""
        return not self.revoked and at < self.expires_at


def derive_token(
    key: SigningKey, *, purpose: str, environment: str, incident_id: str, person_id: str, nonce: str
) -> str:
    """Derive the 22 characters of a link."""
    message = "|".join(("v1", purpose, environment, incident_id, person_id, nonce)).encode()
    mac = hmac.new(key.secret, message, hashlib.sha256).digest()[:16]
    number = int.from_bytes(mac, "big")
    characters = []
    for _ in range(TOKEN_LENGTH):
        number, remainder = divmod(number, 58)
        characters.append(ALPHABET[remainder])
    return "".join(reversed(characters))


def digest_of(token: str) -> str:
    """Return the key under which the row of a token lies."""
    return hashlib.sha256(token.encode()).hexdigest()


def as_sent(token: str) -> str:
    """Return a token without what was pasted on to its end: 「。」, a space, a bracket."""
    return token[:TOKEN_LENGTH] if token[TOKEN_LENGTH:].strip(_PASTED_ON) == "" else token


def is_well_formed(token: str) -> bool:
    """Refuse garbage by length and alphabet before anything is read."""
    return len(token) == TOKEN_LENGTH and all(c in ALPHABET for c in token)


def signed_by(grant: LinkGrant, token: str, keys: tuple[SigningKey, ...]) -> bool:
    """Recompute the token of a stored grant and compare in constant time."""
    for key in keys:
        if key.kid == grant.kid:
            expected = derive_token(
                key,
                purpose=grant.purpose,
                environment=grant.environment,
                incident_id=grant.incident_id,
                person_id=grant.person_id,
                nonce=grant.nonce,
            )
            return hmac.compare_digest(expected.encode(), token.encode())
    return False
