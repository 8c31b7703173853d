"""Take away any fact that a text rests on, in any way, at any moment: it is kept back or flagged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from hikeshi.domain.actions import NEEDS_CHECK_NUMBER, Action, Role
from hikeshi.domain.facts import Verdict
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.publishing import all_statements, hand_off_gaps
from hikeshi.domain.statements import Statement
from hikeshi.services.room.action_pages import SubPage
from tests.builders import NOON, a_judged_fact, a_room, a_verified_report, an_incident
from tests.proofs.house import House
from tests.proofs.room_machine import SAID
from tests.unit.pages.stage import NUMBER

FACTS = (
    a_judged_fact(id="fact-1", claim="製造の記録"),
    a_judged_fact(id="fact-2", claim="出荷は半年前", rests_on=("fact-1",)),
    a_judged_fact(id="fact-3", claim="製造時の混入ではない", rests_on=("fact-2",)),
    a_judged_fact(id="fact-4", claim="返品は3件"),
)
"""The text says the last two; the first two stand under the third."""

REPORT = a_verified_report(id="inbound-1", words="返品は3件", fact="fact-4")


def a_house(status: IncidentStatus = IncidentStatus.RESPONDING) -> House:
    house = House()
    room = a_room(incident=an_incident(status=status, lead="sato"), facts=FACTS, inbound=(REPORT,))
    house.id = house.incidents.put(room).incident.id
    house.stage.clock.set(NOON + timedelta(hours=2))
    return house


def press(house: House, person: str, action: Action, **fields: str) -> int:
    house.stage.clock.advance(seconds=7)
    return house.press(person, action, numbered(action, fields)).status


def numbered(action: Action, fields: dict[str, str]) -> dict[str, str]:
    return fields | ({"check_number": NUMBER} if action in NEEDS_CHECK_NUMBER else {})


def write(house: House) -> None:
    said = {f"said_{part}": text for part, text in SAID.items()}
    said["said_fact"] = "当社の製造の過程で入ったものではありませんでした［3］。返品は3件です［4］。"
    at = house.stage.clock.now() + timedelta(hours=13)
    said |= {"kind": "full", "next_update_at": f"{at:%Y-%m-%dT%H:%M}", "tone_reason": "必要です"}
    assert press(house, "suzuki", Action.DRAFT_STATEMENT, **said) == 303


def approve(house: House, *people: str) -> None:
    version = str(_text(house).version)
    for person in people:
        assert press(house, person, Action.APPROVE_STATEMENT, version=version) == 303


def publish(house: House) -> int:
    return press(house, "suzuki", Action.PUBLISH_STATEMENT, version=str(_text(house).version))


def _text(house: House) -> Statement:
    assert house.room.statement is not None
    return house.room.statement


# ---- the moments of a text ---------------------------------------------------------------------------


def drafted(house: House) -> None:
    write(house)


def approved_once(house: House) -> None:
    write(house)
    approve(house, "sato")


def approved(house: House) -> None:
    write(house)
    approve(house, "sato", "tanaka")


def published(house: House) -> None:
    approved(house)
    assert publish(house) == 303


def overtaken_by_the_next(house: House) -> None:
    published(house)
    write(house)


def of_an_earlier_flare(house: House) -> None:
    published(house)
    room = house.room
    again = replace(room.incident, generation=2)
    earlier = (*room.earlier_statements, _text(house))
    house.incidents.put(replace(room, incident=again, statement=None, earlier_statements=earlier))


MOMENTS = (drafted, approved_once, approved, published, overtaken_by_the_next, of_an_earlier_flare)


# ---- the ways in which a fact falls ------------------------------------------------------------------


def judged(verdict: Verdict, number: int) -> Callable[[House], None]:
    def fall(house: House) -> None:
        form = {"fact_id": f"fact-{number}", "verdict": verdict.value, "basis": "記録と合いません"}
        assert press(house, "ito", Action.JUDGE_FACT, **form) == 303

    return fall


def made_key(number: int) -> Callable[[House], None]:
    def fall(house: House) -> None:
        form = {"fact_id": f"fact-{number}", "key": "yes"}
        assert press(house, "sato", Action.MARK_KEY, **form) == 303

    return fall


def deleted(number: int) -> Callable[[House], None]:
    """Nobody can delete a fact from a page; if one is gone from the table all the same, it bears nothing."""

    def fall(house: House) -> None:
        room = house.room
        left = tuple(fact for fact in room.facts if fact.id != f"fact-{number}")
        house.incidents.put(replace(room, facts=left))

    return fall


def rejected(house: House) -> None:
    form = {"inbound_id": "inbound-1", "inbound_verdict": "rejected", "grounds": "数え違いでした"}
    assert press(house, "ito", Action.JUDGE_INBOUND, **form) == 303


FALLS: dict[str, Callable[[House], None]] = {
    **{
        f"fact {number} is {verdict}": judged(verdict, number)
        for number in (1, 2, 3, 4)
        for verdict in Verdict
        if verdict is not Verdict.CONFIRMED
    },
    **{f"fact {number} needs a second origin": made_key(number) for number in (1, 2, 3, 4)},
    **{f"fact {number} is gone": deleted(number) for number in (1, 2, 3, 4)},
    "the report behind fact 4 is rejected": rejected,
}


@pytest.mark.parametrize("fall", FALLS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_s0_16_without_any_one_of_its_facts_a_text_is_kept_back_or_flagged(
    moment: Callable[[House], None], fall: str
) -> None:
    house = a_house()
    moment(house)
    FALLS[fall](house)
    is_recorded = "is gone" not in fall
    for text in all_statements(house.room):
        relied_on = bool(text.approvals or text.published_at)
        assert (text.flagged_at is not None) == (relied_on and is_recorded)
        assert "facts_hold" in hand_off_gaps(house.room, text)
    if is_recorded and moment is not drafted:
        behind = {each.by for text in all_statements(house.room) for each in text.approvals}
        called = {each.person_id for each in house.incidents.messages() if each.moment == "statement_flagged"}
        assert behind <= called
    _nothing_gets_out(house)


def _nothing_gets_out(house: House) -> None:
    """Press whatever could bring it out, as whoever may: nothing does, and no page hands it over."""
    out = [text for text in all_statements(house.room) if text.published_at is not None]
    for version in range(4):
        for person in ("sato", "tanaka", "takahashi"):
            assert press(house, person, Action.APPROVE_STATEMENT, version=str(version)) != 303
        for person in ("suzuki", "sato", "takahashi"):
            assert press(house, person, Action.PUBLISH_STATEMENT, version=str(version)) != 303
    assert [text for text in all_statements(house.room) if text.published_at is not None] == out
    page = house.look("suzuki", SubPage.STATEMENT).body
    assert "publish-statement" not in page
    assert 'id="copy-1"' not in page


@pytest.mark.parametrize("fall", FALLS)
def test_s0_16_a_fact_that_stands_again_brings_no_flagged_text_back(fall: str) -> None:
    house = a_house()
    approved(house)
    before = house.room
    FALLS[fall](house)
    whole = replace(house.room, facts=before.facts)
    house.incidents.put(whole)
    assert (publish(house) == 303) == ("is gone" in fall), "only a new version helps"


@pytest.mark.parametrize("fall", [each for each in FALLS if "is gone" not in each])
@pytest.mark.parametrize("action", [Action.APPROVE_STATEMENT, Action.PUBLISH_STATEMENT])
def test_s0_16_a_fact_that_falls_between_reading_and_writing_keeps_the_text_back(
    action: Action, fall: str
) -> None:
    house = a_house()
    write(house)
    approve(house, *(("sato", "tanaka") if action is Action.PUBLISH_STATEMENT else ("sato",)))
    form = numbered(action, {"version": str(_text(house).version)})
    person = "suzuki" if action is Action.PUBLISH_STATEMENT else "tanaka"
    late = house.overtaken(lambda: FALLS[fall](house))
    assert house.press(person, action, form, desk=late).status == 409
    text = _text(house)
    assert text.flagged_at is not None
    assert text.published_at is None
    assert not any(Role.LEGAL in each.roles for each in text.approvals) or person == "suzuki"
