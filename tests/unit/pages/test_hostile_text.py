"""Posts, names and typed text are data: they never act on the page or on its reader."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.domain.incidents import Room
from hikeshi.services.messages.excerpt import MAX_MARKS, excerpt
from hikeshi.services.room.action_pages import SubPage
from tests.builders import a_correction, a_post, an_alerted_post, an_outcome
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener
from tests.unit.pages.scenes import event
from tests.unit.pages.stage import Stage

HOSTILE = [
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "' onfocus=alert(1) autofocus='",
    "</style><img src=x onerror=alert(1)>",
    "</textarea><form action=https://evil.example.com>",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "javascript:alert(1) https://evil.example.com tel:0312345678",
    "\u202egnp.exe\u2066反転\u2069",
    "\x00\x07\x1b[31m\x9b\x7f",
    "\u200b\ufeff\u2060\u00ad\u3164見えない",
    "ざ" + "\u0301" * 500 + "らざら",
    "\U000e0041\U000e0042タグ",
    "1行目\n2行目\r\n3行目\u2028" + "\n" * 200,
    "😀👨‍👩‍👧🏳️‍🌈",
    "無" * 100_000,
    "\t \u3000" * 5000,
    "ﷺ﷽" * 300,
]
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
FORBIDDEN = re.compile(f"[{_CONTROL}{_DIRECTION}\u200b\ufeff]")


def poisoned(text: str) -> scenes.Scene:
    """A room in which whatever came from outside is this text."""
    scene = scenes.responding()
    room: Room = scene.room
    assert room.statement is not None
    room = replace(
        room,
        incident=replace(room.incident, title=text, quote=text, source=text, brand_name=text),
        facts=tuple(replace(f, claim=text, source=text, basis=text) for f in room.facts),
        tasks=tuple(replace(t, title=text, result=text) for t in room.tasks),
        statement=replace(room.statement, text=text),
    )
    kept = an_alerted_post(post=a_post(text=text, source=text, url=text, author=text), why_grouped=text)
    (alert, _), *_ = scene.alerts
    said = (event("dismissed", 80, actor="sato", reason=text), event("fact_added", 81, claim=text))
    return replace(
        scene,
        room=room,
        events=(*scene.events, *said),
        alerts=((replace(alert, why_grouped=text), (kept,) * 4),),
    )


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:24]))
def test_hostile_text_stands_on_the_page_as_text(open_stage: Opener, text: str) -> None:
    clean = open_stage(scenes.responding()).room().text
    page = open_stage(poisoned(text)).room().text

    def tags(html: str) -> set[str]:
        return set(re.findall(r"<(\w+)", html.split("</style>", 1)[1]))

    assert tags(page) <= tags(clean)
    assert not FORBIDDEN.search(page)
    assert not re.search(r'(?:href|action)="(?!#)[^"]*:', page)
    assert len(page.encode()) < 120_000


def test_what_a_person_typed_comes_back_as_text(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    typed = "</textarea><script>alert(1)</script>"
    page = browser.post(f"/r/{browser.stage.link()}/dismiss", {"reason": typed, "check_number": "11"}).text
    assert "<script" not in page
    assert "&lt;/textarea&gt;" in page


def test_a_report_is_shown_as_text_too() -> None:
    body = "# 題\n" + "\n".join(HOSTILE[:8]) + "\n| a | <b>b</b> |\n- [x](javascript:alert(1))"
    scene = scenes.reporting()
    assert scene.room.report is not None
    room = replace(
        scene.room, report=replace(scene.room.report, body=body, evaluation=HOSTILE[0], result_figures="")
    )
    set_up = Stage().play(replace(scene, room=room))
    page = set_up.desk().report(set_up.link()).body
    assert not re.search(r"<(script|img|b|svg)\b|href=\"javascript", page)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:24]))
def test_what_the_report_is_filled_with_stays_text(text: str) -> None:
    scene = scenes.to_sign()
    assert scene.room.report is not None
    filled = replace(scene.room.report, evaluation=text, lessons=text, customers=text)
    room = replace(
        scene.room,
        report=replace(filled, outcome=an_outcome(brand=text, people=text)),
        proposals=tuple(
            replace(each, text=text, diff=f"-\n+\n+{text}", reason=text) for each in scenes.CHANGES
        ),
        corrections=tuple(
            replace(a_correction(), id=f"corr-{n}", title=text, check=text) for n in range(100)
        ),
        feedback=tuple(replace(each, note=text) for each in scene.room.feedback),
    )
    set_up = Stage().play(replace(scene, room=room))
    desk, token = set_up.desk(), set_up.link("suzuki")
    for page in (desk.sub_page(token, SubPage.REPORT_EDIT).body, desk.report(token).body):
        body = page.split("</style>", 1)[1]
        assert not re.search(r"<(script|img|b|form action=h|style)\b|href=\"javascript", body)
        assert len(page.encode()) < 200_000


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400), st.integers(min_value=2, max_value=120), st.booleans())
def test_an_excerpt_is_short_safe_and_encodable(text: str, limit: int, lines: bool) -> None:
    shown = excerpt(text, limit=limit, lines=lines)
    assert len(shown) <= limit
    assert not FORBIDDEN.search(shown)
    shown.encode()
    if not lines:
        assert "\n" not in shown


def test_an_excerpt_keeps_emoji_and_ordinary_accents() -> None:
    assert excerpt("👨‍👩‍👧 café が", limit=50) == "👨‍👩‍👧 café が"


def test_an_excerpt_keeps_few_marks_on_one_letter() -> None:
    assert excerpt("a" + "\u0301" * 50 + "b", limit=50) == "a" + "\u0301" * MAX_MARKS + "b"


def test_an_excerpt_of_lines_keeps_paragraphs_and_no_more() -> None:
    assert excerpt("一\r\n\r\n\r\n\r\n二\n三\n\n", limit=50, lines=True) == "一\n\n二\n三"


def test_a_cut_text_says_that_it_is_cut() -> None:
    assert excerpt("あいうえお", limit=4) == "あいう…"
