"""Alerts, archive and judgement in memory, with the same promises as the stored ones."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.assessment import HARMLESS, Assessment, Category
from hikeshi.domain.errors import ConcurrentChangeError
from hikeshi.domain.hours import HourCount, HourMarks, counted
from hikeshi.domain.kinship import TextPrint
from hikeshi.domain.posts import Evidence, Post
from hikeshi.ports.scoring import Reading, Token


class InMemoryAlertStore:
    """Keeps alerts; ``before_save`` runs ahead of every save, to let a test slip in between."""

    def __init__(self) -> None:
        self.alerts: dict[str, Alert] = {}
        self.members: dict[tuple[str, str], AlertedPost] = {}
        self.authors: set[tuple[str, str]] = set()
        self.homes: dict[str, str] = {}
        self.texts: dict[tuple[str, datetime, str], TextPrint] = {}
        self.before_save: Callable[[], None] = lambda: None
        self._lock = threading.RLock()

    def alert(self, alert_id: str) -> Alert | None:
        return self.alerts.get(alert_id)

    def heads(self, alert_ids: Sequence[str]) -> Sequence[Alert]:
        known = (self.alerts.get(alert_id) for alert_id in dict.fromkeys(alert_ids))
        return [replace(alert, signature=()) for alert in known if alert is not None]

    def recent(self, brand: str, *, since: datetime) -> Sequence[Alert]:
        own = [a for a in list(self.alerts.values()) if a.brand == brand and a.merged_into is None]
        found = [alert for alert in own if alert.last_post_at >= since]
        return sorted(found, key=lambda alert: alert.last_post_at, reverse=True)[:200]

    def every(self, brand: str, *, since: datetime) -> Iterator[Alert]:
        for alert in list(self.alerts.values()):
            if alert.brand == brand and alert.merged_into is None and alert.last_post_at >= since:
                yield alert

    def member(self, alert_id: str, post_key: str) -> AlertedPost | None:
        return self.members.get((alert_id, post_key))

    def home_of(self, leads: str) -> str | None:
        return self.homes.get(leads)

    def prints(self, brand: str, *, since: datetime, until: datetime) -> Sequence[TextPrint]:
        texts = [
            t for (b, *_), t in list(self.texts.items()) if b == brand and since <= t.published_at <= until
        ]
        return sorted(texts, key=lambda text: text.published_at, reverse=True)[:200]

    def has_author(self, alert_id: str, author: str) -> bool:
        return (alert_id, _digest(author)) in self.authors

    def save(self, alert: Alert, member: AlertedPost | None, *, text: TextPrint | None = None) -> Alert:
        self.before_save()
        with self._lock:
            self._check(alert)
            if text is not None and text.leads in self.homes:
                raise ConcurrentChangeError(alert.id)
            saved = self._put(alert, member)
            if text is not None:
                self._place(alert.brand, text)
            return saved

    def move(
        self, member: AlertedPost, *, source: Alert, target: Alert, gone: str | None, text: TextPrint | None
    ) -> tuple[Alert, Alert]:
        with self._lock:
            self._check(source)
            self._check(target)
            left, grown = self._put(source, None), self._put(target, member)
            self.members.pop((source.id, member.post.key), None)
            if gone is not None:
                self.authors.discard((source.id, _digest(gone)))
            if text is not None:
                self._place(target.brand, text)
            return left, grown

    def _check(self, alert: Alert) -> None:
        known = self.alerts.get(alert.id)
        if alert.version != (known.version if known else 0):
            raise ConcurrentChangeError(alert.id)

    def _put(self, alert: Alert, member: AlertedPost | None) -> Alert:
        saved = self.alerts[alert.id] = replace(alert, version=alert.version + 1)
        if member is not None:
            self.members[(alert.id, member.post.key)] = member
            if member.post.author is not None:
                self.authors.add((alert.id, _digest(member.post.author)))
        return saved

    def _place(self, brand: str, text: TextPrint) -> None:
        self.homes[text.leads] = text.alert_id
        self.texts[(brand, text.published_at, text.leads)] = text

    def posts(self, alert_id: str, *, limit: int = 50) -> Sequence[AlertedPost]:
        found = [member for (owner, _), member in self.members.items() if owner == alert_id]
        return sorted(found, key=lambda m: (m.post.published_at, m.post.key))[:limit]


class InMemoryPostCounts:
    """Keeps the marks of every hour; a mark set twice is one."""

    def __init__(self) -> None:
        self.marks: dict[tuple[str, datetime], HourMarks] = {}
        self.calls = 0

    def mark(self, brand: str, hours: Mapping[datetime, HourMarks]) -> None:
        self.calls += len(hours)
        for hour, marks in hours.items():
            self.marks[(brand, hour)] = self.marks.get((brand, hour), HourMarks()) | marks

    def history(self, brand: str, *, since: datetime) -> Mapping[datetime, HourCount]:
        return {hour: counted(m) for (b, hour), m in self.marks.items() if b == brand and hour >= since}


class InMemoryPostArchive:
    """Keeps what was appended by brand and hour, and the first copy of each post kept as evidence."""

    def __init__(self) -> None:
        self.piles: dict[tuple[str, str, frozenset[str]], tuple[Post, ...]] = {}
        self.evidence: dict[str, Evidence] = {}
        self.kept: dict[str, Post] = {}

    def append(self, brand: str, posts: Sequence[Post], *, at: datetime) -> None:
        if posts:
            keys = frozenset(post.key for post in posts)
            self.piles[(brand, f"{at:%Y-%m-%dT%H}", keys)] = tuple(posts)

    def keep(self, post: Post, *, at: datetime) -> Evidence:
        if post.key not in self.evidence:
            digest = hashlib.sha256(repr((at, post)).encode()).hexdigest()
            uri = f"s3://archive/evidence/{post.key}.json"
            self.evidence[post.key] = Evidence(uri=uri, sha256=digest, captured_at=at)
            self.kept[post.key] = post
        return self.evidence[post.key]

    def brands(self) -> dict[str, list[str]]:
        """Return the ids of the archived posts by brand."""
        found: dict[str, list[str]] = {}
        for (brand, _, _), posts in self.piles.items():
            found.setdefault(brand, []).extend(post.id for post in posts)
        return found


class ScriptedScorer:
    """Answers each text with what the test put there; anything else is harmless."""

    def __init__(self, answers: Mapping[str, Assessment | Exception]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []

    def assess(self, post: Post) -> Assessment:
        self.asked.append(post.id)
        answer = next((a for words, a in self.answers.items() if words in post.text), HARMLESS)
        if isinstance(answer, Exception):
            raise answer
        return answer


class ScriptedEncoder:
    """Reads each text as the test says by its words; anything else is harmless. Keeps what it was given."""

    def __init__(self, readings: Mapping[str, Reading] | None = None) -> None:
        self.readings = dict(readings or {})
        self.read_texts: list[str] = []

    def read(self, text: str) -> Reading:
        self.read_texts.append(text)
        harmless = {category: 4.0 if category is Category.NONE else -4.0 for category in Category}
        calm = Reading(risk=-4.0, kinds=harmless, severe=-4.0)
        return next((reading for words, reading in self.readings.items() if words in text), calm)


class ScriptedTokenizer:
    """Splits the sentences that the test knows; keeps those it was given."""

    def __init__(self, tokens: Mapping[str, Sequence[Token]]) -> None:
        self.tokens = dict(tokens)
        self.sentences: list[str] = []

    def tokenize(self, text: str) -> Iterator[Token]:
        self.sentences.append(text)
        yield from self.tokens[text]


def _digest(author: str) -> str:
    return hashlib.sha256(author.encode()).hexdigest()[:32]
