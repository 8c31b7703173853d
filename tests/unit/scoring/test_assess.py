from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.domain.alerts import Alert
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import ConcurrentChangeError, UnknownBrandError
from hikeshi.domain.posts import Post
from hikeshi.services.alerts.assess import MAX_TRIES, UNMATCHED, Assessed, Assessing, score_posts
from hikeshi.services.alerts.grouping import alert_id_for
from hikeshi.services.messages.said import said
from hikeshi.services.messages.wording import Wording
from tests.builders import BRAND, NOON, a_brand, a_configuration, a_post, a_watch_list, an_assessment
from tests.fakes.collecting import RecordingIncidentRequests
from tests.fakes.environment import FrozenClock
from tests.fakes.scoring import InMemoryAlertStore, InMemoryPostArchive, InMemoryPostCounts, ScriptedScorer

TEXT = a_post().text


@dataclass
class Desk:
    """Everything around the use case, and a shorter way to call it."""

    scorer: ScriptedScorer = field(
        default_factory=lambda: ScriptedScorer({
            "苦情": an_assessment(score=41, level=Level.NOTICE, category=Category.COMPLAINT),
            "壊れた判定": RuntimeError("no dictionary"),
            "虫": an_assessment(),
            "爆破": an_assessment(score=92, level=Level.CRITICAL, category=Category.ATTACK),
        })
    )  # fmt: skip
    alerts: InMemoryAlertStore = field(default_factory=InMemoryAlertStore)
    counts: InMemoryPostCounts = field(default_factory=InMemoryPostCounts)
    archive: InMemoryPostArchive = field(default_factory=InMemoryPostArchive)
    requests: RecordingIncidentRequests = field(default_factory=RecordingIncidentRequests)
    configuration: Configuration = field(default_factory=a_configuration)
    clock: FrozenClock = field(default_factory=FrozenClock)

    def score(self, *posts: Post) -> Assessed:
        return score_posts(
            posts,
            Assessing(
                scorer=self.scorer,
                alerts=self.alerts,
                counts=self.counts,
                archive=self.archive,
                requests=self.requests,
                configuration=self.configuration,
                clock=self.clock,
            ),
        )

    @property
    def alert(self) -> Alert:
        (alert,) = self.alerts.alerts.values()
        return alert


# ---- one post ----------------------------------------------------------------------------------


def test_s0_1_s4_7_a_risky_post_becomes_an_alert_with_evidence_and_asks_for_an_incident() -> None:
    desk = Desk()
    assessed = desk.score(a_post())
    alert = desk.alert
    assert not assessed.errors
    assert (alert.brand, alert.level, alert.posts, alert.reposts, alert.authors) == (
        BRAND, Level.WARNING, 1, 4, 1,
    )  # fmt: skip
    assert alert.id == alert_id_for(BRAND, TEXT)
    assert said(alert.why_grouped, Wording()) == "この投稿から始まりました"
    assert alert.detected_at == desk.clock.now()
    assert desk.requests.alert_ids == [alert.id]
    (member,) = desk.alerts.posts(alert.id)
    assert member.evidence == desk.archive.evidence[a_post().key]


def test_a_harmless_post_is_archived_and_nothing_else() -> None:
    desk = Desk()
    desk.score(a_post(text="いい天気"))
    assert desk.archive.brands() == {BRAND: ["post-1"]}
    assert not desk.alerts.alerts
    assert not desk.archive.evidence


def test_a_notice_makes_an_alert_but_wakes_nobody() -> None:
    desk = Desk()
    desk.score(a_post(text="苦情です"))
    assert desk.alert.level is Level.NOTICE
    assert desk.requests.alert_ids == []


def test_a_post_that_no_watch_matches_is_archived_apart_and_not_judged() -> None:
    desk = Desk()
    desk.score(a_post(brand=None, text="よその店に虫"))
    assert desk.archive.brands() == {UNMATCHED: ["post-1"]}
    assert desk.scorer.asked == []


def test_a_post_on_two_brands_makes_an_alert_for_each() -> None:
    other = a_brand(id="other", name="別のブランド", query="チョコ")
    watches = a_watch_list(brands={BRAND: a_brand(), "other": other})
    desk = Desk(configuration=a_configuration(watches=watches))
    desk.score(a_post(brand=None))
    assert {alert.brand for alert in desk.alerts.alerts.values()} == {BRAND, "other"}
    assert len(set(desk.requests.alert_ids)) == 2
    assert set(desk.archive.brands()) == {BRAND, "other"}


def test_an_unknown_brand_fails_its_post_and_no_other() -> None:
    desk = Desk()
    stranger = a_post(id="stranger", brand="unknown")
    assessed = desk.score(stranger, a_post())
    assert isinstance(assessed.errors[stranger.key], UnknownBrandError)
    assert set(assessed.alerts) == {a_post().key}


def test_a_post_that_breaks_the_scorer_does_not_hold_back_its_neighbours() -> None:
    desk = Desk()
    poison = a_post(id="poison", text="壊れた判定")
    assessed = desk.score(poison, a_post())
    assert list(assessed.errors) == [poison.key]
    assert desk.alert.posts == 1


# ---- the same again ----------------------------------------------------------------------------


def test_the_same_post_twice_changes_nothing_once_it_has_an_incident() -> None:
    desk = Desk()
    desk.score(a_post())
    desk.alerts.save(replace(desk.alert, incident_id="inc-1"), None)
    before = desk.alert
    desk.score(a_post())
    assert desk.alert == before
    assert len(desk.requests.alert_ids) == 1
    assert len(desk.archive.piles) == 1


