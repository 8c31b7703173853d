"""Signed links: made when a message is sent, opened when somebody follows them.

See :mod:`hikeshi.domain.links` for what a link is made of.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hikeshi.domain.circles import may_know
from hikeshi.domain.errors import CheckNumberError, LinkError
from hikeshi.domain.incidents import Incident
from hikeshi.domain.links import (
    ACTS_FOR,
    INCIDENT,
    MAX_WRONG_NUMBERS,
    SHOWS_FOR,
    LinkGrant,
    derive_token,
    digest_of,
    end_of,
    is_well_formed,
    signed_by,
)
from hikeshi.domain.outbox import Message
from hikeshi.domain.people import Person, Roster
from hikeshi.ports.responding import KeyRing, LinkStore

PURPOSE = INCIDENT
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_DECOY = LinkGrant(
    digest="",
    purpose=PURPOSE,
    environment="",
    incident_id="",
    person_id="",
    nonce="0" * 32,
    kid="",
    check_number="",
    created_at=_NEVER,
    expires_at=_NEVER,
)
"""Checked in place of a grant that is not there, so that a miss costs as much as a hit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedLink:
    """A link that opens something.

    Attributes
    ----------
    person : Person
        Whom the link was sent to; the page names them.
    incident_id : str
        What it opens.
    may_act : bool
        False once it is too old to act on (:data:`~hikeshi.domain.links.ACTS_FOR`), or locked by wrong
        numbers: then it only shows.
    grant : LinkGrant
        The row behind it.
    """

    person: Person
    incident_id: str
    may_act: bool
    grant: LinkGrant


def mint_link(message: Message, *, links: LinkStore, keys: KeyRing, environment: str, at: datetime) -> str:
    """Make the link of a message and store what it opens; returns the 22 characters.

    The same message makes the same link again, however often it is sent.
    """
    key = keys.keys()[0]
    token = derive_token(
        key,
        purpose=message.purpose,
        environment=environment,
        incident_id=message.incident_id,
        person_id=message.person_id,
        nonce=message.nonce,
    )
    links.put(
        LinkGrant(
            digest=digest_of(token),
            purpose=message.purpose,
            environment=environment,
            incident_id=message.incident_id,
            person_id=message.person_id,
            nonce=message.nonce,
            kid=key.kid,
            check_number=message.check_number,
            created_at=at,
            expires_at=end_of(message.purpose, created_at=at),
        )
    )
    return token


def open_link(
    token: str,
    *,
    links: LinkStore,
    keys: KeyRing,
    roster: Roster,
    environment: str,
    at: datetime,
    purposes: Container[str] = (PURPOSE,),
) -> OpenedLink:
    """Find out what a link opens; changes nothing.

    Parameters
    ----------
    purposes : container of str
        What the visitor may be about; a link made for anything else opens nothing.

    Raises
    ------
    LinkError
        If it opens nothing. The reason is for the log; every visitor sees the same page.
    """
    if not is_well_formed(token):
        raise LinkError("malformed")
    grant = links.get(digest_of(token))
    live = keys.keys()
    # The decoy borrows a live key, so that an unknown token is recomputed and compared as well.
    genuine = signed_by(grant or replace(_DECOY, kid=live[0].kid), token, live)
    if grant is None:
        raise LinkError("unknown")
    if not genuine:
        raise LinkError("forged")
    person = roster.people.get(grant.person_id)
    refused = {
        "foreign": grant.environment != environment or grant.purpose not in purposes,
        "revoked": grant.revoked,
        "expired": at >= grant.expires_at,
    }
    for reason, applies in refused.items():
        if applies:
            raise LinkError(reason)
    if person is None or not person.active:
        raise LinkError("inactive")
    may_act = at < grant.created_at + ACTS_FOR[grant.purpose] and grant.wrong_numbers < MAX_WRONG_NUMBERS
    return OpenedLink(person=person, incident_id=grant.incident_id, may_act=may_act, grant=grant)


def check_is_shown(opened: OpenedLink, incident: Incident, *, at: datetime) -> None:
    """Let a link open its incident only to those who may know of it, and let it go with the incident.

    A day after the end, only what was sent at the end still opens.

    Raises
    ------
    LinkError
        ``not in the circle`` or ``closed``.
    """
    if not may_know(incident.circle, opened.person):
        raise LinkError("not in the circle")
    ended_at = None if incident.status.is_open else incident.status_since
    if ended_at is not None and opened.grant.created_at < ended_at and at >= ended_at + SHOWS_FOR:
        raise LinkError("closed")


def verify_check_number(opened: OpenedLink, number: str, *, links: LinkStore) -> None:
    """Compare the number a person typed with the one printed in their message.

    Full-width digits count as digits: Japanese keyboards type them by default.

    Raises
    ------
    CheckNumberError
        If it is not the same; the third wrong one locks this link, and no other.
    """
    grant = opened.grant
    left = MAX_WRONG_NUMBERS - grant.wrong_numbers
    if left <= 0:
        raise CheckNumberError(0)
    typed = unicodedata.normalize("NFKC", number).strip().encode()
    if grant.check_number and hmac.compare_digest(typed, grant.check_number.encode()):
        return
    wrong = links.count_wrong_number(grant.digest)
    raise CheckNumberError(max(MAX_WRONG_NUMBERS - wrong, 0))
