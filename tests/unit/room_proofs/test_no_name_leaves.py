"""Whatever is written in a room, no file, reminder or page that goes out names the protected."""

from __future__ import annotations

import io
from datetime import timedelta
from html import unescape
from zipfile import ZipFile

import pytest

from hikeshi.domain.links import EXPERT
from hikeshi.domain.masking import MASK, Mask
from hikeshi.domain.timeline import GENESIS, chain
from hikeshi.services.audit.reminders import remind_of_promises
from hikeshi.services.incidents.incident_archive import Archived, archive_files
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.final_report import finished_report, report_markdown, report_title
from infra.reporting.word import word_of
from tests.builders import a_configuration, a_roster
from tests.unit.notify.office import Office
from tests.unit.pages.conftest import Opener, open_stage
from tests.unit.pages.protected import SAOTOME, looked_after
from tests.unit.pages.test_names_on_pages import SCENES

__all__ = ["open_stage"]

FOUND = Mask([SAOTOME]).finds
WORDS = Wording()


@pytest.mark.parametrize("name", SCENES)
def test_s3_6_no_export_names_the_protected(name: str) -> None:
    scene = looked_after(SCENES[name]())
    archived = Archived(
        room=scene.room,
        timeline=chain(scene.events, after_seq=0, after_digest=GENESIS),
        posts=[kept.post for _, posts in scene.alerts for kept in posts],
        records=(),
        roster=a_roster(),
        words=WORDS,
        at=scene.at,
    )
    files = archive_files(archived)
    assert any(MASK in file.content.decode() for file in files)
    for file in files:
        text = file.content.decode()
        assert not FOUND(unescape(text)), file.name


@pytest.mark.parametrize("name", SCENES)
def test_s3_6_no_report_names_the_protected_on_the_page_or_in_word(name: str) -> None:
    scene = looked_after(SCENES[name]())
    timeline = chain(scene.events, after_seq=0, after_digest=GENESIS)
    page = finished_report(scene.room, timeline=timeline, roster=a_roster(), words=WORDS).decode()
    assert not FOUND(unescape(page))
    markdown = report_markdown(scene.room, timeline=timeline, roster=a_roster(), words=WORDS)
    with ZipFile(io.BytesIO(word_of(markdown, title=report_title(scene.room, WORDS)))) as word:
        for part in word.namelist():
            if part.endswith(".xml"):
                assert not FOUND(unescape(word.read(part).decode())), part


@pytest.mark.parametrize("name", SCENES)
def test_s3_6_no_reminder_of_two_months_names_the_protected(name: str) -> None:
    scene = looked_after(SCENES[name]())
    office = Office()
    room = office.incidents.put(scene.room)
    office.clock.set(scene.at)
    for hours in (*(0.5, 1, 2, 3, 6, 12), *(24 * days for days in range(1, 61, 4))):
        office.clock.set(max(office.clock.now(), scene.at + timedelta(hours=hours)))
        remind_of_promises(
            office.incidents.room(room.incident.id),
            incidents=office.incidents,
            configuration=a_configuration(),
            clock=office.clock,
            ids=office.ids,
        )
        office.sweep()
    office.sweep_until_quiet()
    for sent in office.sender.delivered:
        assert not FOUND(f"{sent.subject}\n{sent.text}")
    assert office.sender.delivered or not scene.room.incident.status.is_open


def test_s3_6_an_expert_reads_no_name_of_the_protected(open_stage: Opener) -> None:
    browser = open_stage(looked_after(SCENES["asking"]()))
    (room,) = browser.stage.incidents.rooms.values()
    for asked in room.consultations:
        token = browser.stage.link("kobayashi", purpose=EXPERT, nonce=asked.nonce)
        assert not FOUND(unescape(browser.get(f"/r/{token}").text))
        page = browser.post(f"/r/{token}/opinion", {"opinion": "", "check_number": "00"})
        assert not FOUND(unescape(page.text))
