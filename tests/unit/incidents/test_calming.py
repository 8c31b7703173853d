"""How quiet an incident is, from what its alerts hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hikeshi.domain.alerts import AlertedPost
from hikeshi.domain.calming import Quiet
from hikeshi.domain.errors import NotAllowedError, NotReadyError
from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.peril import Peril
from hikeshi.domain.pulse import Pulse
from hikeshi.domain.sources import Source
from hikeshi.services.incidents.calming import quiet_now, quiet_of, read
from hikeshi.services.incidents.respond import declare_calm, declare_calm_early
from tests.builders import NOON, a_configuration, a_post, a_watch_list, an_alert, an_alerted_post, an_incident
from tests.fakes.stage import Stage

NIGHT = NOON + timedelta(hours=12)
NEWS = Source(id="news", name="ニュース", url="https://news.example.jp", hosts=("news.example.jp",), weight=5)


def a_stage() -> Stage:
    stage = Stage()
    watches = a_watch_list()
    watches = replace(watches, sources={**watches.sources, NEWS.id: NEWS})
    stage.configuration = a_configuration(calm_after=timedelta(hours=6), watches=watches)
    stage.clock.set(NIGHT)
    return stage


def posts(count: int, at: datetime, *, source: str = "kuchikomi") -> tuple[AlertedPost, ...]:
    return tuple(
        an_alerted_post(post=a_post(id=f"{at:%H%M}-{n}", published_at=at, fetched_at=at, source=source))
        for n in range(count)
    )


def calming(stage: Stage, *members: AlertedPost) -> Room:
    alert = stage.keep(an_alert(pulse=Pulse()), *members)
    incident = an_incident(status=IncidentStatus.CALMING, lead="sato", alerts=(alert.id,))
    return stage.incidents.put(replace(stage.room(IncidentStatus.CALMING), incident=incident))


def measured(stage: Stage, room: Room) -> Quiet:
    return quiet_now(
        room.incident, alerts=stage.alerts, configuration=stage.configuration, at=stage.clock.now()
    )


def test_s2_6_the_lead_cannot_call_it_over_before_it_is_quiet() -> None:
    stage = a_stage()
    room = calming(stage, *posts(40, NIGHT - timedelta(hours=2)))
    with pytest.raises(NotReadyError):
        declare_calm(room.incident.id, by=stage.by("sato"), basis="静かです")
    assert stage.incidents.room(room.incident.id) == room
    stage.clock.advance(hours=6)
    declare_calm(room.incident.id, by=stage.by("sato"), basis="静かです")
    assert stage.incidents.kinds(room.incident.id) == ["calm_declared"]


def test_s2_6_minutes_after_the_first_post_it_is_not_quiet_yet_however_few_speak() -> None:
    stage = a_stage()
    room = calming(stage, *posts(1, NOON))
    stage.clock.set(NOON + timedelta(minutes=25))
    assert measured(stage, room).missing == ("calm_rate",)
    assert measured(stage, room).earliest_at == NOON + timedelta(hours=6, minutes=1)
    with pytest.raises(NotReadyError):
        declare_calm(room.incident.id, by=stage.by("sato"), basis="静かです")
    stage.clock.set(NOON + timedelta(hours=6, minutes=1))
    assert measured(stage, room).missing == ()


def test_s2_6_a_new_alert_or_a_higher_level_begins_the_count_anew() -> None:
    stage = a_stage()
    room = calming(stage, *posts(1, NOON))
    risen = replace(room, incident=replace(room.incident, raised_at=NIGHT - timedelta(hours=2)))
    assert measured(stage, risen).lasts == timedelta(hours=2)
    alert = stage.keep(an_alert(id="alert-new", detected_at=NIGHT - timedelta(hours=1), pulse=Pulse()))
    joined = replace(room, incident=replace(room.incident, alerts=(*room.incident.alerts, alert.id)))
    assert measured(stage, joined).lasts == timedelta(hours=1)


def many(stage: Stage, *, loud: int, count: int) -> Room:
    """An incident of so many alerts, of which one has been loud since."""
    alerts = []
    for number in range(count):
        at = NIGHT - timedelta(minutes=30) if number == loud else NOON
        alert = an_alert(id=f"alert-{number}", pulse=Pulse(), posts=0, last_post_at=at)
        alerts.append(stage.keep(alert, *posts(40 if number == loud else 1, at)).id)
    incident = an_incident(status=IncidentStatus.CALMING, lead="sato", alerts=tuple(alerts))
    return stage.incidents.put(replace(stage.room(IncidentStatus.CALMING), incident=incident))


@pytest.mark.parametrize(("loud", "count"), [(0, 11), (10, 11), (10, 30), (29, 30)])
def test_s2_6_whichever_of_many_alerts_is_loud_is_heard(loud: int, count: int) -> None:
    stage = a_stage()
    room = many(stage, loud=loud, count=count)
    assert measured(stage, room).missing == ("calm_rate",)
    assert measured(stage, room).per_minute == pytest.approx(40 / 60)


def test_the_latest_posts_about_a_life_are_read_however_much_is_said_since() -> None:
    stage = a_stage()
    room = many(stage, loud=29, count=30)
    for number in (13, 14):
        stage.keep(
            an_alert(id=f"alert-{number}", peril=Peril.VIOLENCE), *posts(1, NOON + timedelta(minutes=number))
        )
    for number in range(16, 29):
        at = NIGHT - timedelta(minutes=29 - number)
        stage.keep(an_alert(id=f"alert-{number}", last_post_at=at), *posts(1, at))
    chosen = [alert.id for alert, _ in read(room.incident, stage.alerts)]
    assert {"alert-0", "alert-9", "alert-13", "alert-14", "alert-28"} <= set(chosen)
    assert len(chosen) == 10 + 10 + 2


def test_s2_6_only_an_executive_ends_it_earlier_and_says_why() -> None:
    stage = a_stage()
    room = calming(stage, *posts(40, NIGHT - timedelta(hours=2)))
    with pytest.raises(NotAllowedError):
        declare_calm_early(room.incident.id, by=stage.by("suzuki"), reason="もう十分です")
    declare_calm_early(room.incident.id, by=stage.by("takahashi"), reason="訂正が行き渡りました")
    (entry,) = stage.incidents.timeline(room.incident.id)
    assert entry.event.kind == "calm_declared_early"
    assert entry.event.details["reason"] == "訂正が行き渡りました"


def test_s2_6_coverage_by_the_press_is_heard() -> None:
    stage = a_stage()
    room = calming(stage, *posts(1, NIGHT - timedelta(hours=1), source="news"))
    assert measured(stage, room).missing == ("calm_press",)


def test_reposts_of_an_old_post_are_heard_as_long_as_they_come() -> None:
    stage = a_stage()
    pulse = Pulse().with_voices(200, start=NIGHT - timedelta(minutes=20), end=NIGHT)
    alert = an_alert(pulse=pulse, posts=1)
    quiet = quiet_of(
        an_incident(),
        [(alert, posts(1, NOON))],
        configuration=stage.configuration,
        at=NIGHT,
    )
    assert quiet.missing == ("calm_rate",)
    assert quiet.per_minute == pytest.approx(200 / 60)


def test_of_a_large_alert_a_sample_stands_for_all() -> None:
    stage = a_stage()
    alert = an_alert(pulse=Pulse(), posts=5000)
    sample = posts(10, NIGHT - timedelta(minutes=30)) + posts(990, NOON)
    quiet = quiet_of(an_incident(), [(alert, sample)], configuration=stage.configuration, at=NIGHT)
    assert quiet.per_minute == pytest.approx(50 / 60)


def test_an_exercise_need_not_wait_for_the_hours() -> None:
    stage = a_stage()
    room = calming(stage, *posts(40, NIGHT - timedelta(hours=2)))
    drill = replace(room, incident=replace(room.incident, drill="drill-1"))
    assert measured(stage, drill).missing == ()
