"""What is still a danger once somebody read some texts and found none in them."""

from __future__ import annotations

import pytest

from hikeshi.domain.peril import Peril
from hikeshi.services.alerts.dangers import name_of_text
from tests.fakes.stage import Stage
from tests.unit.incidents.growing import the_room
from tests.unit.incidents.test_no_danger import alerted, harmless, in_hand
from tests.unit.incidents.test_protecting import told

LYRIC = "お前を必ず殺す。今夜だ"
ADDING = (
    f"【渋谷店】{LYRIC}",
    f"{LYRIC} @tsukimi_tencho_suzuki",
    f"{LYRIC} | つきみ渋谷店",
    f"{LYRIC} https://maps.example.jp/shibuya",
    f"RT @kaede: {LYRIC}",
    f"{LYRIC}。渋谷店",
)


@pytest.mark.parametrize("later", ADDING)
def test_who_adds_no_more_than_a_name_to_harmless_words_is_judged_anew(stage: Stage, later: str) -> None:
    """Grouping counts these with the lyric; whom they threaten is nothing that anybody has read."""
    alerted(stage, LYRIC)
    in_hand(stage)
    harmless(stage, LYRIC)
    stage.incidents.outbox.clear()
    stage.clock.advance(minutes=1)
    alerted(stage, later)
    assert the_room(stage).incident.perils == (Peril.VIOLENCE,)
    assert {"nakano", "sato"} <= told(stage, "peril")


def test_a_text_has_one_name_however_it_is_encoded_and_spaced() -> None:
    assert name_of_text("ABC　お前を\n殺す ") == name_of_text("abc お前を 殺す")
    assert len(name_of_text("殺す\ud83d")) == len(name_of_text(""))
