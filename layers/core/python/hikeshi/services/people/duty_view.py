"""What the page of duties and absences shows, and the page that confirms an address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.rotations import Absence, Rotation, Shift, ShiftOverride
from hikeshi.services.messages.japanese_time import clock, date, day, to_jst
from hikeshi.services.messages.wording import Wording
from hikeshi.services.room.page_models import Notice

SHIFTS_AHEAD = 4
EDITORS = frozenset({Role.DESK, Role.LEAD})
"""Who may enter absences and changes of duty for everybody."""

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class DutyRow:
    """A rotation: who is asked now, until when, why it is not who it should be, and who follows."""

    name: str
    now: str
    until: str
    note: str
    following: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryRow:
    """An absence or a change of duty; ``id`` is empty if it can only be changed in the configuration."""

    id: str
    title: str
    span: str
    note: str
    runs: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One line of a list to choose from."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """A form that was refused, with what had been typed into it."""

    form: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class DutyPage:
    """The page of duties and absences, as finished strings."""

    as_of: str
    reader: str
    base: str
    duties: tuple[DutyRow, ...]
    seats: tuple[tuple[str, str], ...]
    absences: tuple[EntryRow, ...]
    overrides: tuple[EntryRow, ...]
    people: tuple[Choice, ...]
    rotations: tuple[Choice, ...]
    defaults: Mapping[str, str]
    closed: str = ""
    notices: tuple[Notice, ...] = ()
    typed: Typed = field(default_factory=Typed)

    def values(self, form: str) -> Mapping[str, str]:
        """Return what stands in the fields of a form."""
        return {**self.defaults, **self.typed.values} if self.typed.form == form else self.defaults


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactPage:
    """The page that confirms an address."""

    name: str
    channel: str
    address: str
    base: str
    confirmed: str = ""
    closed: str = ""
    notices: tuple[Notice, ...] = ()


def duty_page(
    roster: Roster,
    reader: Person,
    *,
    words: Wording,
    at: datetime,
    base: str,
    closed: str = "",
    notices: tuple[Notice, ...] = (),
    typed: Typed | None = None,
) -> DutyPage:
    """Describe who is on call and who is away; ``roster`` is the one that holds at the moment."""
    active = [person for person in roster.people.values() if person.active]
    return DutyPage(
        as_of=words.text(
            "page.as_of", at=words.text("time.day_and_clock", day=date(at, words), clock=clock(at))
        ),
        reader=words.text("page.reader", department=reader.department, name=reader.name),
        base=base,
        duties=tuple(_duty(each, roster, words=words, at=at) for each in roster.rotations.values()),
        seats=tuple(_seats(roster, words)),
        absences=tuple(_absences(roster, words=words, at=at)),
        overrides=tuple(_overrides(roster, words=words, at=at)),
        people=tuple(
            Choice(value=p.id, label=words.text("joined.beside", what=p.name, more=p.department))
            for p in active
        ),
        rotations=tuple(Choice(value=r.id, label=r.name) for r in roster.rotations.values()),
        defaults=_defaults(at),
        closed=closed,
        notices=notices,
        typed=typed or Typed(),
    )


def moment(at: datetime, words: Wording) -> str:
    """Return day, weekday and clock: ``9月14日（月）9:00``."""
    weekday = words.text(f"time.weekday.{to_jst(at).weekday()}")
    return words.text("time.day_of_week", day=day(at, words), weekday=weekday, clock=clock(at))


def span(begins_at: datetime, ends_at: datetime, words: Wording) -> str:
    """Return a stretch of time."""
    return words.text("time.span", since=moment(begins_at, words), until=moment(ends_at, words))


def stands_in(deputy: str | None, roster: Roster, words: Wording) -> str:
    """Say who stands in, or that nobody does and whom it falls back on."""
    if deputy is None:
        return words.text("duty.no_deputy")
    if (asked := roster.reachable_deputy(deputy)) is not None:
        return words.text("duty.deputy", name=asked.name)
    return words.text("duty.deputy_unreachable", name=_name(deputy, roster))


def masked(channel: Channel, address: str) -> str:
    """Return as much of an address as its owner needs to know it again."""
    if channel is Channel.SMS:
        return f"…{address[-4:]}"
    name, _, host = address.partition("@")
    return f"{name[:1]}…@{host}"


def _duty(rotation: Rotation, roster: Roster, *, words: Wording, at: datetime) -> DutyRow:
    shifts = rotation.shifts(at, count=SHIFTS_AHEAD)
    meant = shifts[0].person_id
    asked = roster.on_call(rotation.id)
    stands_in = bool(asked) and asked[0].id != meant
    ends = shifts[0].ends_at
    return DutyRow(
        name=rotation.name,
        now=_name(asked[0].id, roster) if asked else words.text("duty.nobody"),
        until=words.text("duty.until", at=moment(ends, words)) if ends else words.text("duty.without_end"),
        note=words.text("duty.instead_of", name=_name(meant, roster)) if stands_in else "",
        following=tuple(_following(shifts[1:], roster, words)),
    )


def _following(shifts: Iterable[Shift], roster: Roster, words: Wording) -> Iterator[str]:
    for shift in shifts:
        since = words.text("time.onwards", since=moment(shift.begins_at, words))
        yield since + words.text("joined.gap") + _name(shift.person_id, roster)


def _seats(roster: Roster, words: Wording) -> Iterator[tuple[str, str]]:
    for role in Role:
        if holders := roster.holders(role):
            names = words.text("page.and").join(person.name for person in holders)
            yield words.text(f"role.{role}"), names


def _absences(roster: Roster, *, words: Wording, at: datetime) -> Iterator[EntryRow]:
    for absence in sorted(roster.absences, key=lambda each: each.begins_at):
        if absence.cancelled_at is not None or absence.ends_at <= at:
            continue
        usual = roster.people.get(absence.person_id)
        deputy = absence.deputy or (usual.deputy if usual else None)
        note = stands_in(deputy, roster, words)
        yield _entry(absence, _name(absence.person_id, roster), note, words=words, at=at)


def _overrides(roster: Roster, *, words: Wording, at: datetime) -> Iterator[EntryRow]:
    for rotation in roster.rotations.values():
        for override in sorted(rotation.overrides, key=lambda each: each.begins_at):
            if override.cancelled_at is None and override.ends_at > at:
                note = words.text("duty.rotation", name=rotation.name)
                yield _entry(override, _name(override.person_id, roster), note, words=words, at=at)


def _entry(
    entry: Absence | ShiftOverride, title: str, note: str, *, words: Wording, at: datetime
) -> EntryRow:
    return EntryRow(
        id="" if entry.made_at.timestamp() == 0 else entry.id,
        title=title,
        span=span(entry.begins_at, entry.ends_at, words),
        note=note,
        runs=entry.covers(at),
    )


def _name(person_id: str | None, roster: Roster) -> str:
    person = roster.people.get(person_id or "")
    return person.name if person else (person_id or "")


def _defaults(at: datetime) -> dict[str, str]:
    begins = to_jst(at).replace(minute=0, second=0, microsecond=0) + _HOUR
    return {
        "since": f"{begins:%Y-%m-%dT%H:%M}",
        "until": f"{begins + timedelta(days=1):%Y-%m-%dT%H:%M}",
    }
