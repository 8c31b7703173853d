"""A new incident out of an alert."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hikeshi.domain.caring import open_if_about_staff
from hikeshi.domain.drills import brand_meant
from hikeshi.domain.incidents import Incident, Room, RoomChange
from hikeshi.domain.peril import peril_found
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.services.incidents.alert_joining import Joining
from hikeshi.services.incidents.executions import lifecycle_row, roll_call_rows
from hikeshi.services.incidents.past_cases import nearest_cases
from hikeshi.services.incidents.titles import title_for


def new_incident(joining: Joining, *, number: int, past: Iterable[Incident] = ()) -> RoomChange:
    """Make the incident, its first timeline entries, and the order to start its execution.

    ``past`` are incidents that it is compared with.
    """
    alert, at = joining.alert, joining.at
    brand = joining.configuration.watches.brands.get(brand_meant(alert.brand))
    incident = Incident(
        id=f"inc-{joining.ids.ulid()}",
        number=number,
        brand=alert.brand,
        brand_name=brand.name if brand else brand_meant(alert.brand),
        category=alert.category,
        crisis_type=alert.crisis_type,
        level=alert.level,
        title=title_for(alert.category, perils=alert.perils, has_media=alert.has_media, words=joining.words),
        quote=alert.quote,
        source=alert.source,
        has_media=alert.has_media,
        first_post_at=alert.first_post_at,
        detected_at=alert.detected_at,
        opened_at=at,
        alerts=(alert.id,),
        next_page_at=at,
        drill=alert.drill,
        peril=alert.peril,
        second_peril=alert.second_peril,
        circle=joining.configuration.escalation.need_to_know.circle_for(
            alert.category, alert.crisis_type, at=at
        ),
    )
    similar = nearest_cases(incident, past)
    counted = replace(
        incident,
        spread=joining.spread_of(incident),
        sources=joining.sources_of(incident),
        similar=similar,
    )
    room = Room(incident=counted)
    room, opened_track = open_if_about_staff(room, at=at)
    events = (
        TimelineEvent(kind="detected", at=alert.detected_at, details={"alert": alert.id}),
        TimelineEvent(kind="opened", at=at, details={"level": alert.level.value}),
        *(peril_found(peril, at=at) for peril in alert.perils),
        *opened_track,
    )
    rows = (
        lifecycle_row(room.incident, at=at),
        *roll_call_rows(room.incident, joining.configuration, at=at),
    )
    return RoomChange(before=None, after=room, events=events, outbox=rows)
