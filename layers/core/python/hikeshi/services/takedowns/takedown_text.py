"""What a request to take a post down says, and whether the post shows what the request rests on.

The words are data (``hikeshi/takedowns/``): a letter for each kind of addressee, patterns for each
ground. Nothing here sends anything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from hikeshi.domain.takedowns import Ground, Platform, Takedown
from hikeshi.services.messages.excerpt import excerpt
from hikeshi.services.messages.japanese_time import date, full
from hikeshi.services.messages.wording import Wording

FOLDER = Path(__file__).parents[2] / "takedowns"
MOST_QUOTED = 600
_LETTERS_ARE_IN = "ja"
"""Characters of the post that a letter quotes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GroundWords:
    """A ground as a letter names it, and the words by which a post shows it."""

    right: str
    patterns: tuple[re.Pattern[str], ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]

    def match(self, text: str) -> bool:
        """Tell whether a text shows any of what the ground claims."""
        return any(pattern.search(text) for pattern in self.patterns)


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """The letter to one kind of addressee, and the hosts by which it is known."""

    hosts: tuple[str, ...]
    text: str


def platform_of(url: str) -> Platform:
    """Return whom an address belongs to; any site may answer to the general letter."""
    host = urlsplit(url).hostname or ""
    for platform, letter in letters().items():
        if any(host == known or host.endswith(f".{known}") for known in letter.hosts):
            return platform
    return Platform.PROVIDER


def findings(ground: Ground, passage: str) -> Iterator[tuple[str, str]]:
    """Yield what speaks against a request, as keys of sentences; nothing if the post bears it out."""
    if ground is Ground.CRITICISM:
        yield "takedown_criticism", ""
    elif not grounds()[ground].match(passage):
        yield f"not_shown_{ground}", ""
        yield "takedown_say_why", ""


def letter_of(takedown: Takedown, *, company: str, department: str, at: datetime) -> str:
    """Write the letter of a request, as it stands on the day it is copied, in the language of the letters."""
    words = Wording(_LETTERS_ARE_IN)
    unknown = words.text("takedown.unknown")
    return (
        letters()[takedown.platform]
        .text.strip()
        .format(
            company=company,
            department=department,
            url=takedown.url,
            right=grounds()[takedown.ground].right,
            passage=excerpt(takedown.passage, limit=MOST_QUOTED, lines=True),
            reason=excerpt(takedown.reason, limit=1000, lines=True) or unknown,
            posted=full(takedown.posted_at, words) if takedown.posted_at else unknown,
            kept=full(takedown.evidence.kept_at, words),
            sha256=takedown.evidence.sha256,
            today=date(at, words),
            answer_by=full(takedown.deadline, words)
            if takedown.deadline
            else words.text("takedown.answer_by"),
        )
    )


@cache
def grounds() -> Mapping[Ground, GroundWords]:
    """Return every ground that a request may rest on."""
    document = tomllib.loads((FOLDER / "grounds.toml").read_text(encoding="utf-8"))
    return {
        Ground(name): GroundWords(
            right=entry["right"],
            patterns=tuple(re.compile(pattern, re.IGNORECASE) for pattern in entry["patterns"]),
            good=tuple(entry["good"]),
            bad=tuple(entry["bad"]),
        )
        for name, entry in document.items()
    }


@cache
def letters() -> Mapping[Platform, Letter]:
    """Return the letter to each kind of addressee."""
    document = tomllib.loads((FOLDER / "letters.toml").read_text(encoding="utf-8"))
    return {
        Platform(name): Letter(hosts=tuple(entry["hosts"]), text=entry["letter"])
        for name, entry in document.items()
    }
