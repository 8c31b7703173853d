"""One person, many messages: what waits, what travels together, and what is no longer worth saying."""

from __future__ import annotations

from typing import Any

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.circles import Circle
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.links import CONTACT
from hikeshi.domain.outbox import LEASE, OutboxState
from hikeshi.domain.people import Channel
from hikeshi.domain.peril import Peril
from hikeshi.services.messages.discretion import worded_for_few
from hikeshi.services.messages.dispatch import Outcome
from tests.builders import a_circle, a_message, a_message_row, a_person, a_room, an_incident
from tests.unit.notify.office import Office


def an_office_with(*numbers: int, **changes: Any) -> Office:
    office = Office()
    for number in numbers:
        office.incident(number)
        office.row(number, **changes)
    return office


def a_minute_later(office: Office) -> None:
    office.clock.advance(seconds=61)
    office.sweep()


def test_the_second_text_within_a_minute_waits_and_costs_no_attempt() -> None:
    office = an_office_with(201, 202)
    office.sweep()
    assert len(office.texts()) == 1
    waiting = office.stored("inc-202/1/warning/0/nakano/sms")
    assert (waiting.state, waiting.waited, waiting.attempts) == (OutboxState.PENDING, True, 0)
    a_minute_later(office)
    assert len(office.texts()) == 2


@pytest.mark.parametrize(
    ("peril", "circle"),
    [(Peril.VIOLENCE, None), (Peril.SELF_HARM, None), (Peril.SELF_HARM, a_circle(roles=(Role.DESK,)))],
)
def test_a_call_about_a_life_waits_for_nothing_and_travels_under_no_other(
    peril: Peril, circle: Circle | None
) -> None:
    office = an_office_with(201, 202, 203)
    office.sweep()
    office.incident(204, peril=peril, circle=circle)
    params = {**a_message().params, "first_key": f"first.{peril}", "life_key": f"life.{peril}"}
    if circle is not None:
        params = worded_for_few(params)
    office.row(204, level=Level.WARNING, params=params)
    office.sweep()
    assert "#204" in office.texts()[1]
    assert "110番へ" in office.texts()[1]
    a_minute_later(office)
    assert "ほか1件 #203" in office.texts()[2]


def test_word_about_a_life_that_calls_nobody_waits_as_ever() -> None:
    office = an_office_with(201, moment="status", level=Level.WARNING)
    office.incident(202)
    params = {**a_message().params, "life_key": "life.violence"}
    office.row(202, moment="status", level=Level.WARNING, params=params)
    office.sweep()
    assert len(office.texts()) == 1


def test_somebody_else_or_another_channel_does_not_wait() -> None:
    office = an_office_with(201)
    office.row(201, channel=Channel.MAIL)
    office.row(201, person_id="sato")
    office.sweep()
    assert len(office.texts()) == 3


def test_what_has_waited_travels_as_one_text_that_counts_and_names_the_others() -> None:
    office = an_office_with(201, 202, 203)
    office.sweep()
    a_minute_later(office)
    first, bundle = office.texts()
    assert "#201" in first
    assert bundle.startswith("【警戒】#202")
    assert "ほか1件 #203" in bundle
    head = office.stored("inc-202/1/warning/0/nakano/sms")
    folded = office.stored("inc-203/1/warning/0/nakano/sms")
    assert (head.state, head.parts) == (OutboxState.SENT, 1)
    assert (folded.state, folded.bundled_into) == (OutboxState.BUNDLED, head.id)


def test_the_numbers_are_left_out_where_they_would_cost_a_second_part() -> None:
    office = an_office_with(*range(201, 209))
    office.sweep()
    a_minute_later(office)
    bundle = office.texts()[1]
    assert "ほか6件" in bundle
    assert "#203" not in bundle
    assert office.stored("inc-202/1/warning/0/nakano/sms").parts == 1


def test_the_link_of_a_bundle_opens_the_most_urgent() -> None:
    office = an_office_with(201, 202)
    office.incident(203, level=Level.CRITICAL)
    office.row(203, level=Level.CRITICAL, moment="status", params={"news_key": "news.response"})
    office.sweep()
    office.sweep()
    a_minute_later(office)
    bundle = office.texts()[1]
    assert bundle.count("https://") == 1
    opened = {grant.incident_id for grant in office.links.grants.values()}
    sent = [row for row in office.outbox.rows.values() if row.state is OutboxState.SENT]
    assert {row.body.incident_id for row in sent if hasattr(row.body, "incident_id")} == opened


def test_a_mail_lists_the_others_with_links_of_their_own_and_none_is_kept() -> None:
    office = an_office_with(201, 202, 203, channel=Channel.MAIL)
    office.sweep()
    a_minute_later(office)
    mail = office.sender.delivered[1]
    assert mail.subject.endswith("ほか1件")
    assert mail.text.count("https://r.exmp.jp/") == 2
    assert "#203" in mail.text
    kept = office.stored("inc-202/1/warning/0/nakano/mail").sent_text
    assert kept.count("https://r.exmp.jp/…") == 2
    for token in (line.rsplit("/", 1)[1] for line in mail.text.splitlines() if line.startswith("https://")):
        assert token not in repr(office.outbox.rows)


