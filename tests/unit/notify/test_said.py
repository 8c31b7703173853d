"""Sentences that are stored without a language: each reader's words, and never more bytes than before."""

from __future__ import annotations

import pytest

from hikeshi.domain.levels import DEFAULT_TABLE, REASONS, LevelRow, Limits
from hikeshi.domain.people import Channel
from hikeshi.domain.phrases import phrase
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.services.messages.compose import compose
from hikeshi.services.messages.said import said
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.timeline_text import sentence
from tests.builders import NOON, a_message, a_person, a_roster
from tests.unit.notify.sample_values import INCIDENT, LINK, SENT_AT

JAPANESE, ENGLISH = Wording("ja"), Wording("en")
RAISED = phrase("why.level", category="contamination", level="critical", posts=31, reposts=300)

STORED = (
    phrase("grouped.led"),
    phrase("grouped.same"),
    phrase("grouped.split"),
    phrase("grouped.copy", percent=87),
    phrase("grouped.quote", percent=87),
    phrase("grouped.topic", terms="ルナショコラ,品川工場,保健所"),
    phrase("why.same_topic", category="contamination", hours=24),
    phrase("why.same_peril", hours=24),
    phrase("why.again"),
    phrase("why.dismissed_rose", **{"from": "warning", "to": "critical"}),
    phrase("why.dismissed_spread", before=5, after=15),
    RAISED,
    *(row.reason for row in DEFAULT_TABLE.rows),
)


def test_a_reader_has_the_sentence_in_their_own_words() -> None:
    assert said(RAISED, JAPANESE) == (
        "異物混入・食品衛生の投稿が重大の基準に達しました（投稿31件、引用・転載300件）"
    )
    assert said(RAISED, ENGLISH).endswith("(31 posts, 300 reposts)")
    assert said(phrase("grouped.topic", terms="品川工場,保健所"), ENGLISH) == (
        "The same topic (words in common: 品川工場, 保健所)"
    )


@pytest.mark.parametrize("stored", STORED)
def test_every_sentence_is_known_complete_and_no_longer_than_the_japanese_that_was_stored(
    stored: str,
) -> None:
    for words in (JAPANESE, ENGLISH):
        told = said(stored, words)
        assert told != stored
        assert "—" not in told
    assert len(stored.encode()) <= len(said(stored, JAPANESE).encode())


@pytest.mark.parametrize(
    "written",
    ["本文が87%一致しています", "引用・転載が300件以上になりました", "", "a|b=c", "why.unknown|x=1", "|||"],
)
def test_what_was_stored_before_or_written_by_people_is_said_as_it_stands(written: str) -> None:
    for words in (JAPANESE, ENGLISH):
        assert said(written, words) == written


def test_a_value_cannot_break_out_of_its_place() -> None:
    told = said(phrase("grouped.topic", terms="品川|percent=1"), JAPANESE)
    assert told == "同じ話題です（共通する言葉：品川 percent=1）"


def test_the_shipped_rows_say_their_reason_by_name_and_own_words_stay() -> None:
    assert {row.because for row in DEFAULT_TABLE.rows} == REASONS
    own = LevelRow(content=(), at_least=Limits(posts=3), level=DEFAULT_TABLE.rows[0].level, because="3件から")
    assert own.reason == "3件から"


@pytest.mark.parametrize(("words", "opening"), [(JAPANESE, "理由："), (ENGLISH, "")], ids=["ja", "en"])
def test_mail_and_timeline_tell_why_the_level_rose_in_the_words_of_the_reader(
    words: Wording, opening: str
) -> None:
    message = a_message(
        channel=Channel.MAIL,
        moment="level_raised",
        params=INCIDENT | {"from_key": "level.warning", "why": RAISED},
    )
    mail = compose(message, person=a_person(message.person_id), link=LINK, wording=words, at=SENT_AT)
    assert opening + said(RAISED, words) in mail.text
    details = {"from": "warning", "to": "critical", "why": RAISED}
    told = sentence(
        TimelineEvent(kind="level_raised", at=NOON, details=details), words=words, roster=a_roster()
    )
    assert said(RAISED, words) in told
