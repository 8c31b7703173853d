"""A long incident's report: it counts everything, shows what tells most, and asks AWS only so often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.assessment import Level
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.draft_report import draft_report
from hikeshi.services.reports.report_alerts import (
    MOST_COUNTED,
    MOST_OF_ONE,
    MOST_POSTS,
    MOST_READ,
    gathered,
    shown_alerts,
    shown_posts,
)
from hikeshi.services.reports.report_text import LISTED_ALERTS, QUOTED_POSTS
from tests.builders import NOON, a_post, an_alert, an_alerted_post, an_assessment
from tests.fakes.stage import Stage

GRAVE = 33
"""Place of the one critical group among the many."""


def group(place: int, *, posts: int = 3) -> tuple[Alert, list[AlertedPost]]:
    begins = NOON + timedelta(minutes=10 * place)
    level = Level.CRITICAL if place == GRAVE else Level.WARNING
    alert = an_alert(
        id=f"alert-{place:032x}",
        level=level,
        score=90 if place == GRAVE else 60,
        quote=f"投稿群{place}の最初の投稿",
        posts=posts,
        reposts=2,
        authors=posts,
        first_post_at=begins,
        last_post_at=begins + timedelta(minutes=5),
    )
    written = [
        an_alerted_post(
            post=a_post(
                id=f"{place}-{n}", text=f"投稿{place}-{n}", published_at=begins + timedelta(minutes=n)
            ),
            assessment=an_assessment(level=level, score=alert.score),
        )
        for n in range(posts)
    ]
    return alert, written


@dataclass(kw_only=True)
class Counting:
    """Records that count how often they are asked."""

    groups: dict[str, tuple[Alert, list[AlertedPost]]]
    heads_asked: int = 0
    read: list[str] = field(default_factory=list)

    def heads(self, alert_ids: Sequence[str]) -> Sequence[Alert]:
        self.heads_asked += len(alert_ids)
        return [self.groups[each][0] for each in alert_ids if each in self.groups]

    def posts(self, alert_id: str, *, limit: int = 50) -> Sequence[AlertedPost]:
        self.read.append(alert_id)
        return self.groups[alert_id][1][:limit]


def counting(*groups: tuple[Alert, list[AlertedPost]]) -> Counting:
    return Counting(groups={alert.id: (alert, written) for alert, written in groups})


def in_room(stage: Stage, groups: Sequence[tuple[Alert, list[AlertedPost]]]) -> str:
    room = stage.room(IncidentStatus.REPORTING)
    for alert, written in groups:
        saved = stage.alerts.save(replace(alert, version=0), None)
        for member in written:
            saved = stage.alerts.save(saved, member)
    incident = replace(room.incident, alerts=tuple(alert.id for alert, _ in groups), first_post_at=NOON)
    stage.incidents.rooms[incident.id] = replace(room, incident=incident)
    return incident.id


def test_every_alert_of_a_long_incident_is_counted_and_the_list_says_what_it_leaves_out(stage: Stage) -> None:
    groups = [group(place) for place in range(60)]
    report = draft_report(in_room(stage, groups), stage.drafting).report
    assert report is not None
    assert "投稿180件、引用・転載120件、投稿者180人" in report.result_figures
    assert "### 投稿群（全60件）" in report.body
    rest = 60 - LISTED_ALERTS
    assert f"ほか{rest}件（投稿{rest * 3}件、引用・転載{rest * 2}件）" in report.body
    for place in (0, GRAVE, 59):
        assert f"投稿群{place}の最初の投稿" in report.body
    assert f"このほかに{180 - QUOTED_POSTS}件の投稿があります。" in report.body
    read = MOST_READ * 3
    assert f"投稿180件のうち{read}件から数えています" in report.result_figures


def test_a_short_incident_is_counted_from_all_its_posts_and_says_nothing_of_a_rest(stage: Stage) -> None:
    report = draft_report(in_room(stage, [group(0), group(1)]), stage.drafting).report
    assert report is not None
    assert "件から数えています" not in report.result_figures
    assert "### 投稿群（全2件）" in report.body
    assert "ほか" not in report.body.partition("### 投稿群")[2]
    assert "このほかに" not in report.body


def test_one_group_has_no_list_of_groups(stage: Stage) -> None:
    report = draft_report(in_room(stage, [group(0)]), stage.drafting).report
    assert report is not None
    assert "投稿群（" not in report.body


@pytest.mark.parametrize("count", [41, 500, MOST_COUNTED + 7])
def test_however_long_it_was_only_so_much_is_read(count: int) -> None:
    records = counting(*(group(place, posts=1) for place in range(count)))
    known = gathered(tuple(records.groups), records)
    assert records.heads_asked == min(count, MOST_COUNTED)
    assert len(records.read) == MOST_READ
    assert known.uncounted == max(count - MOST_COUNTED, 0)
    assert known.total == min(count, MOST_COUNTED)


def test_a_flood_of_posts_ends_the_reading_after_the_gravest() -> None:
    records = counting(*(group(place, posts=MOST_OF_ONE) for place in range(MOST_READ)))
    known = gathered(tuple(records.groups), records)
    assert len(known.posts) == MOST_POSTS
    assert f"alert-{GRAVE:032x}" in records.read
    assert known.total == MOST_READ * MOST_OF_ONE


def test_what_went_into_another_alert_is_not_counted_twice() -> None:
    whole, (part, written) = group(0), group(1)
    records = counting(whole, (replace(part, merged_into=whole[0].id), written))
    assert [alert.id for alert in gathered(tuple(records.groups), records).alerts] == [whole[0].id]


def test_lists_show_the_first_the_gravest_and_the_newest_in_the_order_of_time() -> None:
    groups = [group(place) for place in range(60)]
    shown = shown_alerts([alert for alert, _ in groups], LISTED_ALERTS)
    assert len(shown) == LISTED_ALERTS
    assert list(shown) == sorted(shown, key=lambda alert: alert.first_post_at)
    assert {groups[place][0].id for place in (0, GRAVE, 58, 59)} <= {alert.id for alert in shown}
    posts = [member for _, written in groups for member in written]
    quoted = {member.post.id for member in shown_posts(posts, QUOTED_POSTS)}
    assert len(quoted) == QUOTED_POSTS
    assert {"0-0", f"{GRAVE}-0", f"{GRAVE}-1", "59-2"} <= quoted


def test_the_words_of_the_list_are_in_both_catalogues() -> None:
    for language in ("ja", "en"):
        assert "{posts}" in Wording(language).template("report.alerts.more")
