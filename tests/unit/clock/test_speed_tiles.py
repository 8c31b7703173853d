"""The four numbers that say why it had to be fast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hikeshi.domain.alerts import AlertedPost
from hikeshi.domain.incidents import Room, Spread
from hikeshi.domain.response_clock import response_clock
from hikeshi.domain.speed_tiles import SpeedTiles, speed_tiles
from hikeshi.domain.support import Answer
from hikeshi.domain.timeline import GENESIS, TimelineEvent, chain
from hikeshi.services.alerts.pace_text import times_normal
from hikeshi.services.clock.speed_text import sounds_angry, tile_rows
from hikeshi.services.messages.wording import Wording
from tests.builders import (
    NOON,
    a_post,
    a_room,
    an_alerted_post,
    an_approved_statement,
    an_incident,
    an_inquiry,
)


def minute(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def posts_at(*minutes: float, text: str = "つきみのチョコに虫がいた") -> list[AlertedPost]:
    return [
        an_alerted_post(post=a_post(id=f"post-{place}", published_at=minute(at), text=text))
        for place, at in enumerate(minutes)
    ]


def tiles_of(
    room: Room | None = None, *, posts: Sequence[AlertedPost] = (), events: Sequence[TimelineEvent] = ()
) -> SpeedTiles:
    room = room or a_room(incident=an_incident(spread=Spread(normal_per_minute=0.3)))
    return speed_tiles(
        room,
        posts=posts,
        timeline=chain(events, after_seq=0, after_digest=GENESIS),
        clock=response_clock(room, None),
        is_angry=sounds_angry,
    )


def judged(verdict: str, at: float, fact: str = "fact-1") -> TimelineEvent:
    details = {"fact": fact, "claim": "写真は当社の商品ですか", "verdict": verdict, "basis": "印字"}
    return TimelineEvent(kind="fact_judged", at=minute(at), actor="ito", details=details)


def said(at: float, **changes: Any) -> Any:
    return an_approved_statement(published_by="suzuki", published_at=minute(at), **changes)


def test_s2_17_growth_is_the_fastest_ten_minutes_beside_the_normal_rate() -> None:
    tiles = tiles_of(posts=posts_at(0, 30, 31, 35, 39, 39.9, 41, 90))
    assert tiles.per_minute == 0.5  # five from 30:00 on; at 41:00 the ten minutes hold five again
    assert tiles.times_normal == pytest.approx(0.5 / 0.3)


def test_s2_17_growth_is_never_below_the_pace_that_alert_and_page_told() -> None:
    spread = Spread(posts=3, reposts=5, per_minute=1.0, normal_per_minute=0.3)
    tiles = tiles_of(a_room(incident=an_incident(spread=spread)), posts=posts_at(0, 2, 4))
    assert tiles.per_minute == 1.0
    assert (times := tiles.times_normal) is not None
    assert f"{times:.0f}" == f"{times_normal(spread):.0f}" == "3"


def test_s2_17_a_fastest_pace_that_reposts_made_is_not_forgotten_when_they_ebb() -> None:
    spread = Spread(posts=3, reposts=500, per_minute=0.3, normal_per_minute=0.3, highest=42.0)
    tiles = tiles_of(a_room(incident=an_incident(spread=spread)), posts=posts_at(0, 2, 4))
    assert (tiles.per_minute, tiles.times_normal) == (42.0, 140.0)


def test_s2_17_of_two_posts_nothing_is_said_about_growth_and_anger() -> None:
    tiles = tiles_of(posts=posts_at(0, 1))
    assert (tiles.per_minute, tiles.times_normal, tiles.anger) == (None, None, None)


def test_s2_17_delay_is_that_of_the_word_and_the_middle_one_of_all_answers() -> None:
    answers = [replace(an_inquiry(), id=str(n), reply=answer(n)) for n in (10, 30, 200)]
    room = a_room(statement=said(95), inquiries=(*answers, an_inquiry()))
    tiles = tiles_of(room)
    assert tiles.word_after == timedelta(minutes=95)
    assert tiles.reply_after == timedelta(minutes=30)
    assert (tiles.replied, tiles.unanswered) == (3, 1)


def answer(after: float) -> Answer:
    return Answer(
        text="確認してご連絡します", by="watanabe", at=an_inquiry().taken_at + timedelta(minutes=after)
    )


def test_s2_17_a_correction_is_a_verdict_that_changed_or_a_text_that_lost_a_fact() -> None:
    fallen = said(60, flagged_at=minute(80), flagged_facts=("fact-1",))
    room = a_room(earlier_statements=(fallen,), statement=said(100, version=2))
    events = (
        judged("confirmed", 10),
        judged("confirmed", 20),
        judged("refuted", 80),
        judged("refuted", 5, "b"),
    )
    tiles = tiles_of(room, events=events)
    assert (tiles.reversed_verdicts, tiles.flagged, tiles.put_right) == (1, 1, 1)
    assert tiles.corrections == 2


def test_s2_17_anger_is_counted_by_the_words_of_the_lexicon() -> None:
    angry, calm = posts_at(1, 2, text="虫とか最悪、許せない"), posts_at(3, 4, text="虫が入っていたそうです")
    assert tiles_of(posts=[*angry, *calm]).anger == 0.5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ふざけるな、虫が入ってた", True),
        ("ふざけんな", True),
        ("これはひどい… 昨日買ったチョコに幼虫がいた", True),
        ("もう食べられない", True),
        ("ひどい雨の中を買いに行った", False),
        ("最低でも3個は買う", False),
        ("最悪の場合に備えて回収してほしい", False),
        ("チョコがクソうまい", False),
        ("虫が入っていました。写真を載せます", False),
    ],
)
def test_what_sounds_angry_and_what_does_not(text: str, expected: bool) -> None:
    assert sounds_angry(text) is expected


def test_s2_17_the_report_has_a_row_for_each_of_the_four() -> None:
    room = a_room(statement=said(95))
    rows = list(tile_rows(tiles_of(room, posts=posts_at(0, 1, 2, 3)), Wording()))
    assert rows == [
        ("広がりの速さ（最も速い10分間）", "1分あたり5.0件", "平常の17倍"),
        ("最初の投稿から公表まで", "1時間35分", "返信したお問い合わせはありません（未返信0件）"),
        ("取り消したこと", "0件", "確認結果の変更0件、根拠が崩れた文案0件、その後の公表0件"),
        ("怒りや強い不快の言葉がある投稿の割合", "0%", "保管した投稿4件のうち"),
    ]
    unknown = [value for _, value, _ in tile_rows(tiles_of(), Wording())]
    assert unknown == ["不明", "不明", "0件", "不明"]
