"""Facts: what is claimed, where it comes from, and whether it may be built upon."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

SOURCES_OF_A_KEY_FACT = 2
"""How many independent origins it takes to confirm a fact on which everything rests."""

_SECOND_LEVEL = frozenset({"co", "or", "ne", "ac", "go", "ed", "gr", "lg", "ad", "com", "org", "net"})
"""Second-level labels under which a registered name takes a third."""


class Verdict(StrEnum):
    """What checking a claim came to."""

    UNVERIFIED = "unverified"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    CANNOT_KNOW = "cannot_know"


class Credibility(StrEnum):
    """How far a source can be relied on, best first.

    ``a``: our own records or the thing itself. ``b``: experts and authorities. ``c``: people concerned and
    the press. ``d``: posts and hearsay, which never count as corroboration.
    """

    A = "a"
    B = "b"
    C = "c"
    D = "d"


@dataclass(frozen=True, kw_only=True, slots=True)
class FactSource:
    """Where a claim is borne out.

    Attributes
    ----------
    origin : str
        Who said it first, if this source only passes it on; empty if it speaks for itself.
    url : str
        Address, may be empty.
    """

    name: str
    credibility: Credibility
    added_by: str
    added_at: datetime
    origin: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """A record kept in the archive, found again by its digest.

    Attributes
    ----------
    title : str
        What it is.
    uri, sha256 : str
        Where it lies, and the SHA-256 of its bytes in hex.
    """

    title: str
    uri: str
    sha256: str
    kept_by: str
    kept_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A claim to check, and what checking it came to.

    Attributes
    ----------
    source : str
        How the claim came to us; who bears it out is in ``sources``.
    key : bool
        Whether so much rests on it that one origin is not enough.
    rests_on : tuple of str
        Ids of the facts from which it follows.
    """

    id: str
    claim: str
    source: str
    added_by: str
    added_at: datetime
    verdict: Verdict = Verdict.UNVERIFIED
    basis: str = ""
    judged_by: str | None = None
    judged_at: datetime | None = None
    key: bool = False
    rests_on: tuple[str, ...] = ()
    sources: tuple[FactSource, ...] = ()
    proofs: tuple[Proof, ...] = ()


def origin_of(source: FactSource) -> str:
    """Return what makes a source one with others: the first teller, or else the site, or else the name."""
    told_by = source.origin or source.url or source.name
    return site_of(told_by) or " ".join(unicodedata.normalize("NFKC", told_by).casefold().split())


def site_of(address: str) -> str:
    """Return the registered name that an address lies under, empty if it is no address.

    The pages of one site, on whatever host, are one origin. The list of second-level labels is short on
    purpose: two sites taken for one cost a second look, one site taken for two would cost the truth.
    """
    parts = urlsplit(unicodedata.normalize("NFKC", address).strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    labels = parts.hostname.rstrip(".").split(".")
    wanted = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else 2  # noqa: PLR2004  # name and suffix
    return ".".join(labels[-wanted:])


def origins(facts: Iterable[Fact], fact_id: str) -> frozenset[str]:
    """Return the independent origins that bear a fact out, those of the facts it follows from included."""
    known = {fact.id: fact for fact in facts}
    found: set[str] = set()
    for each in _all_under(known, fact_id):
        sources = known[each].sources if each in known else ()
        found |= {origin_of(source) for source in sources if source.credibility is not Credibility.D}
    return frozenset(found)


def holds(facts: Iterable[Fact], fact_id: str) -> bool:
    """Tell whether a fact may be built upon now.

    It is confirmed, has two origins if it is a key fact, and so does everything that it follows from. A
    fact that is not there does not hold.
    """
    known = {fact.id: fact for fact in facts}
    return all(
        each in known
        and known[each].verdict is Verdict.CONFIRMED
        and (not known[each].key or len(origins(known.values(), each)) >= SOURCES_OF_A_KEY_FACT)
        for each in _all_under(known, fact_id)
    )


def _all_under(known: dict[str, Fact], fact_id: str) -> tuple[str, ...]:
    """Return a fact and all that it follows from, each once; ids that are not there too."""
    found: dict[str, None] = {}
    waiting = [fact_id]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found[each] = None
            waiting += known[each].rests_on if each in known else ()
    return tuple(found)
