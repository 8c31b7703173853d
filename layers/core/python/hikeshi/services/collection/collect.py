"""Read every source that is due, store what is new with the cursor, and queue it.

A page of new posts is stored in the transaction that moves the cursor and dropped when all its posts
are queued. A process that dies in between leaves the page, and the next run sends it again: a crash
repeats posts, which is harmless, and loses none. No source waits for another or falls with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import ConcurrentChangeError, FetchError, InvalidFeedError, InvalidPostError
from hikeshi.domain.people import Roster
from hikeshi.domain.posts import Post
from hikeshi.domain.sources import Cursor, Page, Source
from hikeshi.ports.collecting import FeedPage, FeedReader, PostQueue, SourceStore
from hikeshi.ports.environment import Clock
from hikeshi.ports.responding import IncidentRepository, Outbox
from hikeshi.services.audit.bulkhead import contained
from hikeshi.services.collection import post_payload
from hikeshi.services.collection.silence import is_silent, missing_posts, silence_rows

MAX_PAGE_BYTES = 300_000
"""Of encoded posts; an item of the table holds 400 KB."""

BUDGET = timedelta(seconds=25)
"""No source is begun later than this: what has begun has time to end within the function's own."""

_WORKERS = 8
_ERROR_LENGTH = 200


class Outcome(StrEnum):
    """What became of one source in one run."""

    READ = "read"
    NOT_MODIFIED = "not_modified"
    NOT_DUE = "not_due"
    TAKEN = "taken"
    FAILED = "failed"
    POSTPONED = "postponed"


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceResult:
    """How one source did.

    Attributes
    ----------
    new : int
        Posts queued, among them those that an earlier run left behind.
    rejected : int
        Items that could not be read; their neighbours were.
    silent : bool
        Whether this run told the desk that the source is silent.
    """

    source_id: str
    outcome: Outcome
    new: int = 0
    rejected: int = 0
    failures: int = 0
    error: str = ""
    silent: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CollectReport:
    """How every source did, in the order of the configuration.

    Attributes
    ----------
    fault : Exception or None
        Why it could not be told about which brands something is going on; then no source is read faster.
    """

    results: tuple[SourceResult, ...]
    fault: Exception | None = None

    @property
    def new(self) -> int:
        """Posts queued."""
        return sum(result.new for result in self.results)

    @property
    def silent(self) -> tuple[str, ...]:
        """Sources that the desk was told of in this run."""
        return tuple(result.source_id for result in self.results if result.silent)


@dataclass(frozen=True, kw_only=True, slots=True)
class Collecting:
    """The ports of a run."""

    feeds: FeedReader
    store: SourceStore
    queue: PostQueue
    outbox: Outbox
    incidents: IncidentRepository
    clock: Clock


