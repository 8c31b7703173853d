"""Every message in English: nothing in it is Japanese but what its values and the English catalogue say."""

from __future__ import annotations

import pytest

from hikeshi.domain.outbox import Message
from hikeshi.domain.people import Channel
from hikeshi.services.messages.compose import compose, compose_line
from hikeshi.services.messages.wording import Wording
from tests.builders import a_message, a_person
from tests.left_in_japanese import left_in_japanese, strings_in
from tests.unit.notify.sample_values import INCIDENT, LINK, SENT_AT
from tests.unit.notify.samples import SCENES

WORDS = Wording("en")


def a_sample(scene: str, channel: Channel) -> Message:
    moment, person_id, level, params = SCENES[scene]
    return a_message(
        person_id=person_id,
        channel=channel,
        moment=moment,
        level=level,
        params=INCIDENT | params,
        incident_number=128,
        check_number="47",
        drill="a-drill" if scene.startswith("訓練") else "",
    )


@pytest.mark.parametrize("scene", SCENES)
def test_no_english_message_has_japanese_that_code_wrote(scene: str) -> None:
    for channel in Channel:
        message = a_sample(scene, channel)
        person = a_person(message.person_id)
        written = compose(message, person=person, link=LINK, wording=WORDS, at=SENT_AT)
        line = compose_line(message, wording=WORDS, at=SENT_AT)
        text = "\n".join((written.subject, written.text, line))
        assert left_in_japanese(text, data=strings_in(message.params, person)) == frozenset()
