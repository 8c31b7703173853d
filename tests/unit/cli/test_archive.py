"""``hikeshi incident export`` and ``hikeshi timeline verify``: what left the house can be checked."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hikeshi.domain.actions import Role
from hikeshi.domain.care import Protection
from hikeshi.domain.circles import Circle
from hikeshi.domain.incidents import RoomChange, Slot
from hikeshi.domain.masking import MASK, Names
from hikeshi.domain.posts import Evidence
from hikeshi.domain.timeline import TimelineEvent
from infra.archiving.desk import ArchiveDesk
from infra.cli import incident as export_command
from infra.cli import timeline as verify_command
from tests.builders import (
    NOON,
    a_configuration,
    a_post,
    a_room,
    a_slot,
    an_alert,
    an_alerted_post,
    an_evidence_file,
    an_incident,
    an_inquiry,
)
from tests.fakes.environment import FrozenClock
from tests.fakes.responding import InMemoryIncidentRepository
from tests.fakes.scoring import InMemoryAlertStore
from tests.photos import phone_photo

RECORD = b'{"post": "evidence"}\n'
URI = "s3://archive/evidence/1.json"
SHA256 = hashlib.sha256(RECORD).hexdigest()
SECRET = "青木が映っている動画"


@dataclass
class House:
    """An incident of three entries with one kept post, and the two commands."""

    monkeypatch: pytest.MonkeyPatch
    folder: Path
    incidents: InMemoryIncidentRepository = field(default_factory=InMemoryIncidentRepository)
    alerts: InMemoryAlertStore = field(default_factory=InMemoryAlertStore)
    objects: dict[str, bytes] = field(default_factory=lambda: {URI: RECORD})

    def open(self, *, told: tuple[TimelineEvent, ...] = (), **room: Any) -> None:
        evidence = Evidence(uri=URI, sha256=SHA256, captured_at=NOON)
        member = an_alerted_post(post=a_post(text=SECRET), evidence=evidence)
        alert = self.alerts.save(an_alert(version=0), member)
        incident = replace(an_incident(alerts=(alert.id,)), **room.pop("incident", {}))
        events = tuple(
            TimelineEvent(kind="fact_added", at=NOON + timedelta(minutes=n), details={"claim": SECRET})
            if n == 1
            else TimelineEvent(kind="opened", at=NOON + timedelta(minutes=n), details={"level": "warning"})
            for n in range(3)
        )
        self.incidents.commit(
            RoomChange(before=None, after=a_room(incident=incident, **room), events=events + told)
        )
        desk = ArchiveDesk(
            incidents=self.incidents,
            alerts=self.alerts,
            configuration=a_configuration,
            fetch=self.objects.get,
            clock=FrozenClock(NOON + timedelta(hours=5)),
        )
        for command in (export_command, verify_command):
            self.monkeypatch.setattr(command, "open_archive_desk", lambda **_: desk)

    @property
    def archive(self) -> Path:
        return self.folder / "128.zip"

    def export(self, *arguments: str) -> Result:
        return CliRunner().invoke(
            export_command.app, ["export", "128", "--to", str(self.archive), *arguments]
        )

    def verify(self, *arguments: str, number: str = "128") -> Result:
        return CliRunner().invoke(verify_command.app, ["verify", number, *arguments])

    def verify_archive(self, number: str = "128") -> Result:
        return self.verify("--archive", str(self.archive), number=number)

    def files(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.archive) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def put(self, changed: dict[str, bytes], *, without: tuple[str, ...]) -> None:
        """Put other bytes under a name, or leave a file out, of the manifest too."""
        files = {name: changed.get(name, content) for name, content in self.files().items()}
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = [each for each in manifest["files"] if each["name"] not in without]
        files["manifest.json"] = json.dumps(manifest).encode()
        with zipfile.ZipFile(self.archive, "w") as archive:
            for written, content in files.items():
                if written not in without:
                    archive.writestr(written, content)

    def tamper(self, name: str, change: Callable[[Any], Any], *, cover_up: bool) -> None:
        """Change a file of the archive; who covers it up corrects the manifest too."""
        files = self.files()
        files[name] = json.dumps(change(json.loads(files[name])), ensure_ascii=False).encode()
        if cover_up:
            manifest = json.loads(files["manifest.json"])
            for each in manifest["files"]:
                each["sha256"] = hashlib.sha256(files[each["name"]]).hexdigest()
            files["manifest.json"] = json.dumps(manifest).encode()
        with zipfile.ZipFile(self.archive, "w") as archive:
            for written, content in files.items():
                archive.writestr(written, content)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> House:
    return House(monkeypatch=monkeypatch, folder=tmp_path)


def test_s2_12_the_archive_holds_the_page_the_records_the_timeline_and_the_evidence(house: House) -> None:
    house.open(inquiries=(an_inquiry(),))
    assert house.export().exit_code == 0
    files = house.files()
    assert set(files) == {
        "index.html",
        "incident.json",
        "timeline.json",
        "evidence.json",
        "manifest.json",
        f"evidence/{SHA256}.json",
    }
    assert files[f"evidence/{SHA256}.json"] == RECORD
    assert json.loads(files["incident.json"])["inquiries"][0]["number"] == "CS-1042"
    page = files["index.html"].decode()
    assert "http" not in page
    assert "示し合わせた投稿の兆し" in page
    manifest = json.loads(files["manifest.json"])
    assert {each["name"]: each["sha256"] for each in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != "manifest.json"
    }


def test_the_same_incident_gives_the_same_archive(house: House) -> None:
    house.open()
    house.export()
    first = house.archive.read_bytes()
    house.archive.unlink()
    house.export()
    assert house.archive.read_bytes() == first


def test_an_archive_that_is_there_is_not_replaced(house: House) -> None:
    house.open()
    house.archive.write_bytes(b"mine")
    assert house.export().exit_code == 2
    assert house.archive.read_bytes() == b"mine"


def test_evidence_that_is_gone_or_changed_is_named_so(house: House) -> None:
    house.open()
    house.objects[URI] = b"something else"
    house.export()
    assert json.loads(house.files()["evidence.json"])[0]["state"] == "changed"
    house.archive.unlink()
    house.objects.clear()
    house.export()
    assert json.loads(house.files()["evidence.json"])[0]["state"] == "missing"


def test_no_archive_holds_what_opens_the_state_machine(house: House) -> None:
    house.open(slots=(a_slot(Slot.TRIAGE, task_token="a-task-token"),))
    house.export()
    assert not any(b"a-task-token" in content for content in house.files().values())


def test_a_protected_name_is_in_no_file_and_its_evidence_is_listed_and_left_out(house: House) -> None:
    track = Protection(
        id="care-1", label="A", opened_by="kato", opened_at=NOON, items=(), names=Names(family="青木")
    )
    house.open(protections=(track,), incident={"title": "青木さんの動画"})
    assert house.export().exit_code == 0
    files = house.files()
    assert not any("青木".encode() in content for content in files.values())
    assert MASK.encode() in files["timeline.json"]
    assert not any(name.startswith("evidence/") for name in files)
    assert json.loads(files["evidence.json"])[0]["state"] == "withheld"
    checked = house.verify_archive()
    assert checked.exit_code == 0
    assert "1 件は氏名を伏せた" in checked.output


def test_an_incident_kept_among_few_is_written_for_one_of_them_alone(house: House) -> None:
    house.open(incident={"circle": Circle(roles=(Role.LEGAL,), since=NOON)})
    assert house.export().exit_code == 1
    assert house.export("--for", "sato").exit_code == 1
    assert not house.archive.exists()
    assert house.export("--for", "tanaka").exit_code == 0


def test_a_stored_chain_that_is_whole_ends_with_zero_and_shows_no_text(house: House) -> None:
    house.open()
    found = house.verify()
    assert found.exit_code == 0
    assert "経過 3 件に、書き換えも抜けもありません" in found.output
    assert SECRET not in found.output


@pytest.mark.parametrize("place", range(3))
def test_the_first_entry_that_was_changed_is_named_and_nothing_else(house: House, place: int) -> None:
    house.open()
    (key,) = house.incidents.rooms
    entries = list(house.incidents.timeline(key))
    event = replace(entries[place].event, at=NOON - timedelta(days=1))
    entries[place] = replace(entries[place], event=event)
    house.incidents._timelines[key] = tuple(entries)
    found = house.verify()
    assert found.exit_code == 1
    assert f"{place + 1} 番の記録から" in found.output
    assert SECRET not in found.output


def test_an_end_that_was_cut_off_is_found(house: House) -> None:
    house.open()
    (key,) = house.incidents.rooms
    house.incidents._timelines[key] = house.incidents._timelines[key][:2]
    found = house.verify()
    assert (found.exit_code, "3 番の記録から" in found.output) == (1, True)


def test_an_archive_is_checked_without_a_stack(house: House) -> None:
    house.open()
    house.export()
    house.monkeypatch.setattr(verify_command, "open_archive_desk", lambda **_: pytest.fail("asked a stack"))
    assert house.verify_archive().exit_code == 0
    assert house.verify_archive("#128").exit_code == 0
    assert house.verify_archive("129").exit_code == 2
    alone = CliRunner().invoke(verify_command.app, ["verify", "--archive", str(house.archive)])
    assert alone.exit_code == 0
    assert "書き換えも抜けもありません" in alone.output


def test_a_check_needs_an_incident_or_an_archive() -> None:
    told = CliRunner().invoke(verify_command.app, ["verify"])
    assert told.exit_code == 2
    assert "--archive" in told.stderr


def test_a_file_that_was_changed_after_the_export_is_named(house: House) -> None:
    house.open()
    house.export()
    house.tamper("incident.json", lambda found: found | {"facts": []}, cover_up=False)
    found = house.verify_archive()
    assert (found.exit_code, "incident.json" in found.output) == (1, True)


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: [{**each, "kind": "closed"} if each["seq"] == 2 else each for each in entries],
        lambda entries: [each for each in entries if each["seq"] != 2],
        lambda entries: [entries[0], entries[2], entries[1]],
    ],
    ids=["reworded", "left out", "out of order"],
)
def test_who_changes_the_timeline_and_the_manifest_with_it_is_found_by_the_chain(
    house: House, change: Callable[[Any], Any]
) -> None:
    house.open()
    house.export()
    house.tamper("timeline.json", lambda kept: kept | {"entries": change(kept["entries"])}, cover_up=True)
    found = house.verify_archive()
    assert (found.exit_code, "2 番の記録から" in found.output) == (1, True)
    assert SECRET not in found.output


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_said_to_be_none(house: House, content: bytes) -> None:
    house.archive.write_bytes(content)
    found = house.verify_archive()
    assert (found.exit_code, "書庫として読めません" in found.output) == (2, True)


def test_an_incident_that_does_not_exist_is_said_so(house: House) -> None:
    house.open()
    assert house.verify(number="4711").exit_code == 2
    to = str(house.folder / "other.zip")
    assert CliRunner().invoke(export_command.app, ["export", "4711", "--to", to]).exit_code == 1


# ---- files ------------------------------------------------------------------------------------------

PHOTO = phone_photo()
DIGEST = hashlib.sha256(PHOTO).hexdigest()
AT = f"s3://archive/evidence/files/inc-1/{DIGEST}"


@pytest.fixture
def furnished(house: House) -> House:
    """The house with a photo that says where it was taken, and the entry that tells of it."""
    told = TimelineEvent(kind="file_kept", at=NOON + timedelta(minutes=9), details={"sha256": DIGEST})
    file = an_evidence_file(sha256=DIGEST, uri=AT, located=True)
    house.objects[AT] = PHOTO
    house.open(told=(told,), files=(file,))
    return house


def test_the_archive_holds_files_as_they_came_and_says_which_tell_a_place(furnished: House) -> None:
    assert furnished.export().exit_code == 0
    assert furnished.files()[f"evidence/{DIGEST}.jpg"] == PHOTO
    assert "（撮影した場所の情報を含みます）" in furnished.files()["index.html"].decode()
    assert json.loads(furnished.files()["incident.json"])["files"][0]["sha256"] == DIGEST
    found = furnished.verify_archive()
    assert (found.exit_code, "証拠 2 件も保管したときのまま" in found.output) == (0, True)


def test_a_stored_file_that_is_gone_or_was_changed_is_named(furnished: House) -> None:
    found = furnished.verify()
    assert (found.exit_code, "証拠 1 件も保管したときのまま" in found.output) == (0, True)
    for content in (b"something else", None):
        furnished.objects.pop(AT)
        if content is not None:
            furnished.objects[AT] = content
        found = furnished.verify()
        assert (found.exit_code, DIGEST in found.output) == (1, True)
        furnished.objects[AT] = PHOTO


def test_a_file_that_the_room_forgot_is_missed_by_its_timeline(furnished: House) -> None:
    (key,) = furnished.incidents.rooms
    furnished.incidents.rooms[key] = replace(furnished.incidents.rooms[key], files=())
    found = furnished.verify()
    assert (found.exit_code, DIGEST in found.output) == (1, True)


@pytest.mark.parametrize("how", ["changed", "left out", "said to be missing", "said to be another"])
def test_who_changes_a_file_and_the_manifest_with_it_is_found_by_the_timeline(
    furnished: House, how: str
) -> None:
    furnished.export()
    name, other = f"evidence/{DIGEST}.jpg", hashlib.sha256(b"other").hexdigest()

    def rewrite(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        mine = {"left out": None, "said to be missing": {"state": "missing"}, "changed": {}}
        change = mine.get(how, {"sha256": other})
        if change is None:
            return [each for each in records if each["sha256"] != DIGEST]
        return [each | (change if each["sha256"] == DIGEST else {}) for each in records]

    changed = {name: b"other"} if how in ("changed", "said to be another") else {}
    furnished.put(changed, without=() if changed else (name,))
    furnished.tamper("evidence.json", rewrite, cover_up=True)
    found = furnished.verify_archive()
    assert (found.exit_code, DIGEST in found.output) == (1, True)
