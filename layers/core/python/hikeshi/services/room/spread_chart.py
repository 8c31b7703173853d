"""The chart of posts over time, drawn on the server, with its table and one sentence that reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hikeshi.domain.curves import Curve, curve_of
from hikeshi.services.clock.curve_text import MIN_POSTS, step_labels, tick
from hikeshi.services.reports.report_blocks import Bar
from hikeshi.services.room.room_models import Chart
from hikeshi.services.room.visit import Visit

WIDTH, HEIGHT = 480, 120


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
    curve = curve_of(times, until=until)
    start, step, counts = curve.start, curve.step, curve.counts
    highest = max(counts)
    labels = step_labels(curve, visit.words)
    return Chart(
        sentence=_sentence(visit, times, labels, curve),
        bars=_bars(visit, labels, counts),
        ticks=(
            (tick(start, step, visit.words), "start"),
            (tick(start + len(counts) * step, step, visit.words), "end"),
        ),
        top=visit.text("page.chart.count", count=highest),
        table=tuple(
            (label, visit.text("page.chart.count", count=count))
            for label, count in zip(labels, counts, strict=True)
            if count
        ),
        note=note,
    )


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


def _sentence(visit: Visit, times: Sequence[datetime], labels: Sequence[str], curve: Curve) -> str:
    hour_ago = visit.at - timedelta(hours=1)
    return visit.text(
        "page.chart.sentence",
        peak=labels[curve.peak],
        count=curve.counts[curve.peak],
        last=visit.when(times[-1]),
        ago=visit.lasting(visit.at - times[-1]),
        recent=sum(1 for at in times if at > hour_ago),
    )
