"""An exercise numbers its own incidents, and none of its numbers can be taken for a real one."""

from __future__ import annotations

import pytest

from hikeshi.domain.people import Channel
from hikeshi.services.messages.compose import compose
from hikeshi.services.messages.numbering import number_of
from hikeshi.services.messages.wording import LANGUAGES, Wording
from tests.builders import NOON, a_message, a_person

WORDS = Wording()


def test_an_exercise_calls_its_incidents_by_a_number_of_its_own() -> None:
    assert number_of(1, drill="", words=WORDS) == "1"
    assert number_of(1, drill="20261122-190500-x", words=WORDS) == "訓練1"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", [Channel.SMS, Channel.MAIL])
@pytest.mark.parametrize("moment", ["page", "status", "closed"])
def test_no_message_of_an_exercise_says_the_number_of_a_real_incident(
    moment: str, channel: Channel, language: str
) -> None:
    message = a_message(moment=moment, channel=channel, drill="20261122-190500-x")
    written = compose(
        message, person=a_person(), link="https://r.exmp.jp/x", wording=Wording(language), at=NOON
    )
    assert f"#{message.incident_number} " not in written.subject + written.text
    assert f"#{number_of(message.incident_number, drill=message.drill, words=Wording(language))}" in (
        written.subject + written.text
    )
