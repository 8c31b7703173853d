"""What a room promises, held against every single commit: from what was stored to what is stored.

These say again, in their own words, what the product's rules say, so that a rule that went missing there is
missed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import permutations

from hikeshi.domain.actions import DECIDING, Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.bulletins import repeats_unverified
from hikeshi.domain.caring import mask_of
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.facts import SOURCES_OF_A_KEY_FACT, Fact, Verdict, origins
from hikeshi.domain.headquarters import InboundVerdict
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.links import EXPERT
from hikeshi.domain.outbox import ChatPost, Message
from hikeshi.domain.people import Person
from hikeshi.domain.publishing import all_statements
from hikeshi.domain.statements import Statement, StatementKind
from hikeshi.services.messages.discretion import DISCREET, is_discreet
from hikeshi.services.messages.parting import PARTING
from tests.fakes.responding import InMemoryIncidentRepository

Key = tuple[int, int]


@dataclass
class Seen:
    """What one commit did, and what earlier ones left."""

    before: Room
    change: RoomChange
    configuration: Configuration
    texts: dict[Key, object]
    approved: dict[Key, object]

    @property
    def after(self) -> Room:
        return self.change.after

    @property
    def messages(self) -> tuple[Message, ...]:
        return tuple(row.body for row in self.change.outbox if isinstance(row.body, Message))


class WatchedRepository(InMemoryIncidentRepository):
    """Keeps rooms, and holds every change of one against all promises before it is kept."""

    def __init__(self, configuration: Configuration) -> None:
        super().__init__()
        self.configuration = configuration
        self.texts: dict[Key, object] = {}
        self.approved: dict[Key, object] = {}

    def _store(self, change: RoomChange, *, pointers: int) -> Room:
        before = self.rooms.get(change.after.incident.id)
        if before is not None:
            assert change.before == before, "a write that rests on an older room overwrites what came between"
            seen = Seen(
                before=before,
                change=change,
                configuration=self.configuration,
                texts=self.texts,
                approved=self.approved,
            )
            for promise in PROMISES:
                promise(seen)
        return super()._store(change, pointers=pointers)


# ---- what goes out -----------------------------------------------------------------------------------


def no_version_changes_its_words(seen: Seen) -> None:
    """A version, once written, says the same for good, and none is lost."""
    kept = {_key(each): _words(each) for each in all_statements(seen.after)}
    assert len(kept) == len(all_statements(seen.after)), "two versions of one number"
    assert set(seen.texts) <= set(kept), "a version is gone"
    for key, words in kept.items():
        assert seen.texts.setdefault(key, words) == words, "the words of a version changed"


def nobody_approves_alone_or_outside_their_seat(seen: Seen) -> None:
    """An approval is another person's word, in a role that they hold, for the newest words."""
    known = {_key(each): each for each in all_statements(seen.before)}
    for statement in all_statements(seen.after):
        earlier = known.get(_key(statement))
        before = earlier.approvals if earlier else ()
        assert statement.approvals[: len(before)] == before, "an approval is gone"
        for given in statement.approvals[len(before) :]:
            person = seen.configuration.roster.people[given.by]
            assert given.by != statement.drafted_by, "approved by its author"
            assert given.roles, "approved in no role"
            assert given.roles <= person.roles & (DECIDING | {Role.LEGAL}), "approved in a role not held"
            assert may_know(seen.before, person), "approved by somebody who may not know"
            assert statement == seen.after.statement, "an old version was approved"
            assert statement.returned_at is None, "a text that was sent back was approved"
            assert not fallen(seen.before, statement), "approved on a fact that does not hold"
            seen.approved[_key(statement)] = _words(statement)


