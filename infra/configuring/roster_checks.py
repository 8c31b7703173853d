"""What no single field of ``roster.yaml`` shows: whether people, rotations and absences fit each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches

from hikeshi.adapters.roster_document import PersonModel, RosterModel, RotationModel
from hikeshi.domain.actions import Role
from hikeshi.domain.outbox import MOST_WAYS
from hikeshi.domain.people import Channel, Way
from hikeshi.services.people.duties import LONGEST
from infra.configuring.documents import Document, Loc
from infra.configuring.problems import Problem
from infra.configuring.spans import span_problems

SHORTEST_TURN = timedelta(hours=1)
LONGEST_TURN = timedelta(days=366)
LONGEST_DELAY = timedelta(days=1)
LEAST_APPROVERS = 2


def roster_problems(roster: RosterModel, file: Document, *, at: datetime) -> Iterator[Problem]:
    """Check a roster that is valid field by field, as it counts from a moment on."""
    ids = [person.id for person in roster.people]
    yield from duplicates(ids, "people", file)
    yield from _references(roster, ids, file)
    yield from _deputy_cycles(roster, file)
    for index, person in enumerate(roster.people):
        yield from _ways(person, ("people", index), file)
        if person.active and person.phone and not person.mail:
            yield file.problem("sms_only", ("people", index), value=person.id)
    yield from duplicates([rotation.id for rotation in roster.rotations], "rotations", file)
    yield from _rotations(roster, file, at=at)
    yield from _spans(roster, file)
    yield from _experts(roster, file)


def roster_warnings(roster: RosterModel, file: Document) -> Iterator[Problem]:
    """Tell what works but leaves something undone: a request to take a post down needs two people."""
    may = [each for each in roster.people if each.active and {Role.LEGAL, Role.EXECUTIVE} & set(each.roles)]
    if len(may) < LEAST_APPROVERS:
        yield file.problem("too_few_approvers", ("people",), value=str(len(may)))


def duplicates(ids: list[str], where: str, file: Document, *, under: Loc = ()) -> Iterator[Problem]:
    """Find ids that stand twice in a list."""
    for index, value in enumerate(ids):
        first = ids.index(value)
        if first < index:
            line = file.line_of((*under, where, first, "id"))
            yield file.problem("duplicate_id", (*under, where, index, "id"), value=value, line=line)


def unknown_person(file: Document, loc: Loc, value: str, ids: list[str]) -> Problem:
    """Say that nobody has an id, and which ones are like it."""
    return file.problem("unknown_person", loc, value=value, near=near(value, ids))


def near(value: str, known: list[str]) -> str:
    """Return what was probably meant."""
    return ", ".join(get_close_matches(value, known, n=3, cutoff=0.3) or known[:3])


def _references(roster: RosterModel, ids: list[str], file: Document) -> Iterator[Problem]:
    """Find every place that names somebody who is not in the list."""
    named: list[tuple[Loc, str | None]] = []
    named += [(("people", i, "deputy"), person.deputy) for i, person in enumerate(roster.people)]
    named += [(("surge", i), each) for i, each in enumerate(roster.surge)]
    for i, absence in enumerate(roster.absences):
        named += [(("absences", i, "person"), absence.person), (("absences", i, "deputy"), absence.deputy)]
    for i, rotation in enumerate(roster.rotations):
        named += [(("rotations", i, "people", n), each) for n, each in enumerate(rotation.people)]
        overrides = enumerate(rotation.overrides)
        named += [(("rotations", i, "overrides", n, "person"), each.person) for n, each in overrides]
    for loc, value in named:
        if value is not None and value not in ids:
            yield unknown_person(file, loc, value, ids)


def _experts(roster: RosterModel, file: Document) -> Iterator[Problem]:
    """Check that whoever can be asked from outside is outside, and can be written to."""
    people = {person.id: person for person in roster.people}
    for index, entry in enumerate(roster.experts):
        place: Loc = ("experts", index, "person")
        person = people.get(entry.person)
        if person is None:
            yield unknown_person(file, place, entry.person, list(people))
        elif set(person.roles) != {Role.EXPERT}:
            yield file.problem("expert_inside", place, value=entry.person)
        elif not person.active or not (person.phone or person.mail):
            yield file.problem("unreachable_expert", place, value=entry.person)


def _deputy_cycles(roster: RosterModel, file: Document) -> Iterator[Problem]:
    deputies = {person.id: person.deputy for person in roster.people}
    reported: set[str] = set()
    for index, person in enumerate(roster.people):
        chain = [person.id]
        while (following := deputies.get(chain[-1])) is not None and following not in chain:
            chain.append(following)
        if following == person.id and person.id not in reported:
            reported.update(chain)
            circle = " → ".join([*chain, person.id])
            yield file.problem("deputy_cycle", ("people", index, "deputy"), detail=circle)


def _ways(person: PersonModel, loc: Loc, file: Document) -> Iterator[Problem]:
    addresses = {Channel.SMS: person.phone, Channel.MAIL: person.mail}
    for name, ways in (("urgent", person.urgent), ("normal", person.normal)):
        for place, way in enumerate(ways):
            if addresses[way.channel] is None:
                field = "phone" if way.channel is Channel.SMS else "mail"
                yield file.problem("no_address", (*loc, name, place), value=way.channel.value, wanted=field)
            yield from span_problems(way.delay, timedelta(), LONGEST_DELAY, (*loc, name, place), file)
        yield from _same_way(ways, (*loc, name), file)
    if person.urgent and all(way.delay for way in person.urgent):
        yield file.problem("urgent_waits", (*loc, "urgent"), value=person.id)


def _same_way(ways: Sequence[Way], place: Loc, file: Document) -> Iterator[Problem]:
    """Find a channel that is named more often than it is used, or twice for one moment."""
    for channel in dict.fromkeys(way.channel for way in ways):
        delays = [way.delay for way in ways if way.channel is channel]
        if len(delays) > MOST_WAYS:
            count = {"count": len(delays), "limit": MOST_WAYS}
            yield file.problem("way_too_often", place, value=channel.value, **count)
        elif len(set(delays)) < len(delays):
            yield file.problem("way_at_once", place, value=channel.value)


def _rotations(roster: RosterModel, file: Document, *, at: datetime) -> Iterator[Problem]:
    people = {person.id: person for person in roster.people}
    for index, rotation in enumerate(roster.rotations):
        members = [people[each] for each in rotation.people if each in people]
        if members and not any(each.active and (each.phone or each.mail) for each in members):
            yield file.problem("rotation_empty", ("rotations", index, "people"), value=rotation.id)
        yield from _duties(rotation, ("rotations", index), people, file, at=at)
        if rotation.every < SHORTEST_TURN:
            yield file.problem("turn_too_short", ("rotations", index, "every"))
        else:
            where = ("rotations", index, "every")
            yield from span_problems(rotation.every, SHORTEST_TURN, LONGEST_TURN, where, file)


def _duties(
    rotation: RotationModel, loc: Loc, people: Mapping[str, PersonModel], file: Document, *, at: datetime
) -> Iterator[Problem]:
    """Check whoever takes the duty, in turn or for a while, as the page and the command do.

    A change that is over hands nobody a duty: whoever took it may have left since, or have another role.
    """
    for place, each in enumerate(rotation.people):
        yield from _without_role(each, rotation, (*loc, "people", place), people, file)
    for place, override in enumerate(rotation.overrides):
        where = (*loc, "overrides", place)
        if override.until > at:
            yield from _without_role(override.person, rotation, (*where, "person"), people, file)
            if override.person in people and not people[override.person].active:
                yield file.problem("override_inactive", (*where, "person"), value=override.person)
        if override.until - override.since > LONGEST:
            yield file.problem("override_too_long", (*where, "until"), limit=LONGEST.days)


def _without_role(
    each: str, rotation: RotationModel, place: Loc, people: Mapping[str, PersonModel], file: Document
) -> Iterator[Problem]:
    if rotation.role is not None and each in people and rotation.role not in people[each].roles:
        yield file.problem("rotation_role", place, value=each, role=rotation.role.value)


def _spans(roster: RosterModel, file: Document) -> Iterator[Problem]:
    """Find times that end before they begin."""
    spans: list[tuple[Loc, bool]] = []
    for i, absence in enumerate(roster.absences):
        spans.append((("absences", i, "until"), absence.since < absence.until))
    for i, rotation in enumerate(roster.rotations):
        for n, each in enumerate(rotation.overrides):
            spans.append((("rotations", i, "overrides", n, "until"), each.since < each.until))
    for loc, forward in spans:
        if not forward:
            yield file.problem("ends_before_it_begins", loc)
