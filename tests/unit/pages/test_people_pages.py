"""The pages about people: an address is confirmed, an absence entered, a duty handed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.contact_tests import Asked
from hikeshi.domain.japan_time import JST
from hikeshi.domain.links import CONTACT, DUTY, RECEIPT
from hikeshi.domain.people import Channel
from hikeshi.domain.rotations import Absence, Rotation
from hikeshi.domain.standings import Departure, address_digest
from tests.builders import NOON, a_configuration, a_person, a_roster
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener
from tests.unit.pages.stage import NUMBER

MONDAY = datetime(2026, 5, 11, 9, 0, tzinfo=JST)
ABSENCE = {"person": "ito", "since": "2026-05-14T09:00", "until": "2026-05-18T09:00", "deputy": ""}
OVERRIDE = {"rotation": "watch", "person": "suzuki", "since": "2026-05-14T09:00", "until": "2026-05-15T09:00"}


def with_a_rotation() -> Configuration:
    rotation = Rotation(id="watch", name="監視当番", people=("nakano", "suzuki"), starts_at=MONDAY)
    return a_configuration(roster=a_roster(rotations={"watch": rotation}))


@pytest.fixture
def browser(open_stage: Opener) -> Browser:
    browser = open_stage(scenes.found())
    browser.stage.configuration = with_a_rotation()
    return browser


def contact(browser: Browser, channel: Channel = Channel.SMS, person: str = "sato") -> str:
    address = browser.stage.configuration.roster.person(person).address(channel) or ""
    about = f"{channel.value}:{address_digest(address)}"
    return browser.stage.link(person, purpose=CONTACT, about=about)


def duty(browser: Browser, person: str = "nakano", *, age: timedelta = timedelta(minutes=5)) -> str:
    return browser.stage.link(person, purpose=DUTY, about="", age=age)


# ---- confirming an address ---------------------------------------------------------------------


def test_the_number_and_one_button_confirm_an_address(browser: Browser) -> None:
    token = contact(browser)
    assert "この連絡先で受け取ります" in browser.get(f"/r/{token}").text
    answer = browser.post(f"/r/{token}/confirm-contact", {"check_number": NUMBER})
    assert answer.status == 303
    (kept,) = browser.stage.directory.standings().verifications
    assert (kept.person_id, kept.channel, kept.digest) == (
        "sato",
        Channel.SMS,
        address_digest("+819000001002"),
    )
    again = browser.get(f"/r/{token}").text
    assert "この連絡先を確認しました" in again
    assert "<form" not in again


@pytest.mark.parametrize("typed", [{}, {"check_number": "11"}, {"check_number": NUMBER, "channel": "mail"}])
def test_without_the_number_of_the_message_nothing_is_confirmed(
    browser: Browser, typed: dict[str, str]
) -> None:
    assert browser.post(f"/r/{contact(browser)}/confirm-contact", typed).status in (400, 403)
    assert browser.stage.directory.entries == {}


def test_three_wrong_numbers_lock_the_link_and_no_other(browser: Browser) -> None:
    token, other = contact(browser), contact(browser, Channel.MAIL)
    for _ in range(3):
        answer = browser.post(f"/r/{token}/confirm-contact", {"check_number": "11"})
    assert "3回間違えた" in answer.text
    assert browser.post(f"/r/{token}/confirm-contact", {"check_number": NUMBER}).status == 403
    assert browser.post(f"/r/{other}/confirm-contact", {"check_number": NUMBER}).status == 303


def test_a_link_to_an_address_that_changed_since_opens_nothing(browser: Browser) -> None:
    token = contact(browser)
    moved = a_roster(people={"sato": a_person("sato", phone="+819000009999")})
    browser.stage.configuration = a_configuration(roster=moved)
    assert browser.get(f"/r/{token}").status == 404
    assert browser.post(f"/r/{token}/confirm-contact", {"check_number": NUMBER}).status == 404
    assert browser.stage.directory.entries == {}


def test_the_page_shows_only_the_end_of_a_number(browser: Browser) -> None:
    text = browser.get(f"/r/{contact(browser)}").text
    assert "…1002" in text
    assert "+81" not in text
    mail = browser.get(f"/r/{contact(browser, Channel.MAIL)}").text
    assert "s…@example.jp" in mail
    assert "sato@" not in mail


# ---- the button of a contact test ---------------------------------------------------------------


def receipt(browser: Browser, *, age: timedelta = timedelta(minutes=5)) -> str:
    return browser.stage.link("sato", purpose=RECEIPT, about="2026-05/sms", number="", age=age)


def test_one_press_confirms_that_a_message_arrived(browser: Browser) -> None:
    token = receipt(browser)
    shown = browser.get(f"/r/{token}").text
    assert "佐藤 花子さん、SMSは届きましたか" in shown
    assert shown.count("<button") == 1
    assert browser.stage.contact_tests.presses == {}
    assert browser.post(f"/r/{token}/received", {}).status == 303
    asked = Asked(person_id="sato", channel=Channel.SMS)
    assert list(browser.stage.contact_tests.pressed("2026-05")) == [asked]
    after = browser.get(f"/r/{token}").text
    assert "佐藤 花子さんのSMSが届いたことを確認しました" in after
    assert "<form" not in after


def test_a_second_press_changes_nothing(browser: Browser) -> None:
    token = receipt(browser)
    browser.post(f"/r/{token}/received", {})
    first = dict(browser.stage.contact_tests.presses)
    browser.stage.clock.advance(minutes=1)
    assert browser.post(f"/r/{token}/received", {}).status == 303
    assert browser.stage.contact_tests.presses == first


def test_looking_or_sending_anything_else_presses_no_button(browser: Browser) -> None:
    token = receipt(browser)
    for _ in range(3):
        assert browser.get(f"/r/{token}").status == 200
    assert browser.post(f"/r/{token}/received", {"channel": "mail"}).status == 400
    assert browser.post(f"/r/{contact(browser)}/received", {}).status == 404
    assert browser.post(f"/r/{token}/confirm-contact", {"check_number": NUMBER}).status == 404
    assert browser.stage.contact_tests.presses == {}


def test_a_button_of_last_month_is_gone(browser: Browser) -> None:
    token = receipt(browser, age=timedelta(days=8))
    assert "<form" not in browser.get(f"/r/{token}").text
    assert browser.post(f"/r/{token}/received", {}).status == 404
    assert browser.stage.contact_tests.presses == {}


# ---- duties and absences -----------------------------------------------------------------------


def test_the_page_says_who_is_on_call_until_when_and_who_follows(browser: Browser) -> None:
    text = browser.get(f"/r/{duty(browser)}").text
    assert "監視当番" in text
    assert "中野 葵" in text
    assert "5月18日（月）09:00 まで" in text
    assert "5月18日（月）09:00〜　鈴木 健" in text


def test_an_absence_is_entered_and_shown_at_once(browser: Browser) -> None:
    token = duty(browser)
    answer = browser.post(f"/r/{token}/absences", {**ABSENCE, "check_number": NUMBER})
    assert answer.status == 303
    (kept,) = browser.stage.directory.standings().absences
    assert (kept.person_id, kept.made_by, kept.deputy) == ("ito", "nakano", None)
    assert kept.begins_at == datetime(2026, 5, 14, 9, 0, tzinfo=JST)
    shown = browser.get(f"/r/{token}?done=absences").text
    assert "不在を登録しました" in shown
    assert "5月14日（木）09:00 〜 5月18日（月）09:00" in shown


def test_a_change_of_duty_is_entered_and_taken_back(browser: Browser) -> None:
    token = duty(browser)
    assert browser.post(f"/r/{token}/overrides", {**OVERRIDE, "check_number": NUMBER}).status == 303
    (kept,) = browser.stage.directory.standings().overrides
    assert "5月14日（木）09:00〜　鈴木 健" in browser.get(f"/r/{token}").text
    done = browser.post(f"/r/{token}/cancel-duty", {"entry": kept.id, "check_number": NUMBER})
    assert done.status == 303
    assert browser.stage.directory.standings().overrides[0].cancelled_at is not None
    assert "これからの交代はありません" in browser.get(f"/r/{token}").text


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("absences", {**ABSENCE, "until": "2026-05-14T08:00"}, "終わりの日時"),
        ("absences", {**ABSENCE, "until": "2026-05-01T08:00", "since": "2026-04-30T08:00"}, "終わりの日時"),
        ("absences", {**ABSENCE, "since": "あした"}, "始まりの日時"),
        ("absences", {**ABSENCE, "deputy": "ito"}, "ご本人以外"),
        ("absences", {**ABSENCE, "person": "nobody"}, "この方は選べません"),
        ("overrides", {**OVERRIDE, "rotation": "other"}, "当番を選んでください"),
        ("overrides", {**OVERRIDE, "until": "2030-05-15T09:00"}, "1年以内"),
        ("cancel-duty", {"entry": "01HXNOSUCHENTRY"}, "見つかりません"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_remedy_and_keeps_what_was_typed(
    browser: Browser, path: str, typed: dict[str, str], said: str
) -> None:
    answer = browser.post(f"/r/{duty(browser)}/{path}", {**typed, "check_number": NUMBER})
    assert answer.status in (400, 409)
    assert said in answer.text
    assert browser.stage.directory.entries == {}
    if typed.get("since") == "2026-05-14T09:00" and path == "absences":
        assert 'value="2026-05-14T09:00"' in answer.text


def test_a_form_without_its_number_changes_nothing(browser: Browser) -> None:
    token = duty(browser)
    for path, typed in (("absences", ABSENCE), ("overrides", OVERRIDE), ("cancel-duty", {"entry": "x"})):
        assert browser.post(f"/r/{token}/{path}", typed).status == 400
        assert browser.post(f"/r/{token}/{path}", {**typed, "check_number": "11"}).status == 403
        token = duty(browser)
    assert browser.stage.directory.entries == {}


def test_a_page_of_somebody_else_cannot_post(browser: Browser) -> None:
    fields = {**ABSENCE, "check_number": NUMBER}
    answer = browser.post(f"/r/{duty(browser)}/absences", fields, {"sec-fetch-site": "cross-site"})
    assert answer.status == 403
    assert browser.stage.directory.entries == {}


@pytest.mark.parametrize("person", ["ito", "takahashi"])
def test_only_the_desk_and_the_lead_enter_anything(browser: Browser, person: str) -> None:
    token = duty(browser, person)
    assert "<form" not in browser.get(f"/r/{token}").text
    answer = browser.post(f"/r/{token}/absences", {**ABSENCE, "check_number": NUMBER})
    assert answer.status == 403
    assert browser.stage.directory.entries == {}


def test_an_old_link_still_shows_who_is_on_call(browser: Browser) -> None:
    old = browser.get(f"/r/{duty(browser, age=timedelta(days=29))}")
    assert (old.status, "<form" in old.text) == (200, True)


def test_a_link_opens_only_what_it_was_made_for(browser: Browser) -> None:
    incident, pages = browser.stage.link(), [contact(browser), duty(browser)]
    for path in ("confirm-contact", "absences", "overrides", "cancel-duty"):
        assert browser.post(f"/r/{incident}/{path}", {"check_number": NUMBER}).status == 404
    for token in pages:
        assert browser.post(f"/r/{token}/acknowledge").status == 404
        assert browser.get(f"/r/{token}/report").status == 404
    assert browser.post(f"/r/{pages[0]}/absences", {**ABSENCE, "check_number": NUMBER}).status == 404
    assert browser.post(f"/r/{pages[1]}/confirm-contact", {"check_number": NUMBER}).status == 404


def test_nothing_of_somebody_who_left_opens(browser: Browser) -> None:
    token = duty(browser)
    browser.stage.directory.put(Departure(person_id="nakano", at=NOON, by="sato"))
    assert browser.post(f"/r/{token}/absences", {**ABSENCE, "check_number": NUMBER}).status == 404


def test_whoever_stands_in_is_named_with_the_one_they_stand_in_for(browser: Browser) -> None:
    now = browser.stage.clock.now()
    away = Absence(
        id="a",
        person_id="nakano",
        begins_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
        made_at=now,
        made_by="sato",
        deputy="sato",
    )
    browser.stage.directory.put(away)
    text = browser.get(f"/r/{duty(browser, 'sato')}").text
    assert "中野 葵さんの代わりです" in text


def test_opening_these_pages_changes_nothing(browser: Browser) -> None:
    tokens = [contact(browser), duty(browser)]
    for token in tokens * 20:
        assert browser.get(f"/r/{token}").status == 200
        assert browser.get(f"/r/{token}", method="HEAD").text == ""
    assert browser.stage.directory.entries == {}


def test_the_roles_of_the_page_are_asked_for_now(browser: Browser) -> None:
    roster = browser.stage.configuration.roster
    gone = replace(roster, people={**roster.people, "ito": a_person("ito", active=False, deputy="yamamoto")})
    browser.stage.configuration = a_configuration(roster=gone)
    text = browser.get(f"/r/{duty(browser)}").text
    assert "山本 楓" in text
    assert gone.holders(Role.QUALITY)[0].id == "yamamoto"