def test_a_redelivered_post_asks_again_while_the_alert_has_no_incident() -> None:
    desk = Desk()
    desk.score(a_post())
    desk.score(a_post())
    assert desk.requests.alert_ids == [desk.alert.id] * 2
    assert desk.alert.posts == 1


def test_a_higher_repost_count_is_counted_once_and_the_incident_follows() -> None:
    desk = Desk()
    desk.score(a_post(reposts=4))
    desk.alerts.save(replace(desk.alert, incident_id="inc-1"), None)
    desk.score(a_post(reposts=90))
    desk.score(a_post(reposts=60))
    assert (desk.alert.posts, desk.alert.reposts, desk.alert.authors) == (1, 90, 1)
    assert len(desk.requests.alert_ids) == 2


def test_a_copy_by_another_joins_and_says_why() -> None:
    desk = Desk()
    desk.score(a_post())
    desk.score(a_post(id="2", author="kaede", text=f"RT @momiji: {TEXT}"))
    assert (desk.alert.posts, desk.alert.authors) == (2, 2)
    assert said(desk.alert.why_grouped, Wording()) == "本文が同じです"


def test_an_edited_copy_joins_and_says_how_alike_it_is() -> None:
    desk = Desk()
    desk.score(a_post())
    desk.score(a_post(id="2", text=TEXT + "。これはひどい"))
    assert desk.alert.posts == 2
    why = said(desk.alert.why_grouped, Wording())
    assert why.startswith("本文が8")
    assert why.endswith("%一致しています")
    desk.score(a_post(id="2", text=TEXT + "。これはひどい"))
    assert desk.alert.posts == 2


def test_another_text_on_the_same_matter_is_an_alert_of_its_own() -> None:
    desk = Desk()
    desk.score(a_post(), a_post(id="2", text="え、つきみさんのクッキーからも虫が出たって聞いて震えてる"))
    assert len(desk.alerts.alerts) == 2


def test_an_alike_text_after_the_window_starts_anew() -> None:
    desk = Desk()
    desk.score(a_post())
    desk.clock.advance(hours=25)
    late = desk.clock.now()
    desk.score(a_post(id="2", text=TEXT + "。これはひどい", published_at=late, fetched_at=late))
    assert len(desk.alerts.alerts) == 2


def test_the_same_author_is_counted_once() -> None:
    desk = Desk()
    desk.score(a_post(), a_post(id="2"), a_post(id="3", author=None))
    assert (desk.alert.posts, desk.alert.authors) == (3, 1)


# ---- level -------------------------------------------------------------------------------------


def test_a_graver_copy_lifts_the_alert_and_explains_it() -> None:
    desk = Desk()
    desk.score(a_post(text="苦情です。" + "同じ長い文章がここに続きます" * 3))
    desk.score(a_post(id="2", text="爆破です。" + "同じ長い文章がここに続きます" * 3))
    assert (desk.alert.level, desk.alert.category, desk.alert.score) == (Level.CRITICAL, Category.ATTACK, 92)
    assert desk.requests.alert_ids == [desk.alert.id]


def test_spread_lifts_a_warning_to_critical() -> None:
    desk = Desk()
    desk.score(a_post(reposts=10, fetched_at=NOON + timedelta(minutes=5)))
    desk.alerts.save(replace(desk.alert, incident_id="inc-1", level=Level.WARNING), None)
    desk.score(a_post(reposts=301))
    assert desk.alert.level is Level.CRITICAL
    assert desk.requests.alert_ids[-1] == desk.alert.id


# ---- at once -----------------------------------------------------------------------------------


def test_a_lost_race_is_tried_again_on_what_stands_now() -> None:
    desk = Desk()
    others = iter([a_post(id="faster", author="kaede")])

    def slip_in() -> None:
        desk.alerts.before_save = lambda: None
        desk.score(next(others))

    desk.alerts.before_save = slip_in
    assessed = desk.score(a_post())
    assert not assessed.errors
    assert (desk.alert.posts, desk.alert.authors) == (2, 2)


def test_a_race_that_is_always_lost_gives_the_post_back() -> None:
    desk = Desk()
    tries = itertools.count()

    def always_late() -> None:
        next(tries)
        raise ConcurrentChangeError("alert")

    desk.alerts.before_save = always_late
    assessed = desk.score(a_post())
    assert isinstance(assessed.errors[a_post().key], ConcurrentChangeError)
    assert next(tries) == MAX_TRIES


def test_many_processes_that_meet_one_text_agree_on_one_alert() -> None:
    desk = Desk()
    posts = [a_post(id=str(number), author=f"author-{number}") for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(desk.score, posts))
    waiting = [post for post, result in zip(posts, results, strict=True) if result.errors]
    for post in waiting:
        desk.score(post)
    assert (desk.alert.posts, desk.alert.authors, desk.alert.reposts) == (40, 40, 160)


@settings(max_examples=40)
@given(order=st.permutations(range(6)), repeated=st.lists(st.integers(0, 5), max_size=6))
def test_order_and_repetition_make_no_difference_to_the_counts(order: list[int], repeated: list[int]) -> None:
    desk = Desk()
    posts = [a_post(id=str(n), author=f"a{n % 3}", reposts=n * 10) for n in range(6)]
    desk.score(*(posts[n] for n in [*order, *repeated]))
    alert: Any = desk.alert
    assert (alert.posts, alert.authors, alert.reposts) == (6, 3, 150)


@pytest.mark.parametrize("brand", [BRAND, "other"])
def test_the_id_of_an_alert_is_that_of_its_text_and_brand(brand: str) -> None:
    assert alert_id_for(brand, TEXT) == alert_id_for(brand, f"RT @x: {TEXT}！")
    assert alert_id_for(brand, TEXT) != alert_id_for("third", TEXT)
    assert len(alert_id_for(brand, TEXT)) == len("alert-") + 32
