"""Addresses are confirmed by links, the desk enters an absence, and a leaver's link stops opening."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hikeshi.adapters.environment import SystemClock, SystemIds
from hikeshi.domain.japan_time import JST
from hikeshi.domain.people import Channel
from hikeshi.services.people.contacts import duty_link_rows
from hikeshi.services.people.directory import leave
from infra.local.people import Received
from infra.people.office import Office, office_of
from tests.e2e.scene import Scene

pytestmark = [pytest.mark.stack, pytest.mark.timeout(400)]

NOT_FOUND = 404


@pytest.fixture
def office(scene: Scene) -> Office:
    return office_of(
        scene.configuration,
        client=scene.client,
        outputs=scene.state.outputs,
        clock=SystemClock(),
        ids=SystemIds(),
    )


def send(scene: Scene, message: Received, form: str, values: dict[str, str]) -> None:
    """Open the link of a message and send a form of its page, with the number that was printed."""
    page = scene.browser.open(message.links[0])
    (found,) = page.forms_named(form)
    answer = scene.browser.submit(page, found, {**values, "check_number": message.number or ""})
    assert answer.status < 400, answer.text[:200]


def test_an_address_counts_as_confirmed_once_its_owner_pressed(scene: Scene, office: Office) -> None:
    assert office.ask_to_confirm([office.roster.person("ueda")]) == 2
    for message in scene.devices.expect(["ueda"], "連絡先の確認"):
        assert office.roster.person("ueda").verified != set(Channel)
        send(scene, message, "confirm-contact", {})
    assert office.roster.person("ueda").verified == set(Channel)
    assert office.ask_to_confirm([office.roster.person("ueda")]) == 0


def test_the_desk_enters_an_absence_on_the_page_of_its_link(scene: Scene, office: Office) -> None:
    person = office.roster.person("arai")
    office.outbox.add(duty_link_rows(person, ids=office.ids, at=office.clock.now()))
    by_text, *_ = sorted(scene.devices.expect(["arai"], "当番と不在"), key=lambda message: message.channel)
    begins = datetime.now(JST) + timedelta(days=1)
    absence = {
        "person": "ono",
        "since": f"{begins:%Y-%m-%dT%H:%M}",
        "until": f"{begins + timedelta(days=2):%Y-%m-%dT%H:%M}",
        "deputy": "kimura",
    }
    send(scene, by_text, "absences", absence)
    (kept,) = office.directory.standings().absences
    assert (kept.person_id, kept.deputy, kept.made_by) == ("ono", "kimura", "arai")
    assert "小野 翔" in scene.browser.open(by_text.links[0]).text


def test_within_a_minute_no_link_of_a_leaver_opens(scene: Scene, office: Office) -> None:
    office.ask_to_confirm([office.roster.person("ishida")])
    (message,) = scene.devices.expect(["ishida"], "連絡先の確認", channels=("mail",))
    assert scene.browser.open(message.links[0]).status == 200
    leave("ishida", records=office.records(by="arai"))
    scene.wait_until(
        lambda: scene.http.get(message.links[0]).status_code == NOT_FOUND,
        what="a link that opens nothing",
        seconds=60,
    )
