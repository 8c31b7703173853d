"""What is said of an incident that is kept among few: nothing but to the few, and little to them."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import hikeshi
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.incidents import Incident, RoomChange
from hikeshi.domain.outbox import ChatPost, Message
from hikeshi.services.messages.compose import compose
from hikeshi.services.messages.freshness import why_pointless, why_stale
from hikeshi.services.messages.notices import Notice, incident_params, notice_rows
from hikeshi.services.messages.parting import PARTING
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON, a_chat_post, a_circle, a_configuration, a_message, a_room, an_incident
from tests.fakes.environment import SequenceIds
from tests.fakes.messaging import InMemoryOutbox
from tests.fakes.responding import InMemoryIncidentRepository
from tests.unit.notify.sample_values import ABOUT_PEOPLE, CONFIRMED, TO_EXPERTS, UNLINKED, UP
from tests.unit.notify.samples import SCENES

MEMBERS = {"tanaka", "kato", "takahashi", "sato"}
ABOUT_INCIDENTS = {
    name: scene
    for name, scene in SCENES.items()
    if scene[0] not in (*ABOUT_PEOPLE, *UNLINKED, *CONFIRMED, *TO_EXPERTS, PARTING)
}
TELLING = ("虫", "つきみ", "製造ロット", "ふざけ")
COLLEAGUES = {"田中 彩", UP["by"], *(person.name for person in a_configuration().roster.people.values())}
SOME_WORDS = 4


def kept_among_few(**changes: Any) -> Incident:
    return an_incident(category=Category.HARASSMENT, circle=a_circle(), **changes)


def texts_of(moment: str, params: dict[str, str]) -> list[tuple[str, str]]:
    """Return everything that is written to everybody in the company about a moment."""
    people = a_configuration().roster.people
    notice = Notice(cause="test", moment=moment, params=params, asks=True)
    rows = notice_rows(kept_among_few(), people.values(), notice, ids=SequenceIds(), at=NOON)
    written = []
    for row in rows:
        assert isinstance(row.body, Message)
        composed = compose(
            row.body,
            person=people[row.body.person_id],
            link="https://r.exmp.jp/x",
            wording=Wording(),
            at=NOON,
        )
        written.append((row.body.person_id, f"{composed.subject}\n{composed.text}"))
    return written


@pytest.mark.parametrize("name", ABOUT_INCIDENTS)
def test_s2_11_every_message_goes_to_members_alone_and_names_no_contents(name: str) -> None:
    moment, _, _, params = SCENES[name]
    texts = texts_of(moment, incident_params(kept_among_few(), at=NOON) | params)
    assert {person for person, _ in texts} == MEMBERS
    for _, text in texts:
        assert "関係者限りの案件" in text
        assert not [word for word in TELLING if word in text]
        for name_of_it, said in params.items():
            if not name_of_it.endswith(("_at", "_key")) and not COLLEAGUES.issuperset(said.split("、")):
                assert len(said) < SOME_WORDS or said not in text, said


def test_s2_11_a_parameter_that_nobody_has_thought_of_is_left_out() -> None:
    rows = notice_rows(
        kept_among_few(),
        a_configuration().roster.people.values(),
        Notice(cause="test", moment="page", params={"something_new": "店長の名前"}),
        ids=SequenceIds(),
        at=NOON,
    )
    assert rows
    assert "店長の名前" not in str(rows)


@pytest.mark.parametrize("moment", sorted({scene[0] for scene in ABOUT_INCIDENTS.values()}))
def test_s2_11_what_lay_in_the_outbox_before_never_leaves(moment: str) -> None:
    incidents = InMemoryIncidentRepository()
    room = incidents.commit(RoomChange(before=None, after=a_room(incident=kept_among_few()), events=()))
    people = a_configuration().roster.people
    queued = a_message(moment=moment, incident_id=room.incident.id, generation=1)
    ports: dict[str, Any] = {"incidents": incidents, "outbox": InMemoryOutbox(), "at": NOON}
    assert why_pointless(queued, people["suzuki"], **ports) == "not in the circle"
    assert why_pointless(queued, people["tanaka"], **ports) == "says more than it may"


def test_s2_11_a_chat_hears_nothing() -> None:
    room = a_room(incident=kept_among_few())
    post = a_chat_post(params={"discreet_key": "discreet.ask"})
    assert isinstance(post, ChatPost)
    assert why_stale(replace(post, incident_id=room.incident.id), room) == "says more than it may"
    assert why_stale(post, a_room()) == ""


def test_s2_11_every_message_about_an_incident_is_made_where_the_circle_is_asked() -> None:
    """Whatever makes a message by itself says that it is about no incident, or asks the circle.

    The parting asks it the other way round: it goes to those outside, and tells nothing.
    """
    asking = {"notices.py", "expert_messages.py", "parting.py"}
    makers = {
        path.name: call
        for path in Path(hikeshi.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Message"
    }
    assert asking <= set(makers)
    for name, call in makers.items():
        number = next(each.value for each in call.keywords if each.arg == "incident_number")
        assert name in asking or (isinstance(number, ast.Constant) and number.value == 0), name


def test_s2_11_the_mail_asks_not_to_pass_it_on() -> None:
    texts = texts_of("page", incident_params(kept_among_few(level=Level.CRITICAL), at=NOON))
    mails = [text for _, text in texts if text.startswith("【")]
    assert mails
    assert all("ほかの方への転送や口外はお控えください" in text for text in mails)
