"""Rooms in which everybody writes the name of the person that the incident is about, everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import Any

from hikeshi.domain.care import CareStep, Consent, Harm, HarmKind, Protection, Sighting
from hikeshi.domain.caring import complete, note_harm, note_sighting, open_track, record_consent, record_names
from hikeshi.domain.masking import Names
from tests.unit.pages.scenes import Scene

SAOTOME = Names(
    family="早乙女",
    given="翔太",
    family_reading="さおとめ",
    given_reading="しょうた",
    nicknames=("しょうたん",),
    handles=("@saotome_s0514",),
    places=("緑ヶ丘第三高校", "つきみ北町店"),
)
WRITTEN = (
    "早乙女翔太",
    "サオトメ ショウタ",
    "しょうたん",
    "@saotome_s0514",
    "緑ヶ丘第三高校",
    "つきみ北町店",
)
"""How the name stands in the texts."""

BLURTED = "早乙女 翔太さん（しょうたん、@saotome_s0514、緑ヶ丘第三高校、つきみ北町店、ｻｵﾄﾒ）"
_PROSE = {
    *("title", "quote", "claim", "source", "basis", "text", "note", "result", "brand_name", "body"),
    *("evaluation", "lessons", "customers", "name", "origin", "reason", "why", "why_grouped", "what"),
    *("effect", "label", "span", "tone_reason", "author", "url", "why_level", "no_corrections"),
    *("loss_unknown", "money", "rumour", "closure", "market", "diff", "worked"),
}
"""Fields in which somebody may write a name."""

_DATA = {"from", "to", "level", "verdict", "role", "kind", "slot", "step", "task", "fact", "owner", "people"}
_LEFT_ALONE = (*_DATA, "version", "lead", "person", "alert", "since", "round", "label", "care_step", "harm")


def blurted(value: Any, *, name: str = "") -> Any:
    """Return a record in which the name stands in front of every text that somebody wrote."""
    match value:
        case tuple():
            return tuple(blurted(each, name=name) for each in value)
        case Mapping():
            return {k: v if k in _LEFT_ALONE else f"{BLURTED}{v}" for k, v in value.items()}
        case Enum() | Names() | None:
            return value
        case str():
            return f"{BLURTED}{value}" if name in _PROSE and value != "playbook" else value
        case _ if is_dataclass(value) and not isinstance(value, type):
            kept = {"label"} if isinstance(value, Protection) else set()
            names = [each.name for each in fields(value) if each.name not in kept]
            return replace(value, **{each: blurted(getattr(value, each), name=each) for each in names})
        case _:
            return value


def looked_after(scene: Scene, *, blurting: bool = True) -> Scene:
    """Return a scene about a member of staff: a track with names, a watch, a find and a log."""
    at = scene.room.incident.opened_at
    room, events = open_track(scene.room, by="kato", at=at)
    track = room.protections[0].id
    consent = Consent(
        terms=("早乙女翔太", "緑ヶ丘第三高校"),
        how="面談で受けました",
        taken_by="kato",
        recorded_at=at,
        until=at + timedelta(days=30),
    )
    sighting = Sighting(
        post="p1", source="kuchikomi", url="https://sns.example.jp/saotome_s0514/1", seen_at=at
    )
    harm = Harm(
        id="harm-1",
        person=track,
        kind=HarmKind.EXPOSURE,
        what="早乙女さんの氏名と学校が掲示板に書かれました",
        effect="眠れていません",
        noted_by="kato",
        noted_at=at,
    )
    room, more = record_names(room, track, SAOTOME, by="kato", at=at)
    events = (*events, *more)
    room, more = record_consent(room, track, consent)
    events = (*events, *more)
    room, more = note_sighting(room, track, sighting)
    events = (*events, *more)
    room, more = note_harm(room, harm)
    events = (*events, *more)
    room, more = complete(room, track, CareStep.CONTACT_PERSON, note="加藤が受けます", by="kato", at=at)
    whole = replace(scene, room=room, events=(*scene.events, *events, *more))
    if not blurting:
        return whole
    alerts = tuple((blurted(alert), blurted(posts)) for alert, posts in whole.alerts)
    return replace(whole, room=blurted(whole.room), events=blurted(whole.events), alerts=alerts)
