"""A room as items: which of its things is kept under which sort key, and back again.

A new kind of thing is one more entry of the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from hikeshi.adapters.dynamodb_items import Item, from_item
from hikeshi.domain.care import Harm, Protection
from hikeshi.domain.evidence import EvidenceFile
from hikeshi.domain.experts import Consultation
from hikeshi.domain.facts import Fact
from hikeshi.domain.headquarters import Bulletin, Headquarters, InboundReport, Sighting
from hikeshi.domain.incidents import DecisionSlot, Incident, ResponseTask, Room
from hikeshi.domain.own_posts import OwnPost
from hikeshi.domain.reports import CompletionReport, CorrectiveAction, Feedback, Proposal
from hikeshi.domain.statements import Statement
from hikeshi.domain.support import CareCheck, Compensation, Inquiry, Surge
from hikeshi.domain.takedowns import Takedown

WATCHED = "watched"
"""What the index knows people by whose consent to be watched over was not taken back."""

META, TIMELINE = "META", "TIMELINE#"
"""Sort keys of the head and of the timeline; a room is all that comes before the timeline."""

Part = TypeVar("Part")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kind:
    """One kind of thing that a room has any number of.

    Attributes
    ----------
    prefix : str
        Of the sort key, which must come before ``TIMELINE#``: a room is read up to there.
    field : str
        The room's tuple of them.
    key : callable
        What follows the prefix, unique within the room.
    order : callable
        What the tuple is sorted by.
    """

    prefix: str
    field: str
    record: type[Any]
    key: Callable[[Any], str]
    order: Callable[[Any], Any]


_KINDS = (
    _Kind(
        prefix="CARE_CHECK#",
        field="care_checks",
        record=CareCheck,
        key=lambda check: check.id,
        order=lambda check: (check.at, check.id),
    ),
    _Kind(
        prefix="COMPENSATION#",
        field="compensations",
        record=Compensation,
        key=lambda each: each.id,
        order=lambda each: (each.promised_at, each.id),
    ),
    _Kind(
        prefix="INQUIRY#",
        field="inquiries",
        record=Inquiry,
        key=lambda inquiry: inquiry.id,
        order=lambda inquiry: (inquiry.taken_at, inquiry.id),
    ),
    _Kind(
        prefix="SURGE#",
        field="surges",
        record=Surge,
        key=lambda surge: surge.id,
        order=lambda surge: (surge.begun_at, surge.id),
    ),
    _Kind(
        prefix="CORRECTION#",
        field="corrections",
        record=CorrectiveAction,
        key=lambda action: action.id,
        order=lambda action: (action.added_at, action.id),
    ),
    _Kind(
        prefix="EVIDENCE#",
        field="files",
        record=EvidenceFile,
        key=lambda file: file.id,
        order=lambda file: (file.kept_at, file.id),
    ),
    _Kind(
        prefix="EXPERT#",
        field="consultations",
        record=Consultation,
        key=lambda asked: f"{asked.number:03d}",
        order=lambda asked: asked.number,
    ),
    _Kind(
        prefix="BULLETIN#",
        field="bulletins",
        record=Bulletin,
        key=lambda bulletin: f"{bulletin.number:04d}",
        order=lambda bulletin: bulletin.number,
    ),
    _Kind(
        prefix="FACT#",
        field="facts",
        record=Fact,
        key=lambda fact: fact.id,
        order=lambda fact: (fact.added_at, fact.id),
    ),
    _Kind(
        prefix="FEEDBACK#",
        field="feedback",
        record=Feedback,
        key=lambda given: f"{given.generation:03d}#{given.by}",
        order=lambda given: (given.at, given.by),
    ),
    _Kind(
        prefix="HARM#",
        field="harms",
        record=Harm,
        key=lambda harm: harm.id,
        order=lambda harm: (harm.noted_at, harm.id),
    ),
    _Kind(
        prefix="OWN_POST#",
        field="own_posts",
        record=OwnPost,
        key=lambda post: post.id,
        order=lambda post: post.number,
    ),
    _Kind(
        prefix="INBOUND#",
        field="inbound",
        record=InboundReport,
        key=lambda report: report.id,
        order=lambda report: (report.filed_at, report.id),
    ),
    _Kind(
        prefix="PAST_STATEMENT#",
        field="earlier_statements",
        record=Statement,
        key=lambda said: f"{said.generation:03d}#{said.version:04d}",
        order=lambda said: (said.generation, said.version),
    ),
    _Kind(
        prefix="PROPOSAL#",
        field="proposals",
        record=Proposal,
        key=lambda change: change.id,
        order=lambda change: (change.generation, change.id),
    ),
    _Kind(
        prefix="PROTECTION#",
        field="protections",
        record=Protection,
        key=lambda track: track.id,
        order=lambda track: track.id,
    ),
    _Kind(
        prefix="SIGHTING#",
        field="sightings",
        record=Sighting,
        key=lambda sighting: sighting.id,
        order=lambda sighting: (sighting.at, sighting.id),
    ),
    _Kind(
        prefix="SLOT#",
        field="slots",
        record=DecisionSlot,
        key=lambda slot: f"{slot.generation:03d}#{slot.slot}",
        order=lambda slot: (slot.generation, slot.slot),
    ),
    _Kind(
        prefix="TAKEDOWN#",
        field="takedowns",
        record=Takedown,
        key=lambda takedown: takedown.id,
        order=lambda takedown: takedown.number,
    ),
    _Kind(
        prefix="TASK#",
        field="tasks",
        record=ResponseTask,
        key=lambda task: task.id,
        order=lambda task: (task.due_at, task.id),
    ),
)
_ONE_A_GENERATION: tuple[tuple[str, type[Any], str], ...] = (
    ("statement", Statement, "STATEMENT#"),
    ("report", CompletionReport, "REPORT#"),
    ("headquarters", Headquarters, "HEADQUARTERS#"),
)
"""Field, record and prefix of what belongs to a generation: those of the one before stay where they are."""


def parts_of(room: Room) -> Iterator[tuple[str, Any]]:
    """Yield all of a room but its head, each with its sort key."""
    for kind in _KINDS:
        yield from ((f"{kind.prefix}{kind.key(part)}", part) for part in getattr(room, kind.field))
    generation = f"{room.incident.generation:03d}"
    for field, _, prefix in _ONE_A_GENERATION:
        if (part := getattr(room, field)) is not None:
            yield f"{prefix}{generation}", part


def changed_parts(before: Room | None, after: Room) -> dict[str, Any]:
    """Return the parts that a change of a room has to store, by sort key."""
    known = dict(parts_of(before)) if before is not None else {}
    return {sk: part for sk, part in parts_of(after) if known.get(sk) != part}


def indexed(part: Any) -> Item:
    """Return the attributes that put a part into the index of the table; none for most."""
    is_watched = isinstance(part, Protection) and bool(part.watched_terms)
    return {"kind": {"S": WATCHED}} if is_watched else {}


def room_of(items: Mapping[str, Item]) -> Room:
    """Put a room together from the items of its partition, by sort key."""
    incident = from_item(Incident, items[META])
    generation = f"{incident.generation:03d}"
    parts: dict[str, Any] = {
        kind.field: tuple(sorted(_all(kind.record, kind.prefix, items), key=kind.order)) for kind in _KINDS
    }
    for field, record, prefix in _ONE_A_GENERATION:
        parts[field] = next(iter(_all(record, f"{prefix}{generation}", items)), None)
    return Room(incident=incident, **parts)


def _all(part: type[Part], prefix: str, items: Mapping[str, Item]) -> list[Part]:
    return [from_item(part, item) for sk, item in items.items() if sk.startswith(prefix)]
