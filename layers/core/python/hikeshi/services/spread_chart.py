"""The chart of posts over time, drawn on the server, with its table and one sentence that reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hikeshi.services.japanese_time import clock, day, duration
from hikeshi.services.page_models import Bar, Chart
from hikeshi.services.visit import Visit

WIDTH, HEIGHT = 480, 120
MAX_BARS = 24
MIN_POSTS = 3
_STEPS = tuple(timedelta(minutes=m) for m in (1, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440))
_DAY = timedelta(days=1)


def chart(visit: Visit) -> Chart | None:
    """Draw the posts of the incident's alerts; None if no post is kept at all."""
    times = sorted(kept.post.published_at for kept in visit.posts)
    if not times:
        return None
    known = sum(alert.posts for alert in visit.alerts)
    note = visit.text("page.chart.partial", count=len(times)) if known > len(times) else ""
    if len(times) < MIN_POSTS:
        sentence = visit.text("page.chart.few", count=len(times), last=visit.when(times[-1]))
        return Chart(sentence=sentence, bars=(), ticks=(), top="", table=(), note=note)
    until = visit.incident.closed_at or visit.at
    start, step, counts = _bins(times, max(until, times[-1]))
    highest = max(counts)
    labels = [_label(start + place * step, step) for place in range(len(counts))]
    return Chart(
        sentence=_sentence(visit, times, labels, counts),
        bars=_bars(visit, labels, counts),
        ticks=((_tick(start, step), "start"), (_tick(start + len(counts) * step, step), "end")),
        top=visit.text("page.chart.count", count=highest),
        table=tuple(
            (label, visit.text("page.chart.count", count=count))
            for label, count in zip(labels, counts, strict=True)
            if count
        ),
        note=note,
    )


def _bins(times: Sequence[datetime], until: datetime) -> tuple[datetime, timedelta, list[int]]:
    span = until - times[0]
    step = next((s for s in _STEPS if span / s < MAX_BARS - 1), None)
    if step is None:
        step = _DAY * (span // (_DAY * (MAX_BARS - 1)) + 1)
    # Midnight in Tokyo is a multiple of every step up to a day when counted from this moment.
    origin = datetime(2000, 1, 1, 15, tzinfo=times[0].tzinfo)
    start = origin + (times[0] - origin) // step * step
    counts = [0] * ((until - start) // step + 1)
    for at in times:
        counts[(at - start) // step] += 1
    return start, step, counts


def _label(start: datetime, step: timedelta) -> str:
    if step < _DAY:
        return f"{_tick(start, step)}〜{clock(start + step)}"
    return day(start) if step == _DAY else f"{day(start)}〜{day(start + step - _DAY)}"


def _tick(at: datetime, step: timedelta) -> str:
    if step < timedelta(hours=1):
        return clock(at)
    return f"{day(at)} {clock(at)}" if step < _DAY else day(at)


def _bars(visit: Visit, labels: Sequence[str], counts: Sequence[int]) -> tuple[Bar, ...]:
    slot = WIDTH / len(counts)
    highest = max(counts)
    bars = []
    for place, (label, count) in enumerate(zip(labels, counts, strict=True)):
        if not count:
            continue
        height = max(count / highest * (HEIGHT - 4), 3)
        bars.append(
            Bar(
                x=f"{place * slot + slot * 0.12:.1f}",
                y=f"{HEIGHT - height:.1f}",
                width=f"{slot * 0.76:.1f}",
                height=f"{height:.1f}",
                label=label,
                count=visit.text("page.chart.count", count=count),
            )
        )
    return tuple(bars)


def _sentence(visit: Visit, times: Sequence[datetime], labels: Sequence[str], counts: Sequence[int]) -> str:
    # Of equal peaks the latest: the one that still matters.
    peak = max(range(len(counts)), key=lambda place: (counts[place], place))
    hour_ago = visit.at - timedelta(hours=1)
    return visit.text(
        "page.chart.sentence",
        peak=labels[peak],
        count=counts[peak],
        last=visit.when(times[-1]),
        ago=duration(visit.at - times[-1]),
        recent=sum(1 for at in times if at > hour_ago),
    )
