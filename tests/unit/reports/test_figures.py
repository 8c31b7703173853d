"""What is counted for the report: the curve, its half-life, the shares."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hikeshi.domain.assessment import Intent
from hikeshi.domain.curves import MOST_STEPS, curve_of
from hikeshi.domain.facts import Verdict
from hikeshi.domain.incidents import Room
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.report_alerts import Gathered
from hikeshi.services.reports.report_blocks import blocks_of, number_in
from hikeshi.services.reports.report_figures import response_figures, result_figures
from hikeshi.services.reports.report_text import ReportMaterial, report_text
from tests.builders import (
    NOON,
    a_configuration,
    a_fact,
    a_post,
    a_room,
    a_statement,
    a_task,
    an_alerted_post,
)

HOUR = timedelta(hours=1)


def moments(*counts: int) -> list[datetime]:
    """So many moments in each hour."""
    return [
        NOON + hour * HOUR + timedelta(minutes=n) for hour, count in enumerate(counts) for n in range(count)
    ]


def material(
    room: Room | None = None, *, times: list[datetime] | None = None, at: datetime = NOON + 12 * HOUR
) -> ReportMaterial:
    posts = [
        an_alerted_post(
            post=a_post(
                id=f"post-{n}",
                published_at=at,
                source="kuchikomi" if n % 4 else "matome",
                author=f"author-{n % 5}",
                followers=100 + n,
            )
        )
        for n, at in enumerate(times or [])
    ]
    posts = [
        replace(
            each, assessment=replace(each.assessment, intent=Intent.SUPPORT if n % 4 == 0 else Intent.RISK)
        )
        for n, each in enumerate(posts)
    ]
    return ReportMaterial(
        room=room or a_room(),
        timeline=(),
        known=Gathered(posts=tuple(posts)),
        configuration=a_configuration(),
        words=Wording(),
        at=at,
    )


@pytest.mark.parametrize(
    ("counts", "hours"),
    [((2, 20, 12, 4, 1), 2), ((20, 1), 1), ((8, 8, 3), 1), ((4, 20, 3, 15, 2), 3)],
)
def test_s2_30_the_half_life_runs_from_the_peak_to_where_it_fell_for_good(
    counts: tuple[int, ...], hours: int
) -> None:
    times = moments(*counts)
    curve = curve_of(times, until=NOON + len(counts) * HOUR - timedelta(minutes=1))
    half = max(curve.counts) / 2
    fell = curve.half_life
    assert fell is not None
    after = curve.peak + fell // curve.step
    assert all(count <= half for count in curve.counts[after:])
    assert curve.counts[after - 1] > half
    assert abs(fell - hours * HOUR) <= HOUR


def test_a_curve_that_ends_at_its_peak_has_no_half_life() -> None:
    assert curve_of(moments(1, 2, 20), until=NOON + 2 * HOUR).half_life is None


def test_a_curve_counts_every_moment_once_in_few_steps() -> None:
    for until in (NOON, NOON + timedelta(days=3), NOON + timedelta(days=400)):
        curve = curve_of(moments(3, 2), until=until)
        assert sum(curve.counts) == 5
        assert len(curve.counts) <= MOST_STEPS


def test_s2_30_the_curve_ends_where_the_report_was_drafted() -> None:
    drafted = NOON + timedelta(minutes=25)
    (curve, *_) = (b for b in blocks_of(result_figures(material(times=moments(3), at=drafted))) if b.chart)
    assert curve.rows[-1] == ("13:20〜13:25", "0件")


def test_s2_28_shares_and_sources_add_up_to_all_posts() -> None:
    blocks = blocks_of(result_figures(material(times=moments(3, 9, 4))))
    drawn = [block for block in blocks if block.chart]
    assert [block.chart for block in drawn] == ["curve", "shares", "shares"]
    assert [sum(count for _, count in block.counts) for block in drawn] == [16, 16, 16]
    assert dict(drawn[1].counts) == {"批判・指摘": 12, "困りごと": 4}
    assert dict(drawn[2].counts) == {"口コミ広場": 12, "一覧にない収集元（matome）": 4}
    for block in drawn:
        shown = {(bar.label, number_in(bar.count)) for bar in block.bars}
        assert shown == {row for row in block.counts if row[1]}


def test_the_report_tells_the_quoted_post_from_the_first() -> None:
    told = material(times=moments(3))
    quoted = replace(told.posts[2], post=replace(told.posts[2].post, text="虫が入っていた", source="matome"))
    incident = replace(told.incident, quote="虫が入っていた", first_post_at=NOON)
    room = replace(told.room, incident=incident)
    text = report_text(replace(told, room=room, known=Gathered(posts=(*told.posts[:2], quoted))))
    assert "- 最初の投稿：2026年5月13日 12:57（日本時間）　一覧にない収集元（matome）\n" in text
    assert "- 引用した投稿：2026年5月13日 12:59（日本時間）　一覧にない収集元（matome）\n" in text


def test_s2_30_reach_counts_each_author_once_with_most_followers() -> None:
    text = result_figures(material(times=moments(10)))
    assert "投稿者のフォロワーの合計 535人（投稿者5人、重複あり）。" in text


def test_too_few_posts_make_no_curve_and_no_post_no_shares() -> None:
    assert "投稿が2件と少ないため、推移は示していません。" in result_figures(material(times=moments(2)))
    assert "内訳を示す投稿がありません。" in result_figures(material())


def test_s2_29_speed_precision_and_correctness_are_counted() -> None:
    late = a_task(id="1-late", due_at=NOON, done_by="ito", done_at=NOON + HOUR)
    in_time = a_task(due_at=NOON + HOUR, done_by="ito", done_at=NOON)
    spoken = a_statement(approved_by="tanaka", approved_at=NOON + timedelta(minutes=92), published_at=NOON)
    room = a_room(
        tasks=(late, in_time, a_task(id="1-open")),
        facts=(a_fact(), a_fact(id="fact-2", verdict=Verdict.REFUTED)),
        statement=replace(spoken, flagged_at=NOON),
    )
    text = response_figures(material(room))
    for line in (
        "依頼した対応 3件のうち、完了2件、期限内1件。",
        "| 事実ではないと確認 | 1件 |",
        "公表文は1案、公表したもの1件、根拠が崩れて見直したもの1件。",
    ):
        assert line in text
