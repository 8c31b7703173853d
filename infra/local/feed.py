"""A feed that the demo and the tests write and the stack reads: Atom, with validators as real ones have."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

ATOM = "http://www.w3.org/2005/Atom"
COUNTS = "urn:hikeshi:post"
KINDS = {"photo": "image/jpeg", "video": "video/mp4"}


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedPost:
    """One post as the feed publishes it."""

    id: str
    text: str
    published_at: str
    author: str
    url: str
    reposts: int = 0
    likes: int = 0
    followers: int = 0
    media: tuple[str, ...] = ()


class FeedFile:
    """The posts of the feed, newest first, in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def posts(self) -> list[FeedPost]:
        """Return what is published."""
        if not self._path.is_file():
            return []
        held = json.loads(self._path.read_text("utf-8"))
        return [FeedPost(**{**post, "media": tuple(post["media"])}) for post in held]

    def publish(self, posts: Sequence[FeedPost]) -> None:
        """Add posts; one with a known id takes the place of the older version."""
        new = {post.id for post in posts}
        kept = [post for post in self.posts() if post.id not in new]
        everything = sorted([*posts, *kept], key=lambda post: post.published_at, reverse=True)
        waiting = self._path.with_suffix(".new")
        text = json.dumps([asdict(post) for post in everything], ensure_ascii=False, indent=1)
        waiting.write_text(text, "utf-8")
        waiting.replace(self._path)

    def clear(self) -> None:
        """Take every post back."""
        self._path.unlink(missing_ok=True)


def atom(posts: Sequence[FeedPost], *, address: str) -> bytes:
    """Write posts as an Atom feed."""
    ElementTree.register_namespace("", ATOM)
    ElementTree.register_namespace("hikeshi", COUNTS)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", address)
    _add(feed, "title", "公開投稿")
    _add(feed, "updated", max((post.published_at for post in posts), default="2026-01-01T00:00:00+00:00"))
    for post in posts:
        entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
        _add(entry, "id", post.id)
        _add(entry, "title", post.text[:30])
        _add(entry, "published", post.published_at)
        _add(entry, "updated", post.published_at)
        _add(ElementTree.SubElement(entry, f"{{{ATOM}}}author"), "name", post.author)
        _add(entry, "content", post.text).set("type", "text")
        ElementTree.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=post.url)
        for index, kind in enumerate(post.media):
            ElementTree.SubElement(
                entry, f"{{{ATOM}}}link", rel="enclosure", type=KINDS[kind], href=f"{post.url}/media/{index}"
            )
        for name in ("reposts", "likes", "followers"):
            ElementTree.SubElement(entry, f"{{{COUNTS}}}{name}").text = str(getattr(post, name))
    content: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def etag(content: bytes) -> str:
    """Return the validator of a feed."""
    return f'"{hashlib.sha256(content).hexdigest()[:20]}"'


def moment(at: datetime) -> str:
    """Write a time as Atom does."""
    return at.isoformat(timespec="seconds")


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = text
    return element
