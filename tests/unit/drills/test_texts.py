"""Whatever a drill says carries its mark, in the subject, in the text and in a chat, and stays one SMS."""

from __future__ import annotations

import pytest

from hikeshi.domain.people import Channel
from hikeshi.services.messages.compose import ComposedText, compose, compose_line
from hikeshi.services.messages.wording import Wording
from tests.builders import a_message, a_person
from tests.unit.notify.sample_values import CONFIRMED, INCIDENT, LINK, LINKLESS, NUMBERED, SENT_AT, UNLINKED
from tests.unit.notify.samples import SCENES

MARK, BANNER = "【訓練】", "これは訓練です。実際の事案ではありません。"
ABOUT_INCIDENTS = [
    scene for scene, (moment, *_) in SCENES.items() if moment not in (*UNLINKED, *CONFIRMED, "contact_test")
]


def composed(scene: str, channel: Channel, *, drill: str = "a-drill") -> ComposedText:
    moment, person_id, level, params = SCENES[scene]
    message = a_message(
        person_id=person_id,
        channel=channel,
        moment=moment,
        level=level,
        params=INCIDENT | params,
        check_number="47" if moment in NUMBERED else "",
        drill=drill,
    )
    link = None if moment in LINKLESS else LINK
    return compose(message, person=a_person(person_id), link=link, wording=Wording(), at=SENT_AT)


@pytest.mark.parametrize("scene", ABOUT_INCIDENTS)
def test_an_sms_begins_with_the_mark_and_is_one_segment_with_a_short_host(scene: str) -> None:
    text = composed(scene, Channel.SMS)
    assert text.text.startswith(MARK)
    assert (text.parts, LINK in text.text) == (1, SCENES[scene][0] not in LINKLESS)


@pytest.mark.parametrize("scene", SCENES)
def test_a_mail_says_it_in_its_subject_and_in_its_first_line(scene: str) -> None:
    mail = composed(scene, Channel.MAIL)
    assert mail.subject.startswith(MARK)
    assert len(mail.subject) < 100
    assert mail.text.startswith(MARK + BANNER + "\n")


def test_a_chat_hears_the_mark_as_well() -> None:
    assert compose_line(a_message(drill="a-drill"), wording=Wording(), at=SENT_AT).startswith(MARK)


@pytest.mark.parametrize("channel", Channel)
def test_what_is_real_says_nothing_of_drills(channel: Channel) -> None:
    for scene in SCENES:
        if "訓練" not in scene:
            text = composed(scene, channel, drill="")
            assert "訓練" not in text.subject + text.text
