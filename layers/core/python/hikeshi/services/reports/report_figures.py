"""The counted halves of 対応の評価 and 結果の評価: nothing here is anybody's opinion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from hikeshi.domain.assessment import Intent
from hikeshi.domain.curves import Curve, curve_of
from hikeshi.domain.facts import Verdict
from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.publishing import all_statements
from hikeshi.domain.response_clock import ResponseClock, Stage
from hikeshi.domain.speed_tiles import speed_tiles
from hikeshi.services.clock.clock_promises import clock_of
from hikeshi.services.clock.clock_text import clock_sentences
from hikeshi.services.clock.curve_text import MIN_POSTS, step_labels
from hikeshi.services.clock.speed_text import sounds_angry, tile_rows
from hikeshi.services.messages import japanese_time
from hikeshi.services.reports.report_blocks import CURVE, SHARES, table
from hikeshi.services.reports.report_text import ReportMaterial, when

MOST_SOURCES = 8
"""Sources that are named; the rest are one row."""


def response_figures(m: ReportMaterial) -> str:
    """Write how fast, how precise and how correct the response was."""
    return "\n".join([*_speed(m), "", *_tiles(m), "", *_precision(m), "", *_correctness(m)]) + "\n"


def result_figures(m: ReportMaterial) -> str:
    """Write how far it went, how it fell, who spoke and what they wanted."""
    return "\n".join([*_reach(m), "", *_curve(m), "", *_shares(m)]) + "\n"


# ---- speed, precision, correctness --------------------------------------------------------------


def _speed(m: ReportMaterial) -> Iterator[str]:
    yield f"### {m.text('speed.heading')}"
    clock = clock_of(m.room, m.configuration)
    head = m.text("figures.moment"), m.text("figures.at"), m.text("figures.since_post")
    yield from table(head, (_figure(m, clock, key, at) for key, at in moments(m.room, clock)))
    yield ""
    yield from clock_sentences(clock, m.words)


def _tiles(m: ReportMaterial) -> Iterator[str]:
    tiles = speed_tiles(
        m.room,
        posts=m.posts,
        timeline=m.timeline,
        clock=clock_of(m.room, m.configuration),
        is_angry=sounds_angry,
    )
    yield f"### {m.text('tiles.heading')}"
    head = tuple(m.text(f"tiles.{column}") for column in ("name", "value", "beside"))
    yield from table(head, tile_rows(tiles, m.words))


def moments(room: Room, clock: ResponseClock) -> tuple[tuple[str, datetime | None], ...]:
    """Return the moments that the response is measured by, with None for those not reached."""
    triage, calm = room.slot(Slot.TRIAGE).decision, room.slot(Slot.CALMING).decision
    asked = clock.allowances is not None and clock.allowances.executive is not None
    executive = clock.reached(Stage.EXECUTIVE)
    return (
        ("detected", clock.reached(Stage.FOUND)),
        ("told", clock.reached(Stage.TOLD)),
        ("acknowledged", triage.at if triage else None),
        *((("executive", executive),) if asked or executive else ()),
        ("facts", clock.reached(Stage.FACTS)),
        ("statement", clock.spoken_at),
        *((("explained", clock.explained_at),) if clock.explained_at else ()),
        ("calm", calm.at if calm else None),
    )


def _figure(m: ReportMaterial, clock: ResponseClock, key: str, at: datetime | None) -> tuple[str, ...]:
    label = m.text(f"figures.{key}")
    if at is None:
        return label, m.text("none"), m.text("none")
    return label, when(at, m.words), japanese_time.duration(at - clock.started_at, m.words)


def _precision(m: ReportMaterial) -> Iterator[str]:
    tasks = m.room.tasks
    done = [task for task in tasks if task.done_at is not None]
    in_time = sum(1 for task in done if task.done_at is not None and task.done_at <= task.due_at)
    kinds = Counter(entry.event.kind for entry in m.timeline)
    yield f"### {m.text('precision.heading')}"
    yield f"- {m.text('precision.tasks', done=len(done), total=len(tasks), in_time=in_time)}"
    yield f"- {m.text('precision.calls', paged=kinds['paged'], expired=kinds['acknowledgement_expired'])}"
    yield f"- {m.text('precision.promises', missed=kinds['promise_missed'])}"


def _correctness(m: ReportMaterial) -> Iterator[str]:
    verdicts = Counter(fact.verdict for fact in m.room.facts)
    said = all_statements(m.room)
    flagged = sum(1 for each in said if each.flagged_at is not None)
    public = sum(1 for each in said if each.published_at is not None)
    yield f"### {m.text('correctness.heading')}"
    head = m.text("correctness.verdict"), m.text("correctness.count")
    rows = ((m.words.text(f"verdict.{each}"), m.text("count", count=verdicts[each])) for each in Verdict)
    yield from table(head, rows)
    yield ""
    yield m.text("correctness.statements", versions=len(said), published=public, flagged=flagged)


# ---- reach and recovery -------------------------------------------------------------------------


def _reach(m: ReportMaterial) -> Iterator[str]:
    spread = m.incident.spread
    posts, reposts, authors = _counts(m)
    yield f"### {m.text('reach.heading')}"
    yield m.text(
        "spread.counts",
        posts=f"{posts:,}",
        reposts=f"{reposts:,}",
        authors=f"{authors:,}",
        per_minute=f"{spread.per_minute:.1f}",
        normal=f"{spread.normal_per_minute:.1f}",
    )
    # Each author once, with the highest number that a source told.
    followers: dict[str, int] = {}
    for member in m.posts:
        author = member.post.author or member.post.key
        followers[author] = max(followers.get(author, 0), member.post.followers)
    if len(m.posts) < m.known.total:
        yield ""
        yield m.text("reach.read", read=f"{len(m.posts):,}", total=f"{m.known.total:,}")
        yield ""
    yield m.text("reach.followers", followers=f"{sum(followers.values()):,}", authors=len(followers))


def _counts(m: ReportMaterial) -> tuple[int, int, int]:
    """Count posts, reposts and authors over all alerts; the incident itself counts its latest fifty."""
    spread, alerts = m.incident.spread, m.known.alerts
    if not alerts:
        return spread.posts, spread.reposts, spread.authors
    counts = ((alert.posts, alert.reposts, alert.authors) for alert in alerts)
    posts, reposts, authors = (sum(each) for each in zip(*counts, strict=True))
    return posts, reposts, authors


def _curve(m: ReportMaterial) -> Iterator[str]:
    yield f"### {m.text('recovery.heading')}"
    times = [member.post.published_at for member in m.posts]
    if len(times) < MIN_POSTS:
        yield m.text("recovery.few", count=len(times))
        return
    curve = curve_of(times, until=_until(m, times))
    yield _half_life(m, curve)
    yield ""
    head = m.text("recovery.period"), m.text("recovery.posts")
    rows = zip(step_labels(curve, m.words), curve.counts, strict=True)
    yield from table(head, ((label, m.text("count", count=n)) for label, n in rows), chart=CURVE)


def _half_life(m: ReportMaterial, curve: Curve) -> str:
    peak, count = step_labels(curve, m.words)[curve.peak], curve.counts[curve.peak]
    fell = curve.half_life
    if fell is None:
        return m.text("recovery.not_yet", peak=peak, count=count)
    span = japanese_time.duration(fell, m.words)
    return m.text("recovery.half_life", peak=peak, count=count, span=span)


def _until(m: ReportMaterial, times: Sequence[datetime]) -> datetime:
    """End the curve where it was called calm or an hour after the last post, the later, but never ahead."""
    calm = m.room.slot(Slot.CALMING).decision
    end = max(calm.at if calm else max(times), max(times) + timedelta(hours=1))
    return min(end, m.at)


def _shares(m: ReportMaterial) -> Iterator[str]:
    yield f"### {m.text('shares.heading')}"
    if not m.posts:
        yield m.text("shares.none")
        return
    intents = Counter(member.assessment.intent for member in m.posts)
    named = ((m.text(f"intent.{each}"), intents[each]) for each in Intent)
    yield from _share_table(m, m.text("shares.intent"), [each for each in named if each[1]])
    yield ""
    sources = Counter(m.source(member.post.source) for member in m.posts).most_common()
    rest = sum(count for _, count in sources[MOST_SOURCES:])
    listed = sources[:MOST_SOURCES] + ([(m.text("shares.others"), rest)] if rest else [])
    yield from _share_table(m, m.text("shares.source"), listed)


def _share_table(m: ReportMaterial, what: str, counts: Sequence[tuple[str, int]]) -> Iterator[str]:
    whole = sum(count for _, count in counts)
    head = what, m.text("recovery.posts"), m.text("shares.share")
    rows = ((name, m.text("count", count=n), f"{n / whole:.0%}") for name, n in counts)
    yield from table(head, rows, chart=SHARES)