def test_in_a_storm_of_fifty_the_critical_one_is_told_first_and_people_get_two_texts() -> None:
    office = Office()
    for number in range(301, 350):
        office.incident(number)
        office.row(number)
    office.incident(350, level=Level.CRITICAL)
    office.row(350, level=Level.CRITICAL)
    office.sweep()
    critical, first = office.texts()
    assert critical.startswith("【重大】#350")
    assert first.startswith("【警戒】#301")
    a_minute_later(office)
    a_minute_later(office)
    assert ["ほか" in text for text in office.texts()] == [False, False, True, True]
    assert sum(row.state is OutboxState.BUNDLED for row in office.outbox.rows.values()) == 46


def test_a_critical_page_does_not_wait_and_never_hides_in_a_bundle() -> None:
    office = an_office_with(201, 202)
    office.sweep()
    office.incident(203, level=Level.CRITICAL)
    office.row(203, level=Level.CRITICAL)
    office.sweep()
    assert office.texts()[1].startswith("【重大】#203")
    a_minute_later(office)
    assert "ほか" not in office.texts()[2]


def test_what_was_answered_while_it_waited_is_not_told_in_a_bundle() -> None:
    office = an_office_with(201, 202, 203)
    office.sweep()
    office.incident(203, status=IncidentStatus.DISMISSED)
    a_minute_later(office)
    assert "ほか" not in office.texts()[1]
    assert office.stored("inc-203/1/warning/0/nakano/sms").state is OutboxState.CANCELLED


def test_of_two_words_on_the_same_incident_that_waited_the_newer_is_told() -> None:
    office = an_office_with(201)
    office.row(201, row_id="older", moment="status", incident_version=5, params={"news_key": "news.response"})
    office.row(201, row_id="newer", moment="status", incident_version=6, params={"news_key": "news.calming"})
    office.sweep()
    a_minute_later(office)
    assert "見守りに入りました" in office.texts()[1]
    assert "ほか" not in office.texts()[1]
    older = office.stored("older")
    assert (older.state, older.last_error) == (OutboxState.CANCELLED, "overtaken by a newer message")


def test_word_that_comes_after_newer_word_was_sent_is_dropped() -> None:
    office = Office()
    newer = a_message_row(id="newer", body=a_message(moment="status", incident_version=6))
    older = a_message_row(id="older", body=a_message(moment="status", incident_version=5))
    assert office.dispatch(newer) is Outcome.SENT
    assert office.dispatch(older) is Outcome.CANCELLED


def test_the_same_rows_brought_again_after_the_end_send_nothing() -> None:
    office = an_office_with(201, 202, 203)
    for moment in ("status", "acknowledged", "remind", "task", "level_raised"):
        office.row(201, row_id=moment, moment=moment, person_id="sato", cancel_when_decided=None)
    for number in (201, 202, 203):
        office.incident(number, status=IncidentStatus.CLOSED)
    for _ in range(2):
        for row in tuple(office.outbox.rows.values()):
            office.dispatcher().dispatch(row)
        office.clock.advance(minutes=2)
    assert office.texts() == []


def test_word_that_somebody_has_it_is_dropped_when_nobody_has_it_any_more() -> None:
    office = Office()
    office.incidents.put(a_room(incident=an_incident(lead=None)))
    taken = a_message_row(id="taken", body=a_message(moment="acknowledged", cancel_when_decided=None))
    assert office.dispatch(taken) is Outcome.CANCELLED


def test_what_quiet_hours_held_is_caught_up_in_one_text() -> None:
    office = an_office_with(201, 202, 203, held=True)
    office.sweep()
    assert len(office.texts()) == 1
    assert "ほか2件" in office.texts()[0]


def test_a_bundle_that_fails_lets_every_row_go_its_own_way() -> None:
    office = an_office_with(201, 202, 203)
    office.sweep()
    office.sender.refused.add(str(a_person("nakano").phone))
    a_minute_later(office)
    office.sweep_until_quiet()
    mails = [each.text for each in office.sender.delivered if each.channel is Channel.MAIL]
    assert all(any(f"#{number}" in text for text in mails) for number in (202, 203))
    assert all(not row.is_due for row in office.outbox.rows.values())


def test_a_message_of_a_kind_that_nobody_knows_holds_up_no_other() -> None:
    office = an_office_with(201, 202)
    office.row(203, row_id="broken", moment="no such moment", held=True)
    office.incident(203)
    for _ in range(3):
        for row in office.outbox.due("message", at=office.clock.now()):
            try:
                office.dispatcher().dispatch(row)
            except KeyError:
                continue
        office.clock.advance(seconds=LEASE.total_seconds() + 20)
    assert len(office.texts()) == 2


def test_a_link_that_is_all_there_is_to_a_message_travels_alone() -> None:
    office = an_office_with(201, 202)
    asked: dict[str, Any] = {"moment": "verify_contact", "purpose": CONTACT, "incident_id": "sms:digest"}
    office.row(0, row_id="verify", held=True, **asked)
    for _ in range(4):
        office.sweep()
        office.clock.advance(seconds=61)
    assert ["ほか" in text for text in office.texts()] == [False, False, False]
    assert all("https://" in text for text in office.texts())