def collect_posts(configuration: Configuration, ports: Collecting) -> CollectReport:
    """Read the sources that are due, several at a time.

    Raises
    ------
    ExceptionGroup
        After every source had its turn: what failed on our own side (tables, queue), so that the
        run counts as failed and an alarm hears of it. What fails on a source's side is a result.
    """
    sources = list(configuration.watches.sources.values())
    began = ports.clock.now()
    turn = int(began.timestamp() // 60) % max(len(sources), 1)
    # Another source begins every minute, so that none is the last and postponed for ever.
    order = sources[turn:] + sources[:turn]
    asked = contained(ports.incidents.restless_brands)
    unheard = asked if isinstance(asked, Exception) else None
    restless: Collection[str] = () if isinstance(asked, Exception) else asked
    with ThreadPoolExecutor(max_workers=_WORKERS) as pool:
        futures: dict[str, Future[SourceResult]] = {
            source.id: pool.submit(
                _collect_in_time,
                replace(source, every_minutes=source.minutes(restless)),
                configuration.roster,
                ports,
                began,
            )
            for source in order
        }
    faults = [fault for future in futures.values() if (fault := future.exception()) is not None]
    if faults:
        raise BaseExceptionGroup(f"{len(faults)} of {len(sources)} sources met a fault of ours", faults)
    return CollectReport(results=tuple(futures[source.id].result() for source in sources), fault=unheard)


def _collect_in_time(source: Source, roster: Roster, ports: Collecting, began: datetime) -> SourceResult:
    if ports.clock.now() - began > BUDGET:
        return SourceResult(source_id=source.id, outcome=Outcome.POSTPONED)
    return _collect_source(source, roster, ports)


def _collect_source(source: Source, roster: Roster, ports: Collecting) -> SourceResult:
    at = ports.clock.now()
    cursor, pending = ports.store.load(source.id)
    left_behind = _queue(pending, ports)
    if not _is_due(source, cursor, at):
        return SourceResult(source_id=source.id, outcome=Outcome.NOT_DUE, new=left_behind)
    leased = ports.store.lease(cursor, at=at)
    if leased is None:
        return SourceResult(source_id=source.id, outcome=Outcome.TAKEN, new=left_behind)
    try:
        result = _read(source, leased, roster, ports, at=at)
    except ConcurrentChangeError:
        # A later run took over while this one was held up: it reads the same, from the same place.
        result = SourceResult(source_id=source.id, outcome=Outcome.TAKEN)
    return replace(result, new=result.new + left_behind)


def _is_due(source: Source, cursor: Cursor, at: datetime) -> bool:
    """Tell whether the source was not yet tried in the slot that ``at`` falls into."""
    if cursor.last_attempt_at is None:
        return True
    seconds = 60 * source.every_minutes
    return int(cursor.last_attempt_at.timestamp()) // seconds < int(at.timestamp()) // seconds


def _read(source: Source, cursor: Cursor, roster: Roster, ports: Collecting, *, at: datetime) -> SourceResult:
    try:
        read = ports.feeds.read(source, cursor, at=at)
    except (FetchError, InvalidFeedError) as error:
        return _note_failure(source, cursor, roster, ports, error=error, at=at)
    cursor = replace(cursor, last_success_at=at, failures=0, last_error="")
    if read.not_modified:
        cursor, silent = _counted(source, cursor, 0, roster, ports, at=at)
        ports.store.save(cursor, ())
        return SourceResult(source_id=source.id, outcome=Outcome.NOT_MODIFIED, silent=silent)
    fits, too_long = _that_fit(_unseen(read, cursor))
    cursor, silent = _counted(source, cursor, len(fits), roster, ports, at=at)
    pages = tuple(in_pages(source.id, fits, after=cursor.page))
    cursor = replace(
        cursor,
        etag=read.etag,
        last_modified=read.last_modified,
        seen=tuple(fingerprint(post) for post in read.posts),
        page=cursor.page + len(pages),
    )
    ports.store.save(cursor, pages)
    return SourceResult(
        source_id=source.id,
        outcome=Outcome.READ,
        new=_queue(pages, ports),
        rejected=read.rejected + too_long,
        silent=silent,
    )


def _counted(
    source: Source, cursor: Cursor, new: int, roster: Roster, ports: Collecting, *, at: datetime
) -> tuple[Cursor, bool]:
    """Count what a read brought; tells the desk, and whether it did, if much was to be expected."""
    counted = cursor.with_new(new, at=at)
    missing = missing_posts(counted, at=at)
    if missing is None:
        return counted, False
    ports.outbox.add(silence_rows(source, counted, roster=roster, at=at, missing=missing))
    return replace(counted, quiet_told_at=at), True


def _note_failure(
    source: Source,
    cursor: Cursor,
    roster: Roster,
    ports: Collecting,
    *,
    error: FetchError | InvalidFeedError,
    at: datetime,
) -> SourceResult:
    failed = replace(cursor, failures=cursor.failures + 1, last_error=str(error)[:_ERROR_LENGTH])
    silent = is_silent(failed.failures)
    if silent:
        # Before the count is stored: a crash in between says it again under the same ids, that is, once.
        ports.outbox.add(silence_rows(source, failed, roster=roster, at=at))
    ports.store.save(failed, ())
    return SourceResult(
        source_id=source.id,
        outcome=Outcome.FAILED,
        failures=failed.failures,
        error=failed.last_error,
        silent=silent,
    )


def _queue(pages: Sequence[Page], ports: Collecting) -> int:
    for page in pages:
        ports.queue.send(page.posts)
        ports.store.drop_page(page)
    return sum(len(page.posts) for page in pages)


# ---- what is new -------------------------------------------------------------------------------


def fingerprint(post: Post) -> str:
    """Name a post and what it says now: an edit or a higher repost count makes it new again."""
    state = (post.key, post.text, post.followers, post.reposts, post.likes, post.media)
    return hashlib.sha256(repr(state).encode()).hexdigest()[:12]


def _unseen(read: FeedPage, cursor: Cursor) -> list[Post]:
    """Return what is new, oldest first: feeds put the newest on top, but the first post leads its alert."""
    seen = frozenset(cursor.seen)
    unseen = (post for post in read.posts if fingerprint(post) not in seen)
    return sorted(unseen, key=lambda post: post.published_at)


def _that_fit(posts: Sequence[Post]) -> tuple[list[Post], int]:
    """Leave out the rare post that no queue message holds, and count it."""
    fits: list[Post] = []
    for post in posts:
        try:
            post_payload.encode(post)
        except InvalidPostError:
            continue
        fits.append(post)
    return fits, len(posts) - len(fits)


def in_pages(source_id: str, posts: Sequence[Post], *, after: int) -> Iterator[Page]:
    """Cut posts into pages that an item of the table holds, numbered on from ``after``."""
    held: list[Post] = []
    size, number = 0, after + 1
    for post in posts:
        length = len(post_payload.encode(post).encode())
        if held and size + length > MAX_PAGE_BYTES:
            yield Page(source_id=source_id, number=number, posts=tuple(held))
            held, size, number = [], 0, number + 1
        held.append(post)
        size += length
    if held:
        yield Page(source_id=source_id, number=number, posts=tuple(held))
