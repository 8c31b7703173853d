"""That posts which were taken for a danger to a life are none: saying so, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from hikeshi.domain import protecting, tasking
from hikeshi.domain.actions import SPEAKING, Action
from hikeshi.domain.errors import NotReadyError
from hikeshi.domain.incidents import Change, Incident, Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.peril import NoDanger, Peril
from hikeshi.domain.phrases import phrase
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.services.alerts.dangers import dangers_among, name_of_text, perils_left
from hikeshi.services.incidents.calming import read
from hikeshi.services.incidents.endangering import ASKED
from hikeshi.services.incidents.further_threats import FURTHER
from hikeshi.services.incidents.respond import Responder, act
from hikeshi.services.incidents.titles import retitled
from hikeshi.services.messages.audience import cause, involved_people, without
from hikeshi.services.messages.life_words import ALL_CLEAR, PERIL_LEFT, words_of_left
from hikeshi.services.messages.notices import Notice, notice_rows
from hikeshi.services.playbooks.engaging import Engaging, join_rows, seed_claims, task_rows, tasks_of

_AT_RISK_AGAIN = {"more_key": "life_more.undone", "found_key": "life_found.undone"}

_Word = tuple[str, Mapping[str, str]]
"""What people are told: the moment, and its values."""


def say_no_danger(incident_id: str, *, by: Responder, texts: Collection[str], reason: str) -> Room:
    """Say that these texts are no danger; ``texts`` are their names.

    If no other post puts a life at risk, the incident is no longer about one. What was to be done for the
    life is closed, with the reason, and everybody involved hears of it; if another danger is left, they hear
    that too, and to go on. All of it stays in the timeline, and may be taken back as long as the incident is
    open (:func:`undo_no_danger`).

    Raises
    ------
    NotReadyError
        ``no_danger_texts`` if none is named, or one that is not known to put a life at risk.
    """

    def change(room: Room, at: datetime) -> Change:
        incident = room.incident
        known = _dangers_known(incident, by)
        if not texts or not known.issuperset(texts):
            raise NotReadyError(("no_danger_texts",))
        said = NoDanger(
            texts=tuple(sorted(texts)), reason=reason, title=incident.title, by=by.person.id, at=at
        )
        left = _perils_left(incident, (*incident.harmless, said), by)
        after, events = protecting.say_no_danger(room, said, left=left)
        return _followed(room, after, events, by=by, reason=reason, at=at)

    return _acted(incident_id, Action.SAY_NO_DANGER, change, by=by, word=_word_of_what_is_left)


def undo_no_danger(incident_id: str, *, by: Responder, of: str) -> Room:
    """Take back that posts are no danger: anybody may, at any time, since it errs on the side of the life.

    Parameters
    ----------
    of : str
        ISO time at which it was said.

    Raises
    ------
    NotReadyError
        ``undo`` if that was taken back already.
    """

    def change(room: Room, at: datetime) -> Change:
        said = protecting.no_danger_of(room, of)
        if said is None:
            raise NotReadyError(("undo",))
        kept = tuple(each for each in room.incident.harmless if each != said)
        left = _perils_left(room.incident, kept, by)
        after, events = protecting.undo_no_danger(room, said, left=left, by=by.person.id, at=at)
        return _followed(room, after, events, by=by, reason=phrase("why.life_again"), at=at)

    return _acted(incident_id, Action.UNDO, change, by=by, word=lambda *_: ("peril", _AT_RISK_AGAIN))


def _acted(
    incident_id: str,
    action: Action,
    change: Callable[[Room, datetime], Change],
    *,
    by: Responder,
    word: Callable[[Incident, Incident], _Word],
) -> Room:
    """Carry it out, and tell everybody involved if other lives are at risk by it than before."""
    seen: list[Room] = []

    def noted(room: Room, at: datetime) -> Change:
        seen[:] = [room]
        return change(room, at)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        before = seen[0]
        if before.incident.perils == room.incident.perils:
            return ()
        why = f"danger/{at:%Y%m%d%H%M%S%f}"
        timeline = by.incidents.timeline(incident_id)
        people = involved_people(room, timeline, by.configuration.roster)
        moment, params = word(before.incident, room.incident)
        notice = Notice(cause=cause(room.incident, why), moment=moment, params=params)
        told = without(people, by.person.id)
        rows = notice_rows(room.incident, told, notice, ids=by.ids, at=at)
        return (*rows, *_work_rows(before, room, by=by, told=[each.id for each in told], why=why, at=at))

    return act(incident_id, action, noted, by=by, tell=tell)


def _followed(
    before: Room, after: Room, events: tuple[TimelineEvent, ...], *, by: Responder, reason: str, at: datetime
) -> Change:
    """Give the incident its title, and lay out what the playbook asks for now as far as work has begun."""
    after = replace(after, incident=retitled(after.incident, by.words))
    if before.incident.perils == after.incident.perils or before.incident.status not in ASKED:
        return after, events
    playbook = by.configuration.playbooks.of(after.incident)
    after, asked = seed_claims(after, playbook, at=at)
    if before.incident.status not in SPEAKING:
        return after, (*events, *asked)
    wanted = tasks_of(playbook, after.incident, roster=by.configuration.roster, at=at)
    after, worked = tasking.reassign(after, wanted, by=by.person.id, at=at, reason=reason)
    return after, (*events, *asked, *worked)


def _word_of_what_is_left(before: Incident, after: Incident) -> _Word:
    """Say that no life is at risk any more, or which one is; above all if nobody has heard of that one.

    In a drill nobody outside was called, and nobody outside is told.
    """
    if not set(after.perils) <= set(before.perils):
        return "peril", FURTHER
    if after.perils:
        tell = {} if after.drill else {"ask_key": "ask.some_no_danger"}
        return PERIL_LEFT, words_of_left(after.perils) | tell
    return "status", {"news_key": ALL_CLEAR, "ask_key": "ask.nothing" if after.drill else "ask.no_danger"}


def _work_rows(
    before: Room, after: Room, *, by: Responder, told: list[str], why: str, at: datetime
) -> tuple[OutboxRow, ...]:
    """Tell who has something to do again, and the departments that come back in."""
    if after.incident.status not in SPEAKING:
        return ()
    engaging = Engaging(configuration=by.configuration, words=by.words, ids=by.ids, at=at)
    was_open = {task.id for task in before.tasks if task.is_open}
    new = [task for task in after.tasks if task.is_open and task.id not in was_open]
    playbooks = by.configuration.playbooks
    engaged = playbooks.of(before.incident).departments
    joining = [role for role in playbooks.of(after.incident).departments if role not in engaged]
    heard = (by.person.id, *told, *(task.owner for task in new))
    rows = task_rows(after, new, engaging=engaging, why=f"{why}/work")
    return (*rows, *join_rows(after, joining, apart_from=heard, engaging=engaging, why=f"{why}/join"))


def _dangers_known(incident: Incident, by: Responder) -> frozenset[str]:
    """Return the names of the texts that put a life at risk, as far as the page shows them."""
    posts = [each for _, kept in read(incident, by.alerts) for each in kept]
    return frozenset(name_of_text(each.post.text) for each in dangers_among(posts, incident.harmless))


def _perils_left(incident: Incident, harmless: tuple[NoDanger, ...], by: Responder) -> tuple[Peril, ...]:
    """Return the lives that any alert of the incident puts at risk."""
    return perils_left(incident.alerts, harmless, by.alerts)
