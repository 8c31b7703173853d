"""What scoring and grouping need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, Protocol

from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.assessment import Assessment, Category
from hikeshi.domain.hours import HourCount, HourMarks
from hikeshi.domain.kinship import TextPrint
from hikeshi.domain.posts import Evidence, Post


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a sentence: surface, dictionary form, part of speech (first two fields)."""

    surface: str
    lemma: str
    part: str


class Tokenizer(Protocol):
    """Splits a Japanese sentence into words."""

    def tokenize(self, text: str) -> Iterator[Token]:
        """Yield the words in order."""
        ...


class Reading(NamedTuple):
    """What an encoder makes of a text, in logits: is it a risk, of which category, is it severe.

    ``meaning`` is where it stands among all texts, for further questions; empty if it is not told.
    """

    risk: float
    kinds: Mapping[Category, float]
    severe: float
    meaning: Sequence[float] = ()


class Encoder(Protocol):
    """Reads a whole text, its words in their order."""

    def read(self, text: str) -> Reading:
        """Answer for a text, whatever it is; ``kinds`` has every category."""
        ...


@dataclass(frozen=True, slots=True)
class Encoders:
    """Two that read: a quick one, and a thorough one for the little that the quick one suspects too.

    Attributes
    ----------
    reads_all : bool
        Whether the thorough one reads every post that the first look lets through instead; the quick one
        then reads only what may be about a life, and pleas for help.
    """

    quick: Encoder
    thorough: Encoder
    reads_all: bool = False

    def each(self, around: Callable[[Encoder], Encoder]) -> Encoders:
        """Return the same with something put around each of the two."""
        return replace(self, quick=around(self.quick), thorough=around(self.thorough))


class Scorer(Protocol):
    """Judges one post."""

    def assess(self, post: Post) -> Assessment:
        """Judge a post; any text whatever gets an answer."""
        ...


class AlertRecords(Protocol):
    """Reads many alerts at once, and the posts of some."""

    def heads(self, alert_ids: Sequence[str]) -> Sequence[Alert]:
        """Return alerts in the order of their ids, without their signatures; one that is gone is passed over.

        A hundred are one call.
        """
        ...

    def posts(self, alert_id: str, *, limit: int = 50) -> Sequence[AlertedPost]:
        """Return posts of an alert, first published first; of a very large one, of its first thousand."""
        ...


class AlertStore(Protocol):
    """Keeps alerts and the posts they count."""

    def alert(self, alert_id: str) -> Alert | None:
        """Return an alert, or None."""
        ...

    def recent(self, brand: str, *, since: datetime) -> Sequence[Alert]:
        """Return the brand's alerts with a post since then, latest first, at most 200; none merged."""
        ...

    def every(self, brand: str, *, since: datetime) -> Iterator[Alert]:
        """Yield all of the brand's alerts with a post since then, however many; none merged."""
        ...

    def member(self, alert_id: str, post_key: str) -> AlertedPost | None:
        """Return a post of the alert as it was last counted, None if it is not in it (any more)."""
        ...

    def home_of(self, leads: str) -> str | None:
        """Return the alert that holds a text, by the id of the one it would lead; None if it is new."""
        ...

    def prints(self, brand: str, *, since: datetime, until: datetime) -> Sequence[TextPrint]:
        """Return the brand's texts published between two moments, latest first, at most 200.

        What was saved before is in it, whoever saved it.
        """
        ...

    def has_author(self, alert_id: str, author: str) -> bool:
        """Tell whether the alert already counts this author (kept as a digest, never by name)."""
        ...

    def save(self, alert: Alert, member: AlertedPost | None, *, text: TextPrint | None = None) -> Alert:
        """Store the alert, the post that changed it and a text that is new in one transaction.

        Returns the alert with its new version.

        Raises
        ------
        ConcurrentChangeError
            If the stored version is not ``alert.version`` any more.
        """
        ...

    def move(
        self, member: AlertedPost, *, source: Alert, target: Alert, gone: str | None, text: TextPrint | None
    ) -> tuple[Alert, Alert]:
        """Take a post out of one alert into another, in one transaction; both are given as they become.

        ``gone`` is an author who has no other post in the source; ``text`` is where the post's text is
        found from now on. Returns the two with their new versions, the source first.

        Raises
        ------
        ConcurrentChangeError
            If either was changed since it was read; then nothing was moved.
        """
        ...

    def posts(self, alert_id: str, *, limit: int = 50) -> Sequence[AlertedPost]:
        """Return posts of an alert, first published first."""
        ...


class PostCounts(Protocol):
    """Counts all posts of a brand by hour, the harmless ones too, without keeping any."""

    def mark(self, brand: str, hours: Mapping[datetime, HourMarks]) -> None:
        """Add the marks of a batch; marks that are there already change nothing."""
        ...

    def history(self, brand: str, *, since: datetime) -> Mapping[datetime, HourCount]:
        """Return the hours since then in which there was a post."""
        ...


class PostArchive(Protocol):
    """Keeps every post, and a locked copy of those that matter."""

    def append(self, brand: str, posts: Sequence[Post], *, at: datetime) -> None:
        """Store posts as one NDJSON object under brand and hour; the same posts make the same object."""
        ...

    def keep(self, post: Post, *, at: datetime) -> Evidence:
        """Store a copy of a post for evidence and return where and its digest; a repeat returns the first."""
        ...


class IncidentRequests(Protocol):
    """The queue between alerts and incidents."""

    def request(self, alert_id: str) -> None:
        """Ask for an incident to be opened, joined or raised for an alert."""
        ...
