"""What people do with files that bear something out; see :mod:`hikeshi.domain.attaching` for the rules."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hikeshi.domain import attaching
from hikeshi.domain.actions import Action
from hikeshi.domain.errors import (
    NotFoundError,
    RefusedFileError,
    RefusedFilesError,
    RefusedTextError,
)
from hikeshi.domain.evidence import Attached, EvidenceFile, Handing, examined, label_of
from hikeshi.domain.file_kinds import MEDIA_TYPES, FileKind
from hikeshi.domain.inbound import report_in
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.photo_metadata import holds_location, without_metadata
from hikeshi.domain.removing import takedown_in
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.responding import ProofStore
from hikeshi.services.incidents.respond import Responder, act

Details = Mapping[str, str]
Finding = tuple[str, str]
"""Why a file is not kept, as a stable key, and what the file was called."""


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

KEPT = frozenset(told for told, _ in _SUBJECTS.values())
"""Events of which each tells of one file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """A file on its way out; ``name`` holds nothing that anybody typed."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class _Examined:
    """A file that can be kept, if the room has a place for it."""

    id: str
    label: str
    kind: FileKind
    content: bytes
    sha256: str
    located: bool


def attach(
    incident_id: str,
    action: Action,
    *,
    by: Responder,
    about: str,
    title: str,
    attached: Sequence[Attached],
) -> Room:
    """Keep files beside what they bear out: all that can be kept, whatever becomes of the others.

    Each is stored before the room names it. If the room cannot name it after all, nobody else can either:
    its address is its digest, it is listed nowhere, and sent again it is found and named.

    Raises
    ------
    RefusedFileError
        If it was one, and none that is kept.
    RefusedFilesError
        If some of several are not kept; the others are by then.
    """
    fit, refused = _sorted_out(attached, by)
    told, subject_of = _SUBJECTS[action]

    def change(room: Room, at: datetime) -> Change:
        subject, before = subject_of(room, about), room
        events: tuple[TimelineEvent, ...] = ()
        for each in fit:
            if attaching.obstacle_to(room, about=about, sha256=each.sha256):
                continue
            uri = by.proofs.keep_file(incident_id, sha256=each.sha256, content=each.content)
            file = EvidenceFile(
                id=each.id,
                about=about,
                title=title,
                label=each.label,
                kind=each.kind,
                size=len(each.content),
                sha256=each.sha256,
                uri=uri,
                located=each.located,
                kept_by=by.person.id,
                kept_at=at,
            )
            event = TimelineEvent(kind=told, at=at, actor=by.person.id, details=dict(subject))
            room, added = attaching.attach(room, file, event)
            events = (*events, *added)
        if room is before:
            raise _refusal((*refused, *_turned_away(room, about, fit)), kept=0)
        return room, events

    room = act(incident_id, action, change, by=by)
    findings = (*refused, *_turned_away(room, about, fit))
    if findings:
        raise _refusal(findings, kept=len(attached) - len(findings))
    return room


def _sorted_out(
    attached: Sequence[Attached], by: Responder
) -> tuple[tuple[_Examined, ...], tuple[Finding, ...]]:
    """Return the files that can be kept, and why the others cannot."""
    fit: list[_Examined] = []
    refused: list[Finding] = []
    for each in attached:
        try:
            kind = examined(each)
        except RefusedFileError as error:
            refused += error.findings
            continue
        fit.append(
            _Examined(
                id=f"file-{by.ids.ulid()}",
                label=label_of(each.label),
                kind=kind,
                content=each.content,
                sha256=hashlib.sha256(each.content).hexdigest(),
                located=holds_location(kind, each.content),
            )
        )
    return tuple(fit), tuple(refused)


def _turned_away(room: Room, about: str, fit: Sequence[_Examined]) -> Iterator[Finding]:
    """Yield those for which the room had no place: it names none of them, for the reason that still holds."""
    named = {file.id for file in room.files}
    for each in fit:
        obstacle = attaching.obstacle_to(room, about=about, sha256=each.sha256)
        if each.id not in named and obstacle is not None:
            yield obstacle, each.label


def _refusal(findings: tuple[Finding, ...], *, kept: int) -> RefusedTextError:
    if kept or len(findings) > 1:
        return RefusedFilesError(findings, kept=kept)
    return RefusedFileError(*findings[0])


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
