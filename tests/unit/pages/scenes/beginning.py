"""From the first post until somebody checks the facts, and what turned out to be nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.facts import Fact
from hikeshi.domain.incidents import Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.peril import NoDanger, Peril
from hikeshi.domain.phrases import phrase
from hikeshi.services.alerts.dangers import name_of_text
from hikeshi.services.messages.wording import Wording
from tests.builders import (
    a_circle,
    a_consultation,
    a_fact,
    a_judged_fact,
    a_room,
    a_sighting,
    an_assessment,
    an_incident,
)
from tests.unit.pages.scenes.parts import (
    Scene,
    alerted,
    decided,
    event,
    minute,
    moved,
    named,
    posts,
    the_incident,
)

_RISE = phrase("why.level", category="contamination", level="critical", posts=14, reposts=742)
_FOUND = (
    event("detected", 1),
    event("opened", 1, level="warning"),
    event("paged", 1, step="1", people="nakano,ito,watanabe,suzuki"),
    event("level_raised", 34, **moved("warning", "critical"), why=_RISE),
    event("paged", 34, step="1", people="takahashi,sato"),
)


def found() -> Scene:
    """Minute 41: paged, and nobody has it."""
    room = a_room(incident=the_incident())
    return Scene(room=room, events=_FOUND, at=minute(41), alerts=(alerted(posts()),))


TAKEN = (
    *_FOUND,
    event("acknowledged", 43, actor="sato"),
    event("status_changed", 43, **moved("detected", "acknowledged")),
    event("status_changed", 43, **moved("acknowledged", "fact_finding")),
    event(
        "fact_judged",
        52,
        actor="ito",
        claim="投稿の写真は当社の商品ですか",
        verdict="confirmed",
        basis="ロット番号を写真で確かめました",
    ),
)


def claims() -> tuple[Fact, ...]:
    return (
        a_judged_fact(judged_at=minute(52)),
        a_fact(id="fact-2", claim="健康への影響はありますか"),
        a_fact(id="fact-3", claim="ほかに同じ申し出はありますか", source="お客様相談室の受付記録"),
    )


def asking() -> Scene:
    """Minute 55, and a lawyer from outside was asked what the law says."""
    scene = checking()
    asked = a_consultation(expert="kobayashi", asked_at=minute(50), until=minute(50) + timedelta(days=3))
    return replace(scene, room=replace(scene.room, consultations=(asked,)))


def among_few(scene: Scene, *guests: str) -> Scene:
    """Keep a scene among legal, HR, executives and the lead, and those who were let in."""
    circle = a_circle(people=guests)
    incident = replace(scene.room.incident, category=Category.HARASSMENT, circle=circle)
    return replace(scene, room=replace(scene.room, incident=incident))


def endangering(scene: Scene, peril: Peril, second: Peril | None = None) -> Scene:
    """Let the first post of a scene put a life at risk, or two of them."""
    title = Wording().text(f"title.{'both' if second else peril}")
    incident = replace(scene.room.incident, peril=peril, second_peril=second, title=title)
    rule = "life.self_harm.announced" if peril is Peril.SELF_HARM else "life.violence.people"
    reason = named(rule, points=90)
    assessment = an_assessment(level=Level.CRITICAL, reasons=(reason,))
    ((alert, (first, *others)),) = scene.alerts
    kept = (replace(first, assessment=assessment), *others)
    return replace(
        scene,
        room=replace(scene.room, incident=incident),
        alerts=((replace(alert, peril=peril, reasons=(reason,)), kept),),
    )


def found_safe(scene: Scene) -> Scene:
    """Let the first post of a scene have been taken for a danger, and Sato have found that it is none."""
    grave = endangering(scene, Peril.VIOLENCE)
    ((_, (first, *_others)),) = grave.alerts
    said = NoDanger(
        texts=(name_of_text(first.post.text),),
        reason="歌詞の引用で、店の名前もありませんでした",
        title=grave.room.incident.title,
        by="sato",
        at=minute(44),
    )
    safe = replace(scene.room.incident, harmless=(said,))
    return replace(grave, room=replace(grave.room, incident=safe))


def just_taken() -> Scene:
    """Minute 46: Sato took it three minutes ago, and can still take that back."""
    scene = checking()
    incident = replace(
        scene.room.incident, taken_at=minute(43), last_move_at=minute(43), answered=("1/round-1",)
    )
    return replace(scene, room=replace(scene.room, incident=incident), at=minute(46))


def dropped() -> Scene:
    """Minute 46: Sato pressed "false alarm" three minutes ago, and can still take that back."""
    scene = found()
    room = replace(scene.room, slots=(decided(Slot.TRIAGE, 43, choice="dismissed"),))
    return replace(scene, room=room, at=minute(46))


def lapsed() -> Scene:
    """Minute 110: nothing moved for an hour, and the second round looks for somebody."""
    scene = just_taken()
    incident = replace(
        scene.room.incident,
        round=2,
        expired_at=minute(103),
        reached=("sato", "nakano"),
        next_page_at=minute(113),
    )
    lapse = event("acknowledgement_expired", 103, lead="sato", since=minute(43).isoformat(), round="1")
    return replace(
        scene,
        room=replace(scene.room, incident=incident),
        events=(*scene.events, lapse),
        at=minute(110),
    )


def checking() -> Scene:
    """Minute 55: Sato has it, one of three claims is checked."""
    incident = the_incident(status=IncidentStatus.FACT_FINDING, lead="sato")
    slots = (decided(Slot.TRIAGE, 43, choice="acknowledged"),)
    room = a_room(incident=incident, facts=claims(), slots=slots, sightings=(a_sighting(),))
    return Scene(room=room, events=TAKEN, at=minute(55), alerts=(alerted(posts()),))


def dismissed() -> Scene:
    """A false alarm, closed with its reason."""
    before = found()
    incident = replace(before.room.incident, status=IncidentStatus.DISMISSED, closed_at=minute(44))
    slots = (decided(Slot.TRIAGE, 44, by="nakano", choice="dismissed"),)
    events = (*before.events, event("dismissed", 44, actor="nakano", reason="他社の商品の写真でした"))
    return replace(
        before, room=replace(before.room, incident=incident, slots=slots), events=events, at=minute(50)
    )


def quiet_notice() -> Scene:
    """One ordinary complaint, nothing kept yet: the emptiest page there is."""
    incident = an_incident(level=Level.NOTICE, title="店員の対応への苦情", has_media=False, alerts=())
    return Scene(room=a_room(incident=incident), events=(), at=minute(6))
