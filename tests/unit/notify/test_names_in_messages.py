"""No message of any kind names a protected person, whatever somebody wrote into its values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.caring import open_track, record_names
from hikeshi.domain.incidents import Room
from hikeshi.domain.masking import MASK, Mask
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Channel
from hikeshi.services.messages.chat_posts import posts_of
from hikeshi.services.messages.compose import compose
from hikeshi.services.messages.masking import masked_params
from hikeshi.services.messages.up_to_date import up_to_date
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON, a_message, a_person, a_room, an_incident
from tests.unit.notify import test_chat_posts
from tests.unit.notify.office import Office
from tests.unit.notify.sample_values import ABOUT_PEOPLE, INCIDENT, LINK, UNLINKED
from tests.unit.notify.samples import SCENES
from tests.unit.pages.protected import BLURTED, SAOTOME

FOUND = Mask([SAOTOME]).finds
ABOUT_INCIDENTS = [name for name, (moment, *_) in SCENES.items() if moment not in (*UNLINKED, *ABOUT_PEOPLE)]
DATA = ("_at", "_key")
TAKEN = a_room(incident=an_incident(lead="sato"))
COUNTS = ("posts", "reposts", "per_minute", "normal_per_minute", "sigma", "acceleration")


def protected(*, named: bool = True) -> Room:
    room, _ = open_track(TAKEN, by="kato", at=NOON)
    return record_names(room, "care-01", SAOTOME, by="kato", at=NOON)[0] if named else room


def blurting(scene: str, channel: Channel) -> OutboxRow:
    """Return a message of every kind with the name in front of every value that somebody wrote."""
    moment, person_id, level, params = SCENES[scene]
    told = {
        name: value if name.endswith(DATA) or name in COUNTS else f"{BLURTED}{value}"
        for name, value in (INCIDENT | params).items()
    }
    message = a_message(person_id=person_id, channel=channel, moment=moment, level=level, params=told)
    row_id = f"{message.incident_id}/1/x/{person_id}/{channel}"
    return OutboxRow(id=row_id, body=message, created_at=NOON, due_at=NOON)


def said(row: OutboxRow, room: Room) -> str:
    """Return what a person reads, and what is kept of it.

    An expert's message is composed here: only a consultation lets it through.
    """
    office = Office()
    office.incidents.put(room)
    office.dispatch(row)
    if office.sender.delivered:
        (sent,) = office.sender.delivered
        return f"{sent.subject}\n{sent.text}\n{office.stored(row.id).sent_text}"
    assert isinstance(row.body, Message)
    body = up_to_date(row.body, incidents=office.incidents, playbooks=office.configured.playbooks)
    composed = compose(body, person=a_person(body.person_id), link=LINK, wording=Wording(), at=NOON)
    return f"{composed.subject}\n{composed.text}"


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("scene", ABOUT_INCIDENTS)
def test_s3_6_no_sms_and_no_mail_names_the_protected(scene: str, channel: Channel) -> None:
    row = blurting(scene, channel)
    loud, quiet = said(row, TAKEN), said(row, protected())
    assert not FOUND(quiet)
    if FOUND(loud):
        assert MASK[0] in quiet


@pytest.mark.parametrize("scene", ABOUT_INCIDENTS)
def test_s3_6_no_chat_names_the_protected(scene: str) -> None:
    row = blurting(scene, Channel.MAIL)
    for chat in (test_chat_posts.OPS, test_chat_posts.BOARD):
        room = test_chat_posts.Room(chat)
        room.incidents.put(protected())
        posts = tuple(posts_of((row,), (chat,)))
        room.outbox.add(posts)
        for post in posts:
            room.poster().post(post)
        assert not any(FOUND(text) for _, text in room.chats.posted)


def test_s3_6_what_is_lifted_from_posts_is_left_out_until_a_name_is_recorded() -> None:
    params = {"new_words": "早乙女 翔太", "summary": "店員の動画"}
    assert masked_params(params, protected(named=False)) == {"new_words": "", "summary": "店員の動画"}
    assert masked_params(params, protected())["new_words"] == MASK
    assert masked_params(params, a_room()) == params


def test_s3_6_a_name_recorded_after_a_message_was_queued_is_hidden_in_it() -> None:
    office = Office()
    row = office.add(blurting("公表文の承認を頼む", Channel.SMS))
    office.incidents.put(protected())
    office.dispatcher().dispatch(row)
    (sent,) = office.sender.delivered
    assert not FOUND(sent.text)


def test_s3_6_what_travels_along_in_one_mail_is_masked_too() -> None:
    office = Office()
    office.incidents.put(protected())
    office.incident(2)
    first = office.row(2, channel=Channel.MAIL, person_id="tanaka")
    named = replace(blurting("公表文の承認を頼む", Channel.MAIL), waited=True)
    composed = office.dispatcher()._text((first, named), office.roster.holders(Role.LEGAL)[0])
    assert not FOUND(composed.text.text)