def nothing_unapproved_is_ever_public(seen: Seen) -> None:
    """What is put out is the approved version, its facts hold, and the right people stand behind it."""
    out = {_key(each) for each in all_statements(seen.before) if each.published_at is not None}
    assert out <= {_key(each) for each in all_statements(seen.after) if each.published_at is not None}
    for statement in all_statements(seen.after):
        if statement.published_at is None or _key(statement) in out:
            continue
        assert statement == seen.after.statement, "an old version was put out"
        assert not statement.waived, "a decision to say nothing was put out"
        assert seen.approved.get(_key(statement)) == _words(statement), "other words than the approved ones"
        assert two_in_different_roles(statement, seen.before.incident.level), "too few stand behind it"
        assert statement.flagged_at is None, "a flagged text was put out"
        assert statement.returned_at is None, "a text that was sent back was put out"
        for room in (seen.before, seen.after):
            assert not fallen(room, statement), "put out on a fact that does not hold"
            assert not mask_of(room).finds(statement.text), "put out with a protected name"


def a_text_falls_with_its_facts(seen: Seen) -> None:
    """Whatever somebody stands behind is flagged in the commit in which it falls, and they are called."""
    known = {_key(each): each for each in all_statements(seen.before)}
    for statement in all_statements(seen.after):
        relied_on = bool(statement.approvals or statement.published_at)
        if not (relied_on and fallen(seen.after, statement)):
            continue
        assert statement.flagged_at is not None, "a fact fell and the text stands"
        earlier = known.get(_key(statement))
        if earlier is not None and earlier.flagged_at is None:
            people = {each.by for each in statement.approvals}
            called = {each.person_id for each in seen.messages if each.moment == "statement_flagged"}
            assert people & _inside(seen.after, people, seen.configuration) <= called, "approvers not called"


# ---- one picture for all -----------------------------------------------------------------------------


def nothing_unverified_is_told_on(seen: Seen) -> None:
    """No bulletin, board, timeline or message repeats what nobody has verified."""
    room = seen.before
    for bulletin in seen.after.bulletins[len(room.bulletins) :]:
        text = "\n".join((bulletin.picture, bulletin.guidance))
        assert not repeats_unverified(room, text), "a bulletin repeats an unverified report"
        for ground in bulletin.grounds:
            report = next((each for each in room.inbound if each.id == ground.id), None)
            is_verified = report is not None and report.verdict is InboundVerdict.VERIFIED
            assert is_verified or stands(room.facts, ground.id), "a bulletin rests on what is not known"
    for sighting in seen.after.sightings[len(room.sightings) :]:
        assert not repeats_unverified(room, sighting.finding), "the board repeats an unverified report"
    filed = {each.words for each in seen.after.inbound[len(room.inbound) :]}
    said = str([event.details for event in seen.change.events]) + str([m.params for m in seen.messages])
    assert not [words for words in filed if words in said], "a report is told on as it comes in"


# ---- few may know ------------------------------------------------------------------------------------


def whoever_may_not_know_hears_nothing(seen: Seen) -> None:
    """Every message is for somebody who may know, or for an expert who was asked; for few, it says little."""
    room = seen.after
    asked = {(each.expert, each.nonce) for each in room.consultations}
    for row in seen.change.outbox:
        body = row.body
        if isinstance(body, ChatPost):
            assert room.incident.circle is None, "a chat hears of what few may know"
        if not isinstance(body, Message):
            continue
        if body.purpose == EXPERT:
            assert (body.person_id, body.nonce) in asked, "somebody outside is told who was not asked"
        elif body.moment == PARTING:
            assert not body.link, "the last word opens something"
            assert set(body.params) <= {"why_key", "how_key", DISCREET}, "the last word tells something"
            assert may_know(seen.before, seen.configuration.roster.people[body.person_id])
        else:
            assert may_know(room, seen.configuration.roster.people[body.person_id]), "outside the circle"
        assert room.incident.circle is None or is_discreet(body), "says more than few may know"


# ---- the end -----------------------------------------------------------------------------------------


def what_is_closed_was_signed_by_two(seen: Seen) -> None:
    """An incident is closed on a stored report that two people signed, one of whom decides."""
    if seen.after.incident.status is not IncidentStatus.CLOSED:
        return
    report = seen.after.report
    assert report is not None
    assert report.uri is not None, "closed without a stored report"
    assert len({each.by for each in report.signatures}) >= 2, "closed on one signature"
    assert any(each.roles & DECIDING for each in report.signatures), "nobody who decides has signed"


