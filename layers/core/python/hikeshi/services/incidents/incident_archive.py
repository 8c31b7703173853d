"""An incident as files that open without hikeshi: a page, the records, the timeline with its chain.

What may leave the house in them is decided in one place, :func:`shareable`: names of protected people are
hidden, files about their protection and everything that opens a door stay behind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from hikeshi.domain.caring import mask_of
from hikeshi.domain.coordination import signs_of
from hikeshi.domain.errors import ArchiveError
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.people import Roster
from hikeshi.domain.posts import Post
from hikeshi.domain.timeline import TimelineEntry, TimelineEvent, chain_break
from hikeshi.services.messages.japanese_time import full
from hikeshi.services.messages.numbering import number_of
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.report_blocks import one_cell, table
from hikeshi.services.reports.report_document import page_of
from hikeshi.services.reports.timeline_text import sentence

FORMAT = 1
PAGE, ROOM, TIMELINE, EVIDENCE, MANIFEST = (
    "index.html",
    "incident.json",
    "timeline.json",
    "evidence.json",
    "manifest.json",
)

FILE_KEPT = frozenset({"file_kept", "takedown_file_kept", "inbound_file_kept"})
"""Events that tell of a file by its digest."""

Told = Callable[[str], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveFile:
    """A file of the archive."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A record that bears something out.

    Attributes
    ----------
    name : str
        Of its file in the archive.
    located : bool
        Whether it is a photo that says where it was taken.
    state : str
        ``included``; ``withheld`` because it may name protected people; ``missing`` or ``changed`` if what
        lies there is not what was kept.
    """

    name: str
    uri: str
    sha256: str
    kept_at: datetime
    state: str
    located: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Archived:
    """What an archive is made from."""

    room: Room
    timeline: Sequence[TimelineEntry]
    posts: Sequence[Post]
    records: Sequence[Record]
    roster: Roster
    words: Wording
    at: datetime


def shareable(room: Room) -> tuple[Room, Told]:
    """Return a room without what may not leave the house, and what hides names in its texts."""
    slots = tuple(replace(slot, task_token=None) for slot in room.slots)
    return replace(room, slots=slots, protections=()), mask_of(room)


def archive_files(archived: Archived) -> tuple[ArchiveFile, ...]:
    """Return the files beside the records themselves; the manifest is last."""
    room, told = shareable(archived.room)
    files = [
        ArchiveFile(name=PAGE, content=_page(archived, told)),
        ArchiveFile(name=ROOM, content=_json(_plain(room, told))),
        ArchiveFile(name=TIMELINE, content=_json(_timeline(archived, told))),
        ArchiveFile(name=EVIDENCE, content=_json([_plain(each, told) for each in archived.records])),
    ]
    return tuple(files)


def manifest_of(archived: Archived, files: Sequence[ArchiveFile]) -> ArchiveFile:
    """Return the list of all files with their digests."""
    incident = archived.room.incident
    content = {
        "format": FORMAT,
        "incident": incident.id,
        "number": incident.number,
        "made_at": archived.at.astimezone(UTC).isoformat(),
        "files": [
            {
                "name": file.name,
                "sha256": hashlib.sha256(file.content).hexdigest(),
                "bytes": len(file.content),
            }
            for file in files
        ],
    }
    return ArchiveFile(name=MANIFEST, content=_json(content))


# ---- checking -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainCheck:
    """What checking a timeline came to.

    Attributes
    ----------
    broken_at : int or None
        Number of the first entry that does not fit; one after the last if the end is missing.
    hidden : int
        Entries whose words are hidden, so that only their place in the chain could be checked.
    files : int
        Records whose bytes are what the timeline and the rooms say.
    unsound : tuple of str
        Digests of those that are gone or were changed.
    """

    entries: int
    broken_at: int | None
    hidden: int = 0
    files: int = 0
    unsound: tuple[str, ...] = ()


def check_stored(
    incident: Incident, timeline: Sequence[TimelineEntry], states: Mapping[str, str]
) -> ChainCheck:
    """Check a stored timeline against itself and against the end that the incident knows of.

    ``states`` tells of each digest what became of its record.
    """
    end = (incident.timeline_seq, incident.timeline_digest)
    unsound = {sha256 for sha256, state in states.items() if state != "included"}
    unsound |= {sha256 for sha256 in _told_of(timeline) if sha256 not in states}
    return ChainCheck(
        entries=len(timeline),
        broken_at=chain_break(timeline, end=end),
        files=len(states) - len(unsound & set(states)),
        unsound=tuple(sorted(unsound)),
    )


def check_archive(files: Mapping[str, bytes], *, incident: str | None = None) -> ChainCheck:
    """Check an archive: each file against the manifest, the timeline against itself, and both together.

    Left out, ``incident`` is whichever the archive says it is of.
    Whoever changes a file and corrects the manifest has still to change the timeline that names it.

    Raises
    ------
    ArchiveError
        If it is not one, is of another incident, or a file is not what the manifest says.
    """
    manifest = _read(files, MANIFEST)
    try:
        named = {str(manifest["number"]), manifest["incident"]}
        for file in manifest["files"]:
            if hashlib.sha256(files.get(file["name"], b"")).hexdigest() != file["sha256"]:
                raise ArchiveError("changed_file", file["name"])
        kept = _read(files, TIMELINE)
        entries = [_entry(each) for each in kept["entries"]]
        hidden = frozenset(each["seq"] for each in kept["entries"] if each.get("hidden"))
        end = (int(kept["end"]["seq"]), str(kept["end"]["digest"]))
        states = {each["sha256"]: _state(each, files) for each in _read(files, EVIDENCE)}
    except (KeyError, TypeError, ValueError) as error:
        raise ArchiveError("no_archive", TIMELINE) from error
    if incident is not None and incident.removeprefix("#") not in named:
        raise ArchiveError("another_incident", str(manifest["number"]))
    unsound = {sha256 for sha256, state in states.items() if state not in ("included", "withheld")}
    unsound |= {sha256 for sha256 in _told_of(entries) if sha256 not in states}
    return ChainCheck(
        entries=len(entries),
        broken_at=chain_break(entries, end=end, hidden=hidden),
        hidden=len(hidden),
        files=sum(state == "included" for state in states.values()),
        unsound=tuple(sorted(unsound)),
    )


def _told_of(timeline: Sequence[TimelineEntry]) -> Iterator[str]:
    """Yield the digest of every file that the timeline says was kept."""
    return (entry.event.details["sha256"] for entry in timeline if entry.event.kind in FILE_KEPT)


def _state(record: Mapping[str, str], files: Mapping[str, bytes]) -> str:
    """Say of a record in an archive what is true of it now."""
    content = files.get(record["name"])
    if content is None:
        return "changed" if record["state"] == "included" else record["state"]
    return "included" if hashlib.sha256(content).hexdigest() == record["sha256"] else "changed"


def _read(files: Mapping[str, bytes], name: str) -> Any:
    try:
        return json.loads(files[name])
    except (KeyError, ValueError) as error:
        raise ArchiveError("no_archive", name) from error


# ---- the timeline -------------------------------------------------------------------------------


def _timeline(archived: Archived, told: Told) -> dict[str, Any]:
    incident = archived.room.incident
    return {
        "end": {"seq": incident.timeline_seq, "digest": incident.timeline_digest},
        "entries": [_entry_out(entry, told) for entry in archived.timeline],
    }


def _entry_out(entry: TimelineEntry, told: Told) -> dict[str, Any]:
    """Write an entry; where a name is hidden the digest of the true words stays and says so."""
    event = entry.event
    details = {name: told(value) for name, value in event.details.items()}
    written = {
        "seq": entry.seq,
        "at": event.at.isoformat(),
        "kind": event.kind,
        "actor": event.actor,
        "details": details,
        "previous": entry.previous,
        "digest": entry.digest,
    }
    return written | ({"hidden": True} if details != dict(event.details) else {})


def _entry(written: Mapping[str, Any]) -> TimelineEntry:
    event = TimelineEvent(
        kind=written["kind"],
        at=datetime.fromisoformat(written["at"]),
        actor=written["actor"],
        details=dict(written["details"]),
    )
    return TimelineEntry(
        seq=written["seq"], event=event, previous=written["previous"], digest=written["digest"]
    )


# ---- the page and the records -------------------------------------------------------------------


def _page(archived: Archived, told: Told) -> bytes:
    incident, words = archived.room.incident, archived.words
    number = number_of(incident.number, drill=incident.drill, words=words)
    title = told(words.text("archive.title", number=number, title=incident.title))
    return page_of("\n".join(_sections(archived, title, told)) + "\n", title=title, words=words)


def _sections(archived: Archived, title: str, told: Told) -> Iterator[str]:
    incident, words = archived.room.incident, archived.words
    yield from (f"# {one_cell(title)}", "")
    status = words.text(f"status.{incident.status}")
    yield words.text(
        "archive.made", at=full(archived.at, words), status=status, entries=len(archived.timeline)
    )
    yield from ("", f"## {words.text('archive.timeline')}", "")
    rows = [
        (
            full(entry.event.at, words),
            told(sentence(entry.event, words=words, roster=archived.roster)),
            f"{entry.seq} {entry.digest[:12]}",
        )
        for entry in archived.timeline
    ]
    yield from table((words.text("archive.head").split("／")), rows)
    if archived.records:
        yield from ("", f"## {words.text('archive.evidence')}", "")
        kept = [(full(each.kept_at, words), _state_of(each, words), each.name) for each in archived.records]
        yield from table((words.text("archive.evidence_head").split("／")), kept)
    if found := signs_of(archived.posts):
        yield from ("", f"## {words.text('aftercare.heading_signs')}", "")
        for sign in found:
            mark = words.text("archive.stands_out" if sign.stands_out else "archive.ordinary")
            yield f"- {words.text(f'sign.{sign.kind}', count=sign.count, of=sign.of)}{mark}"
        yield from ("", words.text("aftercare.signs_note"))


def _state_of(record: Record, words: Wording) -> str:
    state = words.text(f"archive.{record.state}")
    return state + words.text("archive.located") if record.located and record.state == "included" else state


def _plain(value: Any, told: Told) -> Any:
    """Turn a value into JSON; every text in it goes past what hides names."""
    found: Any
    match value:
        case Enum():
            found = value.value
        case str():
            found = told(value)
        case datetime():
            found = value.astimezone(UTC).isoformat()
        case timedelta():
            found = value.total_seconds()
        case tuple() | list():
            found = [_plain(each, told) for each in value]
        case frozenset():
            found = sorted(_plain(each, told) for each in value)
        case Mapping():
            found = {str(key): _plain(each, told) for key, each in value.items()}
        case _ if is_dataclass(value):
            found = {field.name: _plain(getattr(value, field.name), told) for field in fields(value)}
        case _:
            found = value
    return found


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
