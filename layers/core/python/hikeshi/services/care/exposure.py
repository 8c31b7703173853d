"""Finds posts that expose somebody who agreed to be watched over, and brings them to those who help.

Looking happens where every post is read, noting where incidents are changed. In between travels the key
of the post and the id of the track, never a term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hikeshi.domain.care import Sighting
from hikeshi.domain.caring import note_sighting
from hikeshi.domain.exposure import Exposed, exposes
from hikeshi.domain.facts import Proof
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.posts import Post
from hikeshi.domain.removing import propose_mirrors
from hikeshi.domain.sources import Brand
from hikeshi.domain.takedowns import Ground, Takedown, TakedownState, is_address
from hikeshi.domain.timeline import SYSTEM
from hikeshi.ports.scoring import PostArchive
from hikeshi.ports.watching import ExposureReports, WatchedPeople
from hikeshi.services.care.care_notices import seen_rows
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.incidents.open_incident import Opening
from hikeshi.services.takedowns.takedown_text import platform_of


@dataclass(frozen=True, kw_only=True, slots=True)
class ExposureWatch:
    """What looking needs."""

    people: WatchedPeople
    reports: ExposureReports


def look_at(
    post: Post, brands: Sequence[Brand], watch: ExposureWatch, *, archive: PostArchive, at: datetime
) -> int:
    """Report the post for each person whom it exposes, its copy kept first; returns for how many.

    A post that comes again is reported again: the incident notes it once.
    """
    about = {brand.id for brand in brands}
    found = [each for each in watch.people.current() if exposes(post, each, brands=about)]
    for watched in found:
        kept = archive.keep(post, at=at)
        watch.reports.report(
            Exposed(
                incident_id=watched.incident_id,
                track=watched.track,
                post=post.key,
                source=post.source,
                url=post.url or "",
                evidence=kept.uri,
                sha256=kept.sha256,
                captured_at=kept.captured_at,
            )
        )
    return len(found)


def note_exposure(exposed: Exposed, opening: Opening) -> bool:
    """Note a find, propose to have it taken down, and tell HR and legal; False if nothing was noted.

    The consent is asked for once more: what was taken back since is not noted.
    """
    noted = False

    def plan(room: Room) -> RoomChange | None:
        nonlocal noted
        at = opening.clock.now()
        sighting = Sighting(
            post=exposed.post,
            source=exposed.source,
            url=exposed.url,
            seen_at=at,
            evidence=exposed.evidence,
            sha256=exposed.sha256,
        )
        after, events = note_sighting(room, exposed.track, sighting)
        noted = bool(events)
        if not noted:
            return None
        after, proposed = propose_mirrors(after, proposals(exposed, opening, at=at))
        told = seen_rows(after, exposed.track, opening.configuration, ids=opening.ids, at=at)
        return RoomChange(before=room, after=after, events=(*events, *proposed), outbox=told)

    change_room(exposed.incident_id, plan, incidents=opening.incidents)
    return noted


def proposals(exposed: Exposed, opening: Opening, *, at: datetime) -> tuple[Takedown, ...]:
    """Return the request that a find gives cause for: somebody has to make it their own."""
    if not is_address(exposed.url):
        return ()
    listed = opening.configuration.watches.sources.get(exposed.source)
    evidence = Proof(
        title=listed.name if listed is not None else exposed.source,
        uri=exposed.evidence,
        sha256=exposed.sha256,
        kept_by=SYSTEM,
        kept_at=exposed.captured_at,
    )
    return (
        Takedown(
            id=f"takedown-{opening.ids.ulid()}",
            number=0,
            url=exposed.url,
            platform=platform_of(exposed.url),
            ground=Ground.PRIVACY,
            passage=opening.words.text("care.passage"),
            evidence=evidence,
            requested_by=SYSTEM,
            requested_at=at,
            reason=opening.words.text("care.takedown_reason"),
            state=TakedownState.PROPOSED,
        ),
    )
