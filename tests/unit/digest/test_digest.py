"""The morning mail: what it counts, what it compares, and how it reads."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.alerts import Alert
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.caring import open_track, record_names
from hikeshi.domain.digest import DAY, WEEK, Digest, Period, day_until
from hikeshi.domain.feedback import FeedbackVerdict
from hikeshi.domain.hours import marks_of
from hikeshi.domain.incidents import Incident
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.manuals import ManualPage, page_of
from hikeshi.domain.masking import Names
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Channel
from hikeshi.domain.sources import Cursor
from hikeshi.services.digest.digest import Digesting, digest_at
from hikeshi.services.digest.digest_mail import BRIEF, FULL, digest_message, send_digest
from hikeshi.services.messages.compose import ComposedText, compose
from hikeshi.services.messages.wording import LANGUAGES, Wording
from tests.builders import (
    BRAND,
    NOON,
    a_configuration,
    a_correction,
    a_feedback,
    a_person,
    a_post,
    a_room,
    a_roster,
    a_source,
    an_alert,
    an_incident,
)
from tests.fakes.collecting import InMemorySourceStore
from tests.fakes.environment import FrozenClock
from tests.fakes.feedback import InMemoryFeedbackStore
from tests.fakes.messaging import InMemoryOutbox
from tests.fakes.responding import InMemoryIncidentRepository
from tests.fakes.scoring import InMemoryAlertStore, InMemoryPostCounts

MORNING = datetime(2026, 5, 13, 23, 30, tzinfo=UTC)
"""08:30 in Tokyo, on 14 May."""


@dataclass
class Desk:
    """What the digest is gathered from."""

    alerts: InMemoryAlertStore = field(default_factory=InMemoryAlertStore)
    counts: InMemoryPostCounts = field(default_factory=InMemoryPostCounts)
    incidents: InMemoryIncidentRepository = field(default_factory=InMemoryIncidentRepository)
    sources: InMemorySourceStore = field(default_factory=InMemorySourceStore)
    feedback: InMemoryFeedbackStore = field(default_factory=InMemoryFeedbackStore)
    outbox: InMemoryOutbox = field(default_factory=InMemoryOutbox)
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(MORNING))
    number: int = 0
    manual: tuple[ManualPage, ...] = ()

    @property
    def digesting(self) -> Digesting:
        return Digesting(
            alerts=self.alerts,
            counts=self.counts,
            incidents=self.incidents,
            sources=self.sources,
            feedback=self.feedback,
            outbox=self.outbox,
            configuration=a_configuration(manual=self.manual),
            clock=self.clock,
        )

    def alert(self, level: Level, hours_ago: float, **changes: Any) -> Alert:
        self.number += 1
        at = MORNING - timedelta(hours=hours_ago)
        alert = an_alert(
            id=f"alert-{self.number:032x}", level=level, version=0, detected_at=at, last_post_at=at
        )
        return self.alerts.save(replace(alert, **changes), None)

    def incident(self, opened_hours_ago: float, **changes: Any) -> Incident:
        self.number += 1
        opened = MORNING - timedelta(hours=opened_hours_ago)
        incident = an_incident(id=f"inc-{self.number:026d}", number=self.number, opened_at=opened)
        return self.incidents.put(a_room(incident=replace(incident, **changes))).incident

    def posts(self, count: int, hours_ago: float) -> None:
        at = MORNING - timedelta(hours=hours_ago)
        self.number += 1
        posts = [
            a_post(id=f"{self.number}-{n}", published_at=at, fetched_at=at, reposts=0) for n in range(count)
        ]
        self.counts.mark(BRAND, marks_of(posts))

    def digest(self) -> Digest:
        return digest_at(self.clock.now(), self.digesting)

    def mail(self, moment: str = FULL, language: str = "ja") -> ComposedText:
        person = a_person("nakano" if moment == FULL else "takahashi")
        message = digest_message(moment, person, self.digest(), self.digesting.configuration.roster)
        return compose(message, person=person, link=None, wording=Wording(language), at=MORNING)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def body(mail: ComposedText) -> list[str]:
    """The lines between greeting and footer."""
    return [line for line in mail.text.split("\n")[2:-3] if line]


def test_a_day_ends_with_the_slice_that_the_posts_are_counted_in() -> None:
    assert day_until(MORNING + timedelta(minutes=4, seconds=20)) == Period(since=MORNING - DAY, until=MORNING)


def test_posts_are_those_of_the_day_to_the_slice(desk: Desk) -> None:
    desk.posts(3, hours_ago=0.1)
    desk.posts(5, hours_ago=24)
    desk.posts(7, hours_ago=24.2)
    desk.posts(2, hours_ago=24 * 7 + 1)
    digest = desk.digest()
    assert (digest.today.posts, digest.day_before.posts, digest.week_before.posts) == (8, 7, 2)


def test_alerts_are_counted_by_level_on_the_day_they_were_found(desk: Desk) -> None:
    desk.alert(Level.WARNING, 2)
    desk.alert(Level.NOTICE, 23.9)
    desk.alert(Level.NOTICE, 24.1)
    desk.alert(Level.CRITICAL, 24 * 7 + 3)
    digest = desk.digest()
    assert digest.today.alerts == {Level.CRITICAL: 0, Level.WARNING: 1, Level.NOTICE: 1}
    assert digest.day_before.alerts[Level.NOTICE] == 1
    assert digest.week_before.alerts[Level.CRITICAL] == 1


def test_an_alert_that_was_found_yesterday_and_still_grows_is_yesterdays(desk: Desk) -> None:
    desk.alert(Level.NOTICE, 30, last_post_at=MORNING)
    assert desk.digest().today.alerts[Level.NOTICE] == 0
    assert desk.digest().day_before.alerts[Level.NOTICE] == 1


def test_incidents_are_counted_when_they_open_and_when_they_end(desk: Desk) -> None:
    desk.incident(2)
    desk.incident(40, status=IncidentStatus.RESPONDING)
    desk.incident(50, status=IncidentStatus.CLOSED, status_since=MORNING - timedelta(hours=1))
    desk.incident(3, status=IncidentStatus.DISMISSED, status_since=MORNING - timedelta(hours=2))
    desk.incident(90, status=IncidentStatus.CLOSED, status_since=MORNING - timedelta(hours=30))
    today, before = desk.digest().today, desk.digest().day_before
    assert (today.opened, today.ended, today.still_open) == (2, 2, 2)
    assert (before.opened, before.ended, before.still_open) == (1, 1, 2)


def test_an_incident_of_the_last_minutes_is_open_although_its_slice_is_not_over(desk: Desk) -> None:
    desk.incident(-0.05)
    digest = digest_at(MORNING + timedelta(minutes=6), desk.digesting)
    assert (digest.period.until, digest.today.opened, digest.today.still_open) == (MORNING, 0, 1)
    assert [incident.number for incident in digest.incidents] == [1]


def test_a_notice_that_woke_nobody_is_told_with_brand_kind_text_and_count(desk: Desk) -> None:
    desk.alert(
        Level.NOTICE, 5, category=Category.COMPLAINT, quote="つきみの直営店、\n会計で待たされた", posts=3
    )
    lines = body(desk.mail())
    assert "注意の投稿：1件（緊急の連絡はしていません）" in lines
    assert "　・つきみ製菓　接客・対応への苦情　7件「つきみの直営店、 会計で待たされた」" in lines


def test_of_many_notices_the_loudest_are_told_and_the_rest_is_counted(desk: Desk) -> None:
    for voices in range(14):
        desk.alert(Level.NOTICE, 5, posts=voices, reposts=0, quote=f"声{voices}")
    text = desk.mail().text
    assert "「声13」" in text
    assert "「声3」" not in text
    assert "　・ほか4件" in text
    assert "注意の投稿：14件" in text


def test_differences_carry_their_sign(desk: Desk) -> None:
    for hours in (1, 2, 3, 25, 24 * 7 + 1):
        desk.alert(Level.WARNING, hours)
    desk.alert(Level.NOTICE, 24 * 7 + 2)
    lines = body(desk.mail())
    assert "　前日との差　重大±0、警戒+2、注意±0" in lines
    assert "　先週との差　重大±0、警戒+2、注意−1" in lines


def test_a_calm_day_is_told_in_a_few_lines(desk: Desk) -> None:
    desk.posts(4, hours_ago=3)
    assert body(desk.mail()) == [
        "5月13日 08:30からの24時間のまとめです（日本時間）。対応中の件数は08:30時点のものです。",
        "注意が必要な投稿はありませんでした。",
        "集めた投稿：4件（前日との差+4、先週との差+4）",
    ]
    assert body(desk.mail(BRIEF)) == [
        "5月13日 08:30からの24時間のまとめです（日本時間）。対応中の件数は08:30時点のものです。",
        "注意が必要な投稿はありませんでした。",
    ]


def test_calm_is_not_claimed_where_nothing_could_be_seen(desk: Desk) -> None:
    source = a_source()
    desk.sources.cursors[source.id] = Cursor(
        source_id=source.id, failures=5, last_success_at=MORNING - timedelta(hours=10)
    )
    lines = body(desk.mail())
    assert "注意が必要な投稿は見つかりませんでした。ただし、止まっている収集元があります。" in lines
    assert "　・口コミ広場（5月13日 22:30から）" in lines
    assert "投稿の収集が止まっているところが、1か所あります。" in body(desk.mail(BRIEF))


def test_a_source_that_was_never_read_is_named_too(desk: Desk) -> None:
    desk.sources.cursors["kuchikomi"] = Cursor(source_id="kuchikomi", failures=3)
    assert "　・口コミ広場（まだ一度も読めていません）" in body(desk.mail())


def test_precision_is_that_of_the_month_and_of_nothing_if_nobody_judged(desk: Desk) -> None:
    assert not any("判定" in line for line in body(desk.mail()))
    words = [
        a_feedback(post=a_post(id=f"p{n}"), alert_id=f"alert-{n}", verdict=verdict, at=MORNING)
        for n, verdict in enumerate([FeedbackVerdict.RIGHT] * 7 + [FeedbackVerdict.FALSE_ALARM])
    ]
    desk.feedback.record(words)
    assert "判定の正しさ：今月は88%（正しい7件、誤検知1件）" in body(desk.mail())


def test_an_executive_reads_three_to_six_lines(desk: Desk) -> None:
    for number in range(6):
        desk.incident(number + 1, level=Level.CRITICAL if number == 4 else Level.WARNING)
        desk.alert(Level.WARNING, number + 1)
    lines = body(desk.mail(BRIEF))
    assert lines == [
        "5月13日 08:30からの24時間のまとめです（日本時間）。対応中の件数は08:30時点のものです。",
        "対応中の案件は6件です（新たに6件、終了0件）。",
        "　【重大】#9 異物混入を訴える写真（検知）",
        "　【警戒】#1 異物混入を訴える写真（検知）",
        "　ほか4件",
        "検知した話題は、重大0件（前日との差±0）、警戒6件（+6）、注意0件（±0）でした。",
    ]


def test_what_strangers_wrote_can_neither_link_nor_break_a_line(desk: Desk) -> None:
    hostile = "見て http://evil.example.jp/x \u202eabc\n\n件名：至急 <b>"
    desk.alert(Level.NOTICE, 5, quote=hostile)
    text = desk.mail().text
    assert "http://" not in text
    assert "evil.example" not in text
    assert "\u202e" not in text
    assert "\n件名" not in text


def test_the_desk_gets_all_of_it_and_executives_the_short_one(desk: Desk) -> None:
    assert send_digest(desk.digesting) == 2
    assert {(m.person_id, m.moment, m.channel) for m in messages(desk)} == {
        ("nakano", FULL, Channel.MAIL),
        ("takahashi", BRIEF, Channel.MAIL),
    }


def test_an_executive_at_the_desk_gets_one_mail(desk: Desk) -> None:
    seats = {Role.DESK: ("takahashi",), Role.EXECUTIVE: ("takahashi",)}
    digesting = replace(desk.digesting, configuration=a_configuration(roster=a_roster(seats=seats)))
    assert send_digest(digesting) == 1
    assert messages(desk)[0].moment == FULL


def test_sent_twice_on_one_day_it_is_one_mail_and_on_the_next_another(desk: Desk) -> None:
    for minutes in (0, 5, 60 * 24):
        desk.clock.set(MORNING + timedelta(minutes=minutes))
        send_digest(desk.digesting)
    assert len(messages(desk)) == 4


def test_a_calm_day_sends_as_well(desk: Desk) -> None:
    send_digest(desk.digesting)
    assert len(messages(desk)) == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("moment", [FULL, BRIEF])
def test_no_language_leaves_a_hole_in_the_text(desk: Desk, moment: str, language: str) -> None:
    desk.alert(Level.NOTICE, 5)
    desk.incident(2)
    desk.posts(3, hours_ago=3)
    mail = desk.mail(moment, language)
    assert "{" not in mail.text + mail.subject
    assert "—" not in mail.text


def test_the_day_of_last_week_is_seven_days_before() -> None:
    period = day_until(MORNING)
    assert period.earlier(WEEK).since == period.since - timedelta(days=7)


def messages(desk: Desk) -> list[Message]:
    rows: list[OutboxRow] = list(desk.outbox.rows.values())
    return [row.body for row in rows if isinstance(row.body, Message)]


def test_s0_19_a_late_corrective_action_is_in_the_mail_until_its_effect_was_checked(desk: Desk) -> None:
    late = a_correction(due_at=MORNING - timedelta(days=40), check_at=MORNING - timedelta(days=1))
    closed = an_incident(status=IncidentStatus.CLOSED, opened_at=NOON - timedelta(days=200), number=77)
    desk.incidents.put(a_room(incident=closed, corrections=(late, a_correction(id="corr-2"))))
    text = desk.mail().text
    assert "是正措置の遅れ：1件" in text
    assert "　・#77 休日のロット照会の手順を作る（伊藤 学さん、期限 4月4日）" in text
    assert "是正措置の遅れ：1件" in desk.mail(BRIEF).text
    done = replace(late, done_by="ito", done_at=NOON)
    desk.incidents.put(a_room(incident=closed, corrections=(done,)))
    assert "期限 5月13日" in desk.mail().text
    checked = replace(done, checked_by="sato", checked_at=NOON, effective=True)
    desk.incidents.put(a_room(incident=closed, corrections=(checked,)))
    assert "是正措置" not in desk.mail().text


def test_s0_21_a_manual_whose_review_is_overdue_is_in_the_mail_every_morning(desk: Desk) -> None:
    head = "# 危機管理マニュアル\n版: 1.0\n見直した日: 2025-11-13\n次の見直し: {}\n"
    desk.manual = (page_of("crisis", head.format("2026-05-14")),)
    assert "マニュアル" not in desk.mail().text
    desk.manual = (page_of("crisis", head.format("2026-05-13")),)
    said = "マニュアルの見直し：「危機管理マニュアル」の期限（2026-05-13）を過ぎています"
    assert said in desk.mail().text
    assert said in desk.mail(BRIEF).text


@pytest.mark.parametrize("moment", [FULL, BRIEF])
def test_s4_8_an_incident_whose_public_word_is_late_is_named_in_the_mail(desk: Desk, moment: str) -> None:
    desk.incident(5, reminded=("clock/1/clock_behind", "clock/1/clock_broken"))
    desk.incident(5, reminded=("clock/1/clock_behind",))
    desk.incident(5, generation=2, reminded=("clock/1/clock_broken",))
    assert "　公表の目標を過ぎた案件　#1" in body(desk.mail(moment))


def test_s3_6_a_late_action_of_an_incident_about_staff_names_nobody(desk: Desk) -> None:
    late = a_correction(title="早乙女翔太さんへの再発防止の面談", due_at=MORNING - timedelta(days=1))
    closed = an_incident(status=IncidentStatus.CLOSED, number=77)
    room, _ = open_track(a_room(incident=closed, corrections=(late,)), by="kato", at=NOON)
    names = Names(family="早乙女", given="翔太")
    room, _ = record_names(room, room.protections[0].id, names, by="kato", at=NOON)
    desk.incidents.put(room)
    text = desk.mail().text
    assert "是正措置の遅れ：1件" in text
    assert "早乙女" not in text
