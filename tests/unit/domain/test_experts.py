"""Experts from outside: when they answer, what they have a word on, and what is kept of them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from hikeshi.adapters.dynamodb_items import to_item
from hikeshi.adapters.incident_parts import META, TIMELINE, parts_of, room_of
from hikeshi.domain.assessment import Category
from hikeshi.domain.consulting import ask_expert, give_opinion, withdraw_request
from hikeshi.domain.errors import NotReadyError
from hikeshi.domain.experts import FITS, ExpertField
from tests.builders import NOON, a_circle, a_consultation, a_room, an_expert, an_incident


@pytest.mark.parametrize(
    ("clock", "reached"),
    [
        (datetime(2026, 5, 13, 0, 0, tzinfo=UTC), True),  # Wednesday, nine in the morning in Japan
        (datetime(2026, 5, 13, 9, 0, tzinfo=UTC), False),
        (datetime(2026, 5, 16, 3, 0, tzinfo=UTC), False),  # Saturday noon
    ],
)
def test_s0_17_an_expert_answers_in_their_hours_in_japan(clock: datetime, reached: bool) -> None:
    assert an_expert().is_reachable(clock) is reached


def test_s0_17_hours_may_lie_across_midnight_and_weekends_may_count() -> None:
    night = an_expert(opens=time(22), closes=time(6), weekdays=False)
    assert night.is_reachable(datetime(2026, 5, 16, 15, 0, tzinfo=UTC))
    assert not night.is_reachable(datetime(2026, 5, 16, 3, 0, tzinfo=UTC))
    assert an_expert(opens=None, closes=None, weekdays=False).is_reachable(NOON)


@pytest.mark.parametrize("category", Category)
def test_s2_22_every_incident_has_a_field_that_fits(category: Category) -> None:
    assert any(category in fits for fits in FITS.values())
    assert an_expert(field=ExpertField.REPUTATION).fits(category)


def test_s0_17_food_safety_has_a_word_on_food_alone() -> None:
    expert = an_expert(field=ExpertField.FOOD_SAFETY)
    assert expert.fits(Category.CONTAMINATION)
    assert not expert.fits(Category.HARASSMENT)


def test_s0_17_a_digest_changes_with_every_word_that_was_asked_shown_or_answered() -> None:
    room = a_room(consultations=())
    digests = set()
    for asked, text in (
        (a_consultation(), "触れます"),
        (a_consultation(), "触れません"),
        (a_consultation(question="別のこと"), "触れます"),
        (a_consultation(exhibits=()), "触れます"),
    ):
        put, _ = ask_expert(room, asked)
        given, _ = give_opinion(put, asked.id, text, at=NOON)
        opinion = given.consultations[0].opinion
        assert opinion is not None
        digests.add(opinion.sha256)
    assert len(digests) == 4


def test_s0_17_what_is_over_takes_no_answer_and_cannot_be_taken_back() -> None:
    room, _ = ask_expert(a_room(), a_consultation())
    late = NOON + timedelta(days=3)
    with pytest.raises(NotReadyError, match="expert_over"):
        give_opinion(room, "consultation-1", "遅くなりました", at=late)
    with pytest.raises(NotReadyError, match="expert_over"):
        withdraw_request(room, "consultation-1", by="tanaka", at=late)
    withdrawn, _ = withdraw_request(room, "consultation-1", by="tanaka", at=NOON)
    with pytest.raises(NotReadyError, match="expert_over"):
        give_opinion(withdrawn, "consultation-1", "意見です", at=NOON)


def test_a_circle_and_its_consultations_are_read_as_they_were_stored() -> None:
    room, _ = ask_expert(
        a_room(incident=an_incident(circle=a_circle(people=("suzuki",), reason="個人の話です"))),
        a_consultation(),
    )
    room, _ = give_opinion(room, "consultation-1", "意見です", at=NOON)
    items = {key: to_item(part) for key, part in parts_of(room)} | {META: to_item(room.incident)}
    assert room_of(items) == room
    assert all(key < TIMELINE for key in items)
