"""What people do with experts from outside: ask one, take the question back, keep the answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from hikeshi.domain import consulting
from hikeshi.domain.actions import Action, Role
from hikeshi.domain.alerts import AlertedPost
from hikeshi.domain.attaching import files_about, handing_of
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.evidence import Handing
from hikeshi.domain.experts import WINDOWS, Consultation, Exhibit, ExhibitKind, SharedFile
from hikeshi.domain.facts import Fact
from hikeshi.domain.incidents import Change, Incident, Room, RoomChange
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Person
from hikeshi.domain.rounds import moved
from hikeshi.domain.statements import Statement
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository
from hikeshi.services.experts.expert_messages import ASKED, WITHDRAWN, expert_rows
from hikeshi.services.facts.verdict_words import verdict_key
from hikeshi.services.incidents.calming import MOST_ALERTS
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.incidents.respond import Responder, act
from hikeshi.services.messages.audience import among, cause, holders_of, known
from hikeshi.services.messages.notices import Notice, notice_rows

MOST_POSTS = 300
MOST_SHARED = 30
"""Posts that can be chosen from."""


_Offered = TypeVar("_Offered")


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """What an expert is asked and shown; facts and posts by the numbers that the page gives them.

    ``files`` shows the files of those facts too, but none that goes to few inside.
    """

    expert: str
    question: str
    facts: tuple[int, ...] = ()
    posts: tuple[int, ...] = ()
    statement: bool = False
    files: bool = False
    days: int = 3


def ask_expert(incident_id: str, *, by: Responder, scope: Scope) -> Room:
    """Ask an expert; what they are shown is copied, so that nothing written later is shown with it.

    Raises
    ------
    InvalidFormError
        ``expert``, ``shared_facts``, ``shared_posts``, ``share_statement`` or ``days`` if the page never
        offered it.
    """
    roster = by.configuration.roster
    consultation_id, nonce, number = f"consultation-{by.ids.ulid()}", by.ids.nonce(), by.ids.check_number()
    window = timedelta(days=scope.days)
    if not any(each.person_id == scope.expert for each in roster.experts):
        raise InvalidFormError("nobody in the register has this id", field="expert")
    if window not in WINDOWS:
        raise InvalidFormError("the form does not offer this", field="days")

    def change(room: Room, at: datetime) -> Change:
        asked = Consultation(
            id=consultation_id,
            number=0,
            expert=scope.expert,
            question=scope.question,
            exhibits=_exhibits(room, scope, by),
            asked_by=by.person.id,
            asked_at=at,
            until=at + window,
            nonce=nonce,
            check_number=number,
        )
        return consulting.ask_expert(room, asked)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        asked = consulting.consultation_in(room, consultation_id)
        return expert_rows(room.incident, asked, ASKED, roster=roster, at=at)

    return act(incident_id, Action.ASK_EXPERT, change, by=by, tell=tell)


def withdraw_request(incident_id: str, *, by: Responder, consultation_id: str) -> Room:
    """Take a question back; an expert who had not answered is told."""
    waited = False

    def change(room: Room, at: datetime) -> Change:
        nonlocal waited
        waited = consulting.consultation_in(room, consultation_id).is_waiting
        return consulting.withdraw_request(room, consultation_id, by=by.person.id, at=at)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        asked = consulting.consultation_in(room, consultation_id)
        roster = by.configuration.roster
        return expert_rows(room.incident, asked, WITHDRAWN, roster=roster, at=at) if waited else ()

    return act(incident_id, Action.WITHDRAW_REQUEST, change, by=by, tell=tell)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answering:
    """What keeping an answer works with."""

    incidents: IncidentRepository
    configuration: Configuration
    clock: Clock
    ids: Ids


def give_opinion(incident_id: str, consultation_id: str, text: str, answering: Answering) -> Room:
    """Keep what an expert says, and tell whoever asked, the lead and legal."""
    roster = answering.configuration.roster

    def plan(room: Room) -> RoomChange:
        at = answering.clock.now()
        answered, events = consulting.give_opinion(room, consultation_id, text, at=at)
        asked = consulting.consultation_in(answered, consultation_id)
        notice = Notice(
            cause=cause(room.incident, f"expert/{asked.number}/answered"),
            moment="status",
            params={"news_key": "news.expert_answered", "ask_key": "ask.expert_answered"},
        )
        people = among(room.incident, who_hears(room.incident, asked, answering.configuration), roster)
        rows = notice_rows(room.incident, people, notice, ids=answering.ids, at=at)
        return RoomChange(before=room, after=moved(answered, at=at), events=events, outbox=rows)

    return change_room(incident_id, plan, incidents=answering.incidents)


def who_hears(incident: Incident, asked: Consultation, configuration: Configuration) -> tuple[Person, ...]:
    """Return whoever asked, the lead and legal, each once."""
    roster = configuration.roster
    people = known([asked.asked_by, incident.lead or ""], roster) + holders_of((Role.LEGAL,), roster)
    return tuple({person.id: person for person in people}.values())


def shareable(posts: Iterable[AlertedPost]) -> tuple[AlertedPost, ...]:
    """Return the posts that can be chosen from, as they are numbered: by when they were kept.

    A post that is found late comes last, whenever it was written, so that a number stays a post's own.
    """
    ordered = sorted(posts, key=lambda each: (each.evidence.captured_at, each.post.key))
    return tuple(ordered[:MOST_SHARED])


def _posts_of(incident: Incident, by: Responder) -> tuple[AlertedPost, ...]:
    return shareable(
        post for alert in incident.alerts[:MOST_ALERTS] for post in by.alerts.posts(alert, limit=MOST_POSTS)
    )


def _exhibits(room: Room, scope: Scope, by: Responder) -> tuple[Exhibit, ...]:
    facts = [
        _fact(room, each, files=scope.files)
        for each in _chosen(room.facts, scope.facts, field="shared_facts")
    ]
    posts: list[Exhibit] = []
    if scope.posts:
        shown = _posts_of(room.incident, by)
        posts = [_post(each) for each in _chosen(shown, scope.posts, field="shared_posts")]
    statements: list[Exhibit] = []
    if scope.statement:
        if room.statement is None or room.statement.waived:
            raise InvalidFormError("there is no draft", field="share_statement")
        statements = [_statement(room.statement)]
    return (*facts, *posts, *statements)


def _chosen(offered: Sequence[_Offered], numbers: tuple[int, ...], *, field: str) -> list[_Offered]:
    if any(not 1 <= number <= len(offered) for number in numbers):
        raise InvalidFormError("nothing has this number", field=field)
    return [offered[number - 1] for number in dict.fromkeys(numbers)]


def _fact(room: Room, fact: Fact, *, files: bool) -> Exhibit:
    digest = fact.proofs[-1].sha256 if fact.proofs else ""
    text = f"{fact.claim}\n{fact.basis}" if fact.basis else fact.claim
    shared = [
        SharedFile(id=each.id, title=each.title, kind=each.kind, size=each.size, sha256=each.sha256)
        for each in files_about(room, fact.id)
        if files and handing_of(room, each) is not Handing.ASKED
    ]
    return Exhibit(
        kind=ExhibitKind.FACT,
        ref=fact.id,
        text=text,
        note=verdict_key(fact.claim, fact.verdict),
        sha256=digest,
        files=tuple(shared),
    )


def _post(kept: AlertedPost) -> Exhibit:
    return Exhibit(kind=ExhibitKind.POST, ref=kept.post.key, text=kept.post.text, sha256=kept.evidence.sha256)


def _statement(statement: Statement) -> Exhibit:
    return Exhibit(
        kind=ExhibitKind.STATEMENT,
        ref=str(statement.version),
        text=statement.text,
        note=f"statement_kind.{statement.kind}",
    )
