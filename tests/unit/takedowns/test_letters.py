"""Letters and the words of the grounds: data, held against their own examples."""

from __future__ import annotations

from string import Formatter

import pytest

from hikeshi.domain.takedowns import Ground, Platform
from hikeshi.services.messages.wording import LANGUAGES, Wording
from hikeshi.services.takedowns.takedown_text import findings, grounds, letter_of, letters, platform_of
from tests.builders import NOON, a_takedown

LEGAL = [ground for ground in Ground if ground is not Ground.CRITICISM]
VALUES = {"company", "department", "url", "right", "passage", "reason", "posted", "kept", "sha256"}


def letter(**changes: object) -> str:
    return letter_of(a_takedown(**changes), company="つきみ製菓", department="法務部", at=NOON)


@pytest.mark.parametrize("ground", LEGAL)
def test_each_ground_knows_its_own_words_and_lets_criticism_alone(ground: Ground) -> None:
    words = grounds()[ground]
    assert words.good
    assert words.bad
    assert [text for text in words.bad if not words.match(text)] == []
    assert [text for text in words.good if words.match(text)] == []


@pytest.mark.parametrize("text", ["まずい", "接客が最悪", "高いだけで残念", "二度と行きません", "星1つ"])
def test_s3_2_no_ground_takes_a_plain_opinion_for_an_infringement(text: str) -> None:
    for ground in LEGAL:
        assert [key for key, _ in findings(ground, text)] == [f"not_shown_{ground}", "takedown_say_why"]


def test_there_is_a_letter_for_every_addressee_and_a_right_for_every_ground() -> None:
    assert set(letters()) == set(Platform)
    assert set(grounds()) == set(LEGAL)


@pytest.mark.parametrize("platform", Platform)
def test_every_letter_says_where_what_why_and_with_what_evidence(platform: Platform) -> None:
    named = {name for _, name, _, _ in Formatter().parse(letters()[platform].text) if name}
    assert named >= VALUES
    text = letter(platform=platform, posted_at=NOON)
    takedown = a_takedown()
    for part in (takedown.url, takedown.passage, takedown.reason, takedown.evidence.sha256):
        assert part in text
    for part in ("プライバシー", "つきみ製菓", "法務部", "2026年5月13日 12:57（日本時間）"):
        assert part in text
    assert "!" not in text
    assert "！" not in text
    assert "—" not in text


@pytest.mark.parametrize("platform", [Platform.SUMMARY_SITE, Platform.PROVIDER])
def test_a_letter_asks_for_an_answer_by_the_deadline_once_it_was_sent(platform: Platform) -> None:
    assert "【回答の期限】までに" in letter(platform=platform)
    assert "2026年5月13日 12:57（日本時間）までに" in letter(platform=platform, deadline=NOON)


def test_braces_in_a_post_are_words_and_not_values() -> None:
    assert "{company} {0}" in letter(passage="{company} {0}")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.com/a/status/1", Platform.X),
        ("https://mobile.twitter.com/a/status/1", Platform.X),
        ("https://www.youtube.com/watch?v=1", Platform.YOUTUBE),
        ("https://youtu.be/1", Platform.YOUTUBE),
        ("https://www.instagram.com/p/1", Platform.META),
        ("https://www.tiktok.com/@a/video/1", Platform.TIKTOK),
        ("https://maps.app.goo.gl/1", Platform.GOOGLE),
        ("https://egg.5ch.net/test/read.cgi/news/1/2", Platform.BOARD),
        ("https://notx.com/", Platform.PROVIDER),
        ("https://x.com.example.jp/", Platform.PROVIDER),
    ],
)
def test_the_host_tells_whom_a_letter_goes_to(url: str, expected: Platform) -> None:
    assert platform_of(url) is expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_addressee_and_ground_has_its_advice(language: str) -> None:
    words = Wording(language)
    for platform in Platform:
        assert words.text(f"takedown_where.{platform}")
    for ground in LEGAL:
        assert words.text(f"takedown_heed.{ground}")
        assert words.text(f"finding.not_shown_{ground}")
