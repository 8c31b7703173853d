"""What is saved to a file is passed on, so nothing in it may open a door: no link, and no token of one."""

from __future__ import annotations

import io
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest

from hikeshi.domain.incidents import RoomChange
from hikeshi.domain.links import ALPHABET, TOKEN_LENGTH
from hikeshi.domain.timeline import GENESIS, chain
from hikeshi.services.incidents.incident_archive import Archived, archive_files
from hikeshi.services.messages.wording import Wording
from infra.configuring.checks import check_directory
from infra.local import demonstration
from infra.local.home import Home
from infra.reporting.desk import ReportDesk
from infra.reporting.writing import KINDS, written
from tests.builders import a_configuration, a_roster
from tests.fakes.responding import InMemoryIncidentRepository
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener

TOKEN = re.compile(rf"(?<![0-9A-Za-z])[{ALPHABET}]{{{TOKEN_LENGTH}}}(?![0-9A-Za-z])")
WAY_OUT = re.compile(r'(?:href|action|src)="(?!#)')
SCENE = scenes.closed()


@pytest.fixture
def incidents() -> InMemoryIncidentRepository:
    kept = InMemoryIncidentRepository()
    kept.commit(RoomChange(before=None, after=SCENE.room, events=SCENE.events))
    return kept


def doors(text: str) -> list[str]:
    """What in a text opens something: tokens, and addresses that lead out of it."""
    return TOKEN.findall(text) + WAY_OUT.findall(text)


def test_the_page_behind_a_link_does_hold_one(open_stage: Opener) -> None:
    browser = open_stage(SCENE)
    token = browser.stage.link()
    assert token in doors(browser.get(f"/r/{token}/report").text)


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_in_a_file_opens_nothing(kind: str, incidents: InMemoryIncidentRepository) -> None:
    content = written(ReportDesk(incidents=incidents, configuration=a_configuration), "128", kind=kind)
    if kind != ".docx":
        assert doors(content.decode()) == []
        return
    with ZipFile(io.BytesIO(content)) as parts:
        texts = {
            name: parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))
        }
    assert {name: found for name, text in texts.items() if (found := TOKEN.findall(text))} == {}
    assert not any("TargetMode" in text for text in texts.values())


def test_the_report_that_the_demo_saves_opens_nothing(
    incidents: InMemoryIncidentRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(root=tmp_path)
    document = check_directory(Path("infra/config")).document
    assert document is not None
    home.configuration.write_bytes(document.to_json())
    monkeypatch.setattr(demonstration, "DynamoDbIncidentRepository", lambda **_: incidents)
    monkeypatch.setattr(demonstration, "client", lambda *_: None)
    outputs = {"IncidentsTable": "incidents", "OutboxTable": "outbox"}
    state: Any = SimpleNamespace(inbox_url="http://127.0.0.1:1/", outputs=outputs)
    saved = demonstration.Demonstration(home, state, tell=lambda _: None).keep_report()
    text = saved.read_text("utf-8")
    assert "対応完了報告書　#128" in text
    assert doors(text) == []


def test_the_files_of_an_archive_open_nothing() -> None:
    archived = Archived(
        room=SCENE.room,
        timeline=chain(SCENE.events, after_seq=0, after_digest=GENESIS),
        posts=[kept.post for _, posts in SCENE.alerts for kept in posts],
        records=(),
        roster=a_roster(),
        words=Wording(),
        at=SCENE.at,
    )
    for file in archive_files(archived):
        assert (file.name, doors(file.content.decode())) == (file.name, [])
