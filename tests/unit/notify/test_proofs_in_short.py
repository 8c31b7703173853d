"""Short forms of what ``make soak`` proves at length, and that each proof can fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.proofs import sms, tokens


def test_forged_links_open_nothing_in_any_way_of_forging() -> None:
    tried, opened = tokens.accepted(count=9_000, seed=0)
    assert set(tried.values()) == {1_000}
    assert opened == []


def test_the_links_that_were_forged_from_open_themselves() -> None:
    desk = tokens.Desk()
    assert all(desk.accepts(token) for token in desk.good)
    assert not any(desk.accepts(token) for token in (*desk.dead, *desk.planted))


def test_sms_out_of_any_words_stay_whole_and_within_their_budget() -> None:
    texts = list(sms.written(count=400, seed=0))
    assert {text.moment for text in texts} == set(sms.MOMENTS)
    assert [fault for text in texts for fault in sms.faults(text)] == []


GOOD = sms.Sms(
    moment="page",
    link=sms.SHORT,
    text=f"【重大】#1 虫🔥\n確認番号47\n{sms.SHORT}",
    values=("虫🔥",),
    most_parts=1,
)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (GOOD.text[:-1], "the link is not whole"),
        ("http://evil.example.com " + GOOD.text, "another link"),
        ("\u202e" + GOOD.text, "direction mark"),
        ("\x07" + GOOD.text, "control character"),
        ("🍫" + GOOD.text, "in pieces"),
        ("🇯" + GOOD.text, "half a flag"),
        ("あ" * 40 + GOOD.text, "over its budget"),
    ],
)
def test_a_spoilt_sms_is_found_out(text: str, what: str) -> None:
    assert sms.faults(GOOD) == []
    assert any(what in fault for fault in sms.faults(replace(GOOD, text=text)))
