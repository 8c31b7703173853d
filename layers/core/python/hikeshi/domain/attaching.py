"""What people do with files that bear something out; see :mod:`hikeshi.domain.evidence`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain.errors import NotFoundError, NotReadyError
from hikeshi.domain.evidence import EvidenceFile, Handing
from hikeshi.domain.film_boxes import BOXED
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.photo_metadata import PHOTOS
from hikeshi.domain.timeline import TimelineEvent

MOST_FILES = 20
"""Files that one thing may have."""

MOST_IN_ROOM = 300


def handing_of(room: Room, file: EvidenceFile) -> Handing:
    """Return how a file is handed out.

    Nobody can look into a file for a name that is hidden, and what lies in boxes cannot be cut.
    """
    if names_are_hidden(room) or file.kind in BOXED:
        return Handing.ASKED
    return Handing.CUT if file.kind in PHOTOS else Handing.WHOLE


def names_are_hidden(room: Room) -> bool:
    """Tell whether somebody's names are hidden, so that records must not be handed on as they are."""
    return any(track.names is not None for track in room.protections)


def obstacle_to(room: Room, *, about: str, sha256: str) -> str | None:
    """Hold a file against what the room has already.

    Returns
    -------
    str or None
        ``file_known`` if the same bytes are with the same thing, ``fewer_files`` if it has twenty,
        ``fewer_room_files`` if the room has three hundred; None if there is room for it.
    """
    there = files_about(room, about)
    if any(known.sha256 == sha256 for known in there):
        return "file_known"
    if len(there) >= MOST_FILES:
        return "fewer_files"
    return "fewer_room_files" if len(room.files) >= MOST_IN_ROOM else None


def attach(room: Room, file: EvidenceFile, event: TimelineEvent) -> Change:
    """Put a file beside what it bears out; ``event`` tells of it in the words of its subject.

    Raises
    ------
    NotReadyError
        What :func:`obstacle_to` finds.
    """
    if obstacle := obstacle_to(room, about=file.about, sha256=file.sha256):
        raise NotReadyError((obstacle,))
    told = {"file": file.id, "file_kind": file.kind.value, "bytes": str(file.size), "sha256": file.sha256}
    return replace(room, files=(*room.files, file)), (replace(event, details={**event.details, **told}),)


def note_handing(room: Room, file_id: str, *, reason: str, by: str, at: datetime) -> Change:
    """Note that somebody was handed a file as it came, and why."""
    file = file_in(room, file_id)
    details = {"file": file.id, "sha256": file.sha256, "reason": reason}
    return room, (TimelineEvent(kind="original_handed_out", at=at, actor=by, details=details),)


def file_in(room: Room, file_id: str) -> EvidenceFile:
    """Look a file up; NotFoundError if there is none."""
    for file in room.files:
        if file.id == file_id:
            return file
    raise NotFoundError("file", file_id)


def files_about(room: Room, about: str) -> tuple[EvidenceFile, ...]:
    """Return the files that bear something out, oldest first."""
    return tuple(file for file in room.files if file.about == about)


def same_elsewhere(room: Room, file: EvidenceFile) -> tuple[str, ...]:
    """Return the ids of the other things that the same bytes are with."""
    return tuple(each.about for each in room.files if each.sha256 == file.sha256 and each.about != file.about)
