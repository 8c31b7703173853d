"""What people do with files that bear something out; see :mod:`hikeshi.domain.attaching` for the rules."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hikeshi.domain import attaching
from hikeshi.domain.actions import Action
from hikeshi.domain.errors import NotFoundError
from hikeshi.domain.evidence import Attached, EvidenceFile, Handing, examined, label_of
from hikeshi.domain.file_kinds import MEDIA_TYPES
from hikeshi.domain.inbound import report_in
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.photo_metadata import holds_location, without_metadata
from hikeshi.domain.removing import takedown_in
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.responding import ProofStore
from hikeshi.services.respond import Responder, act

Details = Mapping[str, str]


def _of_fact(room: Room, about: str) -> Details:
    return {"fact": about, "claim": room.fact(about).claim}


def _of_takedown(room: Room, about: str) -> Details:
    return {"request": str(takedown_in(room, about).number)}


def _of_report(room: Room, about: str) -> Details:
    report = report_in(room, about)
    return {"number": str(room.inbound.index(report) + 1)}


_SUBJECTS: Mapping[Action, tuple[str, Callable[[Room, str], Details]]] = {
    Action.ATTACH_TO_FACT: ("file_kept", _of_fact),
    Action.ATTACH_TO_TAKEDOWN: ("takedown_file_kept", _of_takedown),
    Action.ATTACH_TO_REPORT: ("inbound_file_kept", _of_report),
}
"""What each action leaves in the timeline, and what that says of its subject."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """A file on its way out; ``name`` holds nothing that anybody typed."""

    name: str
    media_type: str
    content: bytes


def attach(
    incident_id: str, action: Action, *, by: Responder, about: str, title: str, attached: Attached
) -> Room:
    """Keep a file beside what it bears out.

    It is stored before the room names it. If the room cannot name it after all, nobody else can either:
    its address is its digest, it is listed nowhere, and sent again it is found and named.

    Raises
    ------
    RefusedFileError
        If it is none that is kept.
    """
    content = attached.content
    kind, sha256 = examined(attached), hashlib.sha256(content).hexdigest()
    file_id, located = f"file-{by.ids.ulid()}", holds_location(kind, content)
    told, subject_of = _SUBJECTS[action]

    def change(room: Room, at: datetime) -> Change:
        subject = subject_of(room, about)
        attaching.check_room_for(room, about=about, sha256=sha256)
        file = EvidenceFile(
            id=file_id,
            about=about,
            title=title,
            label=label_of(attached.label),
            kind=kind,
            size=len(content),
            sha256=sha256,
            uri=by.proofs.keep_file(incident_id, sha256=sha256, content=content),
            located=located,
            kept_by=by.person.id,
            kept_at=at,
        )
        event = TimelineEvent(kind=told, at=at, actor=by.person.id, details=dict(subject))
        return attaching.attach(room, file, event)

    return act(incident_id, action, change, by=by)


def ask_for_original(incident_id: str, *, by: Responder, file_id: str, reason: str) -> Room:
    """Put on record that somebody takes a file as it came, and why."""

    def change(room: Room, at: datetime) -> Change:
        return attaching.note_handing(room, file_id, reason=reason, by=by.person.id, at=at)

    return act(incident_id, Action.FETCH_ORIGINAL, change, by=by)


def copy_of(room: Room, file_id: str, *, proofs: ProofStore, original: bool = False) -> Copy:
    """Return a file for whoever may see the room; ``original`` once it was asked for.

    Raises
    ------
    NotFoundError
        If there is none, if it is handed out only when asked for, or if what lies in the archive is not
        what was kept.
    """
    file = attaching.file_in(room, file_id)
    handing = Handing.WHOLE if original else attaching.handing_of(room, file)
    content = None if handing is Handing.ASKED else proofs.file(file.uri)
    if content is None or hashlib.sha256(content).hexdigest() != file.sha256:
        raise NotFoundError("file", file_id)
    name = f"hikeshi-{'drill-' if room.incident.drill else ''}{room.incident.number}-{file.sha256[:12]}"
    if handing is Handing.CUT:
        name, content = f"{name}-copy", without_metadata(file.kind, content)
    if content is None:
        raise NotFoundError("copy of file", file_id)
    return Copy(name=f"{name}.{file.kind}", media_type=MEDIA_TYPES[file.kind], content=content)
