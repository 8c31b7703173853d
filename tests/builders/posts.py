"""Posts, what is said of them, and the alerts that count them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.assessment import Assessment, Axes, Category, CrisisType, Intent, Level, Reason
from hikeshi.domain.feedback import Feedback, FeedbackVerdict
from hikeshi.domain.posts import Evidence, Post

NOON = datetime(2026, 5, 13, 3, 57, tzinfo=UTC)
"""12:57 in Tokyo: the minute of the first post in most tests."""

BRAND = "tsukimi"

BRAND_NAME = "つきみ製菓"


def a_post(**changes: Any) -> Post:
    post = Post(
        id="post-1",
        source="kuchikomi",
        text="つきみのチョコを開けたら虫が入っていた。写真を載せておきます",
        published_at=NOON,
        fetched_at=NOON + timedelta(seconds=40),
        brand=BRAND,
        url="https://kuchikomi.example.jp/posts/1",
        author="momiji_0513",
        followers=320,
        reposts=4,
        likes=9,
        media=("photo",),
    )
    return replace(post, **changes)


def an_assessment(**changes: Any) -> Assessment:
    assessment = Assessment(
        score=72,
        level=Level.WARNING,
        category=Category.CONTAMINATION,
        crisis_type=CrisisType.OWN_FAULT,
        intent=Intent.RISK,
        axes=Axes(importance=80, impact=55, urgency=70),
        reasons=(Reason(rule="contamination.insect", label="異物（虫）", points=72, span="虫が入っていた"),),
    )
    return replace(assessment, **changes)


def an_evidence(**changes: Any) -> Evidence:
    evidence = Evidence(
        uri="s3://archive/evidence/0001.json", sha256="ab" * 32, captured_at=NOON + timedelta(seconds=50)
    )
    return replace(evidence, **changes)


def an_alerted_post(**changes: Any) -> AlertedPost:
    member = AlertedPost(
        post=a_post(),
        assessment=an_assessment(),
        evidence=an_evidence(),
        why_grouped="この投稿から始まりました",
    )
    return replace(member, **changes)


def an_alert(**changes: Any) -> Alert:
    alert = Alert(
        id="alert-" + "0" * 31 + "1",
        brand=BRAND,
        category=Category.CONTAMINATION,
        crisis_type=CrisisType.OWN_FAULT,
        level=Level.WARNING,
        score=72,
        axes=Axes(importance=80, impact=55, urgency=70),
        reasons=an_assessment().reasons,
        quote="つきみのチョコを開けたら虫が入っていた。写真を載せておきます",
        has_media=True,
        source="kuchikomi",
        signature=(1, 2, 3, 4),
        why_grouped="この投稿から始まりました",
        first_post_at=NOON,
        last_post_at=NOON,
        detected_at=NOON + timedelta(minutes=1),
        posts=1,
        reposts=4,
        authors=1,
        version=1,
    )
    return replace(alert, **changes)


def a_feedback(**changes: Any) -> Feedback:
    word = Feedback(
        post=a_post(author=None, url=None),
        alert_id="alert-" + "0" * 31 + "1",
        verdict=FeedbackVerdict.FALSE_ALARM,
        reason="虫の形のチョコの写真でした",
        category=Category.CONTAMINATION,
        level=Level.WARNING,
        by="sato",
        at=NOON + timedelta(minutes=10),
    )
    return replace(word, **changes)
