from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.services.messages.message_text import (
    clusters,
    one_line,
    shortened,
    sms_parts,
    unlinked,
    utf16_units,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()))
# What phones and mail programmes underline: schemes, names with dots, numeric addresses, mail addresses.
LINKISH = re.compile(r"[a-z][a-z0-9+.-]*:\S|\S@\S|[^\s.]\.[^\s.\d…]|\d\.\d+\.\d", re.IGNORECASE)


@given(ANY_TEXT)
def test_any_text_becomes_one_normalised_line_without_control_or_direction_marks(text: str) -> None:
    line = one_line(text)
    assert unicodedata.is_normalized("NFC", line)
    assert not {unicodedata.category(c) for c in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    line.encode()


@given(ANY_TEXT | st.from_regex(r"(https?://)?[a-z0-9.]{1,9}\.[a-z0-9.]{1,9}(/\w*)?"))
def test_nothing_in_a_posts_text_can_be_followed(text: str) -> None:
    assert not LINKISH.search(unlinked(one_line(text)))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("https://evil.example.com/a?b=c", "https：//evil・example・com/a?b=c"),
        ("www.example.com を見て", "www・example・com を見て"),
        ("平常の0.3倍で 1.5 だった", "平常の0.3倍で 1.5 だった"),
        ("192.168.0.1 へ", "192・168・0・1 へ"),
        ("a@example.com", "a＠example・com"),
        ("JavaScript:alert(1)", "JavaScript：alert(1)"),
        ("例え．テスト", "例え・テスト"),
        ("食べました。虫がいました。", "食べました。虫がいました。"),
    ],
)
def test_links_stay_legible_and_stop_being_links(written: str, shown: str) -> None:
    assert unlinked(one_line(written)) == shown


def test_direction_marks_and_line_breaks_cannot_rearrange_a_message() -> None:
    assert one_line("承認\u202eしない\r\nBcc: x\x00\u200b") == "承認しない Bcc: x"


def test_a_mark_without_a_letter_does_not_cling_to_our_words() -> None:
    assert one_line("\u0301\u3099 虫") == "虫"


@pytest.mark.parametrize(
    ("text", "parts"),
    [("あ" * 70, 1), ("あ" * 71, 2), ("あ" * 134, 2), ("あ" * 135, 3), ("🍫" * 35, 1), ("🍫" * 36, 2)],
)
def test_a_text_is_counted_as_the_network_counts_it(text: str, parts: int) -> None:
    assert sms_parts(text) == parts


def test_an_emoji_at_the_seam_moves_whole_into_the_next_part() -> None:
    # 67 is odd: of 67 pairs, 33 fit into each part, so 134 units of emoji need three parts.
    assert sms_parts("🍫" * 67) == 3


@given(ANY_TEXT.map(one_line), st.integers(min_value=1, max_value=80))
def test_a_shortened_text_fits_and_is_cut_between_characters(text: str, units: int) -> None:
    short = shortened(text, units)
    assert utf16_units(short) <= units
    if short != text:
        kept = short.removesuffix("…")
        assert short.endswith("…")
        whole = list(clusters(text))
        assert any("".join(whole[:n]).rstrip() == kept for n in range(len(whole) + 1))


def test_flags_tones_and_accents_are_not_torn_apart() -> None:
    assert list(clusters("か\u3099🇯🇵🇫🇷👍🏽e\u0301")) == ["か\u3099", "🇯🇵", "🇫🇷", "👍🏽", "e\u0301"]
