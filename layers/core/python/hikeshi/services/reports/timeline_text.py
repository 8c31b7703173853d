"""One sentence for each event of a timeline, as a reader of the report sees it."""

from __future__ import annotations

from datetime import datetime, timedelta

from hikeshi.domain.facts import Verdict
from hikeshi.domain.people import Roster
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.services.facts.verdict_words import verdict_key
from hikeshi.services.incidents.kind_text import type_area
from hikeshi.services.messages.japanese_time import duration, full
from hikeshi.services.messages.said import said
from hikeshi.services.messages.wording import Wording

_TYPES = frozenset({"type", "from_type"})
_NAMES_PEOPLE = frozenset({"lead", "owner", "people", "person"})
_MOMENTS = frozenset({"since", "target", "promised", "held_until"})
_BARE_WITHOUT = {"kind_set": "facts", "stage_overran": "people", "stood_still": "people"}
"""Events whose sentence leaves something out that not every one of them has."""

_NAMED = {
    "care_step": "care.step",
    "harm": "care.harm",
    "care_found": "care_found",
    "level": "level",
    "verdict": "verdict",
    "role": "role",
    "peril": "peril",
    "kind": "statement_kind",
    "slot": "slot",
    "platform": "platform",
    "ground": "ground",
    "look": "look",
    "step": "step",
    "fault": "fault",
    "stage": "clock_stage",
    "source_kind": "source_kind",
    "file_kind": "file_kind",
}


def sentence(event: TimelineEvent, *, words: Wording, roster: Roster) -> str:
    """Say what happened; an event that the catalogue does not know is named by its kind."""
    last_paged = event.kind == "paged" and event.details.get("step") == "last"
    key = "timeline.paged_last" if last_paged else f"timeline.{event.kind}"
    wanted = _BARE_WITHOUT.get(event.kind)
    if wanted is not None and not event.details.get(wanted):
        key += "_bare"
    if key not in words:
        return event.kind
    values = {name: _value(event, name, value, words, roster) for name, value in event.details.items()}
    return words.text(key, actor=name_of(event.actor, roster), **values)


def name_of(person_id: str, roster: Roster) -> str:
    """Return a person's name; one who left the roster is named by id, and hikeshi by itself."""
    person = roster.people.get(person_id)
    return person.name if person is not None else person_id


def _value(event: TimelineEvent, name: str, value: str, words: Wording, roster: Roster) -> str:
    if name in _NAMES_PEOPLE:
        return words.text("joined.listed").join(name_of(each, roster) for each in value.split(",") if each)
    if name == "change":
        named = f"change.{value.rpartition('-')[2]}"
        return words.text(named) if named in words else value
    if name == "minutes" or name in _MOMENTS:
        return _time(value, words)
    if name == "why":
        return said(value, words)
    if name in ("from", "to"):
        area = "level" if event.kind == "level_raised" else "status"
        return words.text(f"{area}.{value}") if f"{area}.{value}" in words else value
    area = type_area(event, value) if name in _TYPES else _NAMED.get(name, "")
    if name == "verdict" and value in set(Verdict):
        area = verdict_key(event.details.get("claim", ""), Verdict(value)).partition(".")[0]
    return words.text(f"{area}.{value}") if area and f"{area}.{value}" in words else value


def _time(value: str, words: Wording) -> str:
    """Tell minutes or a moment; entries of before moments were kept as such hold it in words."""
    if value.isdecimal():
        return duration(timedelta(minutes=int(value)), words)
    try:
        return full(datetime.fromisoformat(value), words)
    except ValueError:
        return value
