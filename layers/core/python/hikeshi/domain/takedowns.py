"""Requests to take a post down: one for each address, asked for on a legal ground and approved by another.

The request goes to whoever runs the site, by the hand of a person. What changes a room is in
:mod:`hikeshi.domain.removing`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from hikeshi.domain.errors import NotReadyError
from hikeshi.domain.facts import Proof
from hikeshi.domain.timeline import SYSTEM

LOOK_EVERY = timedelta(days=1)
"""How often an address is looked at."""

KEPT_FOR = timedelta(days=30)
"""How long after its last step an address is still looked at, and a request waits to be sent."""

MOST_LOOKS = 12
"""Looks that a request keeps, the latest."""

LEAST_LETTERS = 8
"""Letters of a line below which finding it on a page says nothing."""


class Ground(StrEnum):
    """What a request rests on; ``criticism`` is offered so that it can be refused with the reason."""

    PRIVACY = "privacy"
    DEFAMATION = "defamation"
    COPYRIGHT = "copyright"
    IMPERSONATION = "impersonation"
    THREAT = "threat"
    CRITICISM = "criticism"


class Platform(StrEnum):
    """Whom a request is addressed to; each has its own text."""

    X = "x"
    YOUTUBE = "youtube"
    META = "meta"
    TIKTOK = "tiktok"
    GOOGLE = "google"
    BOARD = "board"
    SUMMARY_SITE = "summary_site"
    PROVIDER = "provider"


class TakedownState(StrEnum):
    """Where a request stands."""

    PROPOSED = "proposed"
    DRAFT = "draft"
    APPROVED = "approved"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    REMOVED = "removed"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class TakedownEvent(StrEnum):
    """What moves a request on."""

    ADOPTED = "adopted"
    APPROVED = "approved"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    REMOVED = "removed"
    REFUSED = "refused"
    EXPIRED = "expired"
    SEEN_AGAIN = "seen_again"
    WITHDRAWN = "withdrawn"


_S = TakedownState
_E = TakedownEvent

TRANSITIONS: dict[tuple[TakedownState, TakedownEvent], TakedownState] = {
    (_S.PROPOSED, _E.ADOPTED): _S.DRAFT,
    (_S.DRAFT, _E.APPROVED): _S.APPROVED,
    (_S.APPROVED, _E.SENT): _S.SENT,
    (_S.EXPIRED, _E.SENT): _S.SENT,
    (_S.SENT, _E.ACKNOWLEDGED): _S.ACKNOWLEDGED,
    **{(state, _E.EXPIRED): _S.EXPIRED for state in (_S.SENT, _S.ACKNOWLEDGED)},
    **{(state, _E.REFUSED): _S.REFUSED for state in (_S.SENT, _S.ACKNOWLEDGED, _S.EXPIRED)},
    **{(state, _E.REMOVED): _S.REMOVED for state in (_S.SENT, _S.ACKNOWLEDGED, _S.EXPIRED, _S.REFUSED)},
    # The approval still stands; asking again is a new sending with a new deadline.
    (_S.REMOVED, _E.SEEN_AGAIN): _S.APPROVED,
    **{(state, _E.WITHDRAWN): _S.WITHDRAWN for state in (_S.PROPOSED, _S.DRAFT, _S.APPROVED)},
}

ASKED = frozenset({_S.SENT, _S.ACKNOWLEDGED})
"""The site has been asked and owes an answer."""

UNSENT = frozenset({_S.PROPOSED, _S.DRAFT, _S.APPROVED})
"""Somebody here still has to do something."""

UNSETTLED = UNSENT | ASKED
"""Somebody still has to do something, here or there."""

MIRRORED = ASKED | {_S.REMOVED, _S.EXPIRED}
"""Copies of these are looked for."""


class Sight(StrEnum):
    """What a page shows to whoever is not signed in and runs no script."""

    ABSENT = "absent"
    SHOWN = "shown"
    NOT_SHOWN = "not_shown"
    UNREADABLE = "unreadable"


class Look(StrEnum):
    """What somebody who opened the address found there."""

    GONE = "gone"
    THERE = "there"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """One look at the address; ``by`` is a person id or ``hikeshi``."""

    look: Look
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Takedown:
    """A request for one address.

    Attributes
    ----------
    number : int
        What people call it; counts from 1 within the incident.
    passage : str
        What stands there, as it was when the evidence was kept.
    evidence : Proof
        The kept copy: a request without one cannot be made.
    reason : str
        Which words infringe what, and how.
    doubt_reason : str
        Why it is made although the text shows nothing of what the ground claims; empty if it does.
    mirror_of : str
        Id of the request whose text this address repeats; empty if a person found it.
    requested_by : str
        Person id; ``hikeshi`` while it is only proposed.
    deadline : datetime or None
        When the answer is due; set anew with each sending.
    reference : str
        What the site calls the request.
    result : str
        What the site answered.
    """

    id: str
    number: int
    url: str
    platform: Platform
    ground: Ground
    passage: str
    evidence: Proof
    requested_by: str
    requested_at: datetime
    reason: str = ""
    doubt_reason: str = ""
    posted_at: datetime | None = None
    mirror_of: str = ""
    state: TakedownState = TakedownState.DRAFT
    approved_by: str | None = None
    approved_at: datetime | None = None
    sent_by: str | None = None
    sent_at: datetime | None = None
    deadline: datetime | None = None
    reference: str = ""
    settled_by: str | None = None
    settled_at: datetime | None = None
    result: str = ""
    looks: tuple[Looked, ...] = ()

    @property
    def last_look(self) -> Looked | None:
        """The newest look, None if nobody looked yet."""
        return self.looks[-1] if self.looks else None

    @property
    def moved_at(self) -> datetime:
        """When somebody last did something about it."""
        steps = (self.requested_at, self.approved_at, self.sent_at, self.settled_at)
        return max(step for step in steps if step is not None)


def next_state(state: TakedownState, event: TakedownEvent) -> TakedownState:
    """Look the step up.

    Raises
    ------
    NotReadyError
        ``takedown_step`` if the chart has no such step.
    """
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise NotReadyError(("takedown_step",)) from None


def look_is_due(takedown: Takedown, *, at: datetime) -> bool:
    """Tell whether its address is to be looked at: once a day while it matters, at once when it is new.

    An address that was reported as removed is looked at until it was once seen to be gone.
    """
    last = takedown.last_look
    if last is not None and at - last.at < LOOK_EVERY:
        return False
    if at - takedown.moved_at > KEPT_FOR:
        return False
    if takedown.state is TakedownState.REMOVED:
        return last is None or last.look is not Look.GONE
    return takedown.state in UNSETTLED | {TakedownState.EXPIRED}


def judged(takedown: Takedown, sight: Sight) -> Look:
    """Return what a sight of the page means.

    A page that never showed the passage to us, since a script draws it or one has to sign in, does not
    tell by its silence that it is gone.
    """
    if sight is Sight.SHOWN:
        return Look.THERE
    was_seen = any(each.look is Look.THERE and each.by == SYSTEM for each in takedown.looks)
    if sight is Sight.ABSENT or (sight is Sight.NOT_SHOWN and was_seen):
        return Look.GONE
    return Look.UNKNOWN


def address_of(url: str) -> str:
    """Return what two ways of writing one address have in common."""
    try:
        parts = urlsplit(unicodedata.normalize("NFKC", url).strip())
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
    except ValueError:
        return url
    host = "x.com" if host == "twitter.com" else host
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"


def is_address(url: str) -> bool:
    """Tell whether a text is an address on the web that can be asked for and looked at."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


_NOT_A_LETTER = re.compile(r"[\W_]+")
_LINK_OR_NAME = re.compile(r"https?://\S+|@\w+")


def shows(passage: str, page: str) -> bool:
    """Tell whether any line of a passage stands on a page; both as plain text.

    One line that is left counts as still there: what was taken down in part was not taken down.
    """
    lines = [_letters(line) for line in _LINK_OR_NAME.sub("\n", passage).split("\n")]
    long_enough = [line for line in lines if len(line) >= LEAST_LETTERS] or [_letters(passage)]
    found = _letters(page)
    return any(line and line in found for line in long_enough)


def _letters(text: str) -> str:
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())
