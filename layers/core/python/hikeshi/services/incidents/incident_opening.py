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
        title=_title(joining),
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
        *((peril_found(alert.peril, at=at),) if alert.peril is not None else ()),
        *opened_track,
    )
    rows = (
        lifecycle_row(room.incident, at=at),
        *roll_call_rows(room.incident, joining.configuration, at=at),
    )
    return RoomChange(before=None, after=room, events=events, outbox=rows)


def _title(joining: Joining) -> str:
    alert = joining.alert
    if alert.peril is not None:
        return joining.words.text(f"title.{alert.peril}")
    area = "title_media" if alert.has_media else "title"
    return joining.words.text(f"{area}.{alert.category}")
