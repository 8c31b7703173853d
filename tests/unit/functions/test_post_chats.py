from __future__ import annotations

from functions.dispatch_messages import app as dispatch_messages
from functions.post_chats import app as post_chats
from hikeshi.domain.outbox import OutboxState
from tests.builders import a_configuration
from tests.unit.functions.test_outbox_functions import stream
from tests.unit.notify.test_chat_posts import OPS, Room


def test_a_room_that_is_gone_delays_no_message_to_a_person(beats: list[str]) -> None:
    office = Room()
    office.chats.gone.add("ops")
    office.configured = a_configuration(chats=(OPS,))
    page = office.add()
    dispatch_messages.lambda_handler(stream(page), None, dispatcher=office.dispatcher())
    assert len(office.texts()) == 1
    office.clock.advance(seconds=30)
    answer = post_chats.lambda_handler({}, None, poster=office.poster())
    assert (answer["failed"], beats) == (1, ["post_chats"])
    assert office.stored("inc-00000000000000000000000128/1/warning/0/chat:ops").state is OutboxState.FAILED


def test_a_new_page_is_posted_within_the_minute(beats: list[str]) -> None:
    office = Room()
    office.configured = a_configuration(chats=(OPS,))
    page = office.add()
    dispatch_messages.lambda_handler(stream(page), None, dispatcher=office.dispatcher())
    office.clock.advance(minutes=1)
    assert post_chats.lambda_handler({}, None, poster=office.poster())["sent"] == 1
    assert len(office.chats.posted) == 1
