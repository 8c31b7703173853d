"""The page of replies and compensation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hikeshi.services.room.action_pages import SubPage
from tests.builders import NOON, a_compensation, a_surge, an_inquiry
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener
from tests.unit.pages.stage import Stage


def page(stage: Stage, person: str = "watanabe", number: str = "") -> str:
    return stage.desk().sub_page(stage.link(person), SubPage.AFTERCARE, number=number).body


def test_s2_9_the_page_says_for_each_customer_what_is_still_missing() -> None:
    body = page(Stage().play(scenes.attended()))
    assert "CS-1042" in body
    assert "個別の返信を記録する" in body
    assert "公の回答を記録する" in body


def test_s2_23_the_room_counts_what_is_promised_and_not_given_in_yen() -> None:
    stage = Stage().play(scenes.attended())
    room = stage.desk().show(stage.link("sato")).body
    assert "お客様の声 1件（返信待ち 1件）" in room
    assert "補償 1件・3,240円（未払い 1件）" in room


def test_s2_32_the_list_of_helpers_is_shown_before_they_are_called_and_while_they_help() -> None:
    idle = page(Stage().play(scenes.calming()))
    assert "山田 渚" in idle
    assert "増員を始める" in idle
    running = page(Stage().play(scenes.attended(surges=(a_surge(),))))
    assert "増員を終える" in running
    assert "増員を始める" not in running


def test_s0_22_a_closed_incident_shows_until_when_it_is_watched() -> None:
    body = page(Stage().play(scenes.attended()), "sato")
    assert "まで、週に一度、再び広がっていないかを確かめます。" in body
    assert "確認の結果を記録する" in body


def test_a_refused_form_comes_back_filled_in_at_its_own_customer_alone(open_stage: Opener) -> None:
    two = (an_inquiry(), an_inquiry(id="inquiry-2", number="CS-2"))
    browser = open_stage(scenes.attended(inquiries=two))
    path = f"/r/{browser.stage.link('watanabe')}/inquiry-reply"
    typed = {"inquiry_id": "inquiry-2", "private_reply": "090-0000-1234 へ"}
    answer = browser.post(path, typed)
    assert answer.status == 400
    assert answer.text.count("090-0000-1234 へ") == 1
    assert "<details open>" in answer.text.split('id="at-inquiry-2"')[1].split("</li>")[0]


def test_five_hundred_customers_are_shown_twenty_at_a_time_and_within_the_size() -> None:
    many = tuple(
        an_inquiry(
            id=f"inquiry-{n}", number=f"CS-{n}", gist="心配です" * 60, taken_at=NOON + timedelta(minutes=n)
        )
        for n in range(500)
    )
    paid = tuple(a_compensation(id=f"c-{n}", number=f"CS-{n}") for n in range(500))
    stage = Stage().play(scenes.attended(inquiries=many, compensations=paid))
    first, last = page(stage), page(stage, number="25")
    assert first.count('id="at-inquiry-') == 20
    assert last.count('id="at-inquiry-') == 20
    assert "ほか 480件" in first
    assert len(first.encode()) < 200_000


def test_english_says_the_same() -> None:
    stage = replace(Stage(language="en")).play(scenes.attended())
    assert "Replies and compensation" in page(stage)


def test_a_closed_room_that_still_owes_something_says_so_instead_of_nothing() -> None:
    stage = Stage().play(scenes.attended())
    assert "返信待ち、または未払いの補償が残っています。" in stage.desk().show(stage.link("sato")).body
    done = Stage().play(scenes.attended(inquiries=(), compensations=()))
    assert "お願いすることはありません。" in done.desk().show(done.link("sato")).body
