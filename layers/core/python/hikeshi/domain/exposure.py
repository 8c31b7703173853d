"""Posts that expose somebody who asked us to look out for them."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from hikeshi.domain.drills import apart, brand_meant
from hikeshi.domain.masking import Mask, Names
from hikeshi.domain.posts import Post

TELLING = 2
"""How many different terms together tell whom a post is about, whatever else it says."""

PHOTO = frozenset({"photo", "video"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """Somebody whose consent holds; ``terms`` are what they agreed to.

    Attributes
    ----------
    track : str
        Id of their track in the incident.
    brand : str
        As the incident has it: within a drill it lies apart.
    """

    incident_id: str
    track: str
    brand: str
    terms: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Exposed:
    """A post that exposes somebody, with its kept copy; it says whom by the track, never by a name."""

    incident_id: str
    track: str
    post: str
    source: str
    url: str
    evidence: str
    sha256: str
    captured_at: datetime


def exposes(post: Post, watched: Watched, *, brands: Container[str]) -> bool:
    """Tell whether a post exposes somebody.

    One term alone may be anybody's name: it counts in a post about the brand, or beside a picture. Two
    terms are telling by themselves.
    """
    brand = brand_meant(watched.brand)
    if watched.brand != apart(brand, post.drill):
        return False
    found = _found(post.text, watched.terms)
    return found >= TELLING or (found > 0 and (brand in brands or bool(PHOTO & {*post.media})))


def _found(text: str, terms: Iterable[str]) -> int:
    everyone = tuple(terms)
    if not Mask([Names(family="", nicknames=everyone)]).finds(text):
        return 0
    return sum(Mask([Names(family="", nicknames=(term,))]).finds(text) for term in everyone)