def what_is_closed_had_its_last_word(seen: Seen) -> None:
    """An incident is signed off on a full statement that stands, or on the word that nothing more is said."""
    before, after = seen.before.report, seen.after.report
    if after is None or after.signed_by is None or (before is not None and before.signed_by is not None):
        return
    said = [each for each in all_statements(seen.after) if each.generation == seen.after.incident.generation]
    out = [each for each in said if each.published_at is not None]
    decided = seen.after.statement is not None and seen.after.statement.waived
    explained = bool(out) and out[-1].kind is StatementKind.FULL and not fallen(seen.after, out[-1])
    assert decided or explained, "signed off without a last word"


# ---- times -------------------------------------------------------------------------------------------


def no_time_is_one_that_cannot_be(seen: Seen) -> None:
    """Nothing was posted that is still to come, and nothing is promised for the past or for years ahead."""
    before, after = seen.before, seen.after
    for asked in after.takedowns[len(before.takedowns) :]:
        assert asked.posted_at is None or asked.posted_at <= asked.requested_at, (
            "posted after it was asked about"
        )
    promised = [(each.drafted_at, each.next_update_at) for each in all_statements(after)]
    promised += [(each.promised_at, each.due_at) for each in after.compensations]
    promised += [(each.added_at, each.due_at) for each in after.corrections]
    for at, due_at in promised:
        in_reach = due_at is None or at < due_at <= at + timedelta(days=2 * 366)
        assert in_reach, "promised for a day that nobody can keep"


PROMISES: tuple[Callable[[Seen], None], ...] = (
    no_version_changes_its_words,
    nobody_approves_alone_or_outside_their_seat,
    nothing_unapproved_is_ever_public,
    a_text_falls_with_its_facts,
    nothing_unverified_is_told_on,
    whoever_may_not_know_hears_nothing,
    what_is_closed_was_signed_by_two,
    what_is_closed_had_its_last_word,
    no_time_is_one_that_cannot_be,
)


# ---- in words of their own ---------------------------------------------------------------------------


def may_know(room: Room, person: Person) -> bool:
    """Tell whether somebody may hear of a room: nobody from outside, and of a circle only who is in it."""
    circle = room.incident.circle
    if person.roles == frozenset({Role.EXPERT}):
        return False
    return circle is None or person.id in circle.people or bool(person.roles & set(circle.roles))


def stands(facts: Iterable[Fact], fact_id: str, *, upon: frozenset[str] = frozenset()) -> bool:
    """Tell whether a fact is confirmed, borne out twice if it is a key fact, and all under it as well."""
    known = {each.id: each for each in facts}
    fact = known.get(fact_id)
    if fact is None or fact.verdict is not Verdict.CONFIRMED:
        return False
    if fact.key and len(origins(known.values(), fact_id)) < SOURCES_OF_A_KEY_FACT:
        return False
    below = upon | {fact_id}
    return all(each in below or stands(known.values(), each, upon=below) for each in fact.rests_on)


def fallen(room: Room, statement: Statement) -> bool:
    """Tell whether any sentence says a fact that does not stand."""
    return any(not stands(room.facts, fact) for each in statement.sentences for fact in each.facts)


def two_in_different_roles(statement: Statement, level: Level) -> bool:
    """Tell whether two people approved in two roles, neither its author, one for legal if it is critical."""
    given = [(each.by, role) for each in statement.approvals for role in each.roles]
    return any(
        one[0] != other[0]
        and one[1] is not other[1]
        and statement.drafted_by not in (one[0], other[0])
        and (level is not Level.CRITICAL or Role.LEGAL in (one[1], other[1]))
        for one, other in permutations(given, 2)
    )


def _inside(room: Room, people: Iterable[str], configuration: Configuration) -> set[str]:
    return {each for each in people if may_know(room, configuration.roster.people[each])}


def _key(statement: Statement) -> Key:
    return statement.generation, statement.version


def _words(statement: Statement) -> object:
    return statement.text, statement.sentences, statement.kind, statement.drafted_by, statement.waived
