"""Plays a drill: starts it, writes its posts when they are due, ends it, and sends the score.

What is driven every minute rests on nothing but the drill's record and the rooms of its incidents, so
whoever drives may die at any point and another may go on: posts that are queued twice are counted once,
and a score that is queued twice is one mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.decisions import advance
from hikeshi.domain.drills import SOURCE, Drill, DuePost, Scenario, posts_due
from hikeshi.domain.errors import ConfigError
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.japan_time import JST
from hikeshi.domain.lifecycle import LifecycleEvent
from hikeshi.domain.links import DRILL
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.posts import Post
from hikeshi.ports.collecting import PostQueue
from hikeshi.ports.drills import Drills
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository, Outbox
from hikeshi.services.drills.drill_gate import SCORE
from hikeshi.services.drills.drill_score import DrillScore, marks_of, score_of
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.incidents.executions import stop_row

CLEARED_FOR = timedelta(hours=1)
"""How long after the end incidents of late posts are still called off."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """What a drill is played with."""

    drills: Drills
    incidents: IncidentRepository
    outbox: Outbox
    queue: PostQueue
    configuration: Configuration
    clock: Clock
    ids: Ids


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """What one look at the latest drill did."""

    drill_id: str = ""
    posted: int = 0
    called_off: int = 0
    told: int = 0


def start_drill(
    scenario: Scenario, *, brand: str, people: Sequence[str], everyone: bool, stage: Stage
) -> Drill:
    """Start a drill, and write its first posts.

    Raises
    ------
    ConfigError
        If another is running, or the brand is not watched.
    """
    at = stage.clock.now()
    running = running_drill(stage.drills, at=at)
    if running is not None:
        raise ConfigError(
            f"訓練 {running.id} がまだ続いています。hikeshi drill stop で終えられます"
            f" / drill {running.id} is still running; end it with: hikeshi drill stop"
        )
    watched = stage.configuration.watches.brands
    if brand not in watched:
        known = ", ".join(sorted(watched))
        raise ConfigError(f"ブランド {brand} は見守っていません。あるのは: {known} / no brand {brand}")
    drill = Drill(
        id=f"{at.astimezone(JST):%Y%m%d-%H%M%S}-{scenario.id}",
        scenario=scenario,
        brand=brand,
        brand_name=watched[brand].name,
        people=tuple(people),
        everyone=everyone,
        started_at=at,
    )
    if not stage.drills.start(drill):
        raise ConfigError(f"訓練 {drill.id} はもう始まっています / drill {drill.id} was started already")
    play(stage)
    return drill


def stop_drill(stage: Stage) -> Drill | None:
    """End the drill that is running, at once; None if there is none."""
    drill = running_drill(stage.drills, at=stage.clock.now())
    if drill is not None:
        stage.drills.end(drill.id, at=stage.clock.now())
        play(stage)
    return drill


def running_drill(drills: Drills, *, at: datetime) -> Drill | None:
    """Return the drill that is running; there is never more than one."""
    latest = next(iter(drills.recent(limit=1)), None)
    return latest if latest is not None and latest.is_running(at) else None


def play(stage: Stage) -> Played:
    """Do what the latest drill asks for by now."""
    at = stage.clock.now()
    drill = next(iter(stage.drills.recent(limit=1)), None)
    if drill is None or at > drill.ends_at + CLEARED_FOR:
        return Played()
    rooms = [stage.incidents.room(incident.id) for incident in stage.incidents.of_drill(drill.id)]
    if drill.is_running(at):
        return Played(drill_id=drill.id, posted=_write_posts(drill, rooms, stage, at=at))
    stage.drills.end(drill.id, at=drill.ends_at)
    called_off = sum(_call_off(room, stage, at=at) for room in rooms)
    told = 0 if drill.told_at is not None else _tell_score(drill, stage, at=at)
    return Played(drill_id=drill.id, called_off=called_off, told=told)


# ---- the story -----------------------------------------------------------------------------------


def _write_posts(drill: Drill, rooms: Sequence[Room], stage: Stage, *, at: datetime) -> int:
    due = posts_due(drill, marks_of(rooms), until=at)
    if due:
        stage.queue.send([_written(drill, each, at=at) for each in due])
        stage.drills.note_posted(drill.id, until=at)
    return len(due)


def _written(drill: Drill, due: DuePost, *, at: datetime) -> Post:
    post = due.post
    return Post(
        id=f"{drill.id}/{post.id}",
        source=SOURCE,
        text=post.text.replace("{brand}", drill.brand_name),
        published_at=due.at,
        fetched_at=at,
        brand=drill.brand,
        author=post.author,
        followers=post.followers,
        reposts=post.reposts,
        likes=post.likes,
        media=post.media,
        drill=drill.id,
    )


# ---- the end -------------------------------------------------------------------------------------


def _call_off(room: Room, stage: Stage, *, at: datetime) -> bool:
    """End an incident with its drill: every ladder finds its question settled, the lifecycle is stopped."""
    if not room.incident.status.is_open:
        return False

    def plan(newest: Room) -> RoomChange | None:
        if not newest.incident.status.is_open:
            return None
        after, events = advance(newest, LifecycleEvent.CALLED_OFF, at=at)
        row = stop_row(newest.incident, at=at)
        return RoomChange(before=newest, after=after, events=events, outbox=(row,))

    change_room(room.incident.id, plan, incidents=stage.incidents)
    return True


def _tell_score(drill: Drill, stage: Stage, *, at: datetime) -> int:
    """Queue the score as a mail, and return to how many."""
    ended = replace(drill, ended_at=drill.ends_at)
    score = score_of(ended, incidents=stage.incidents, outbox=stage.outbox, at=at)
    rows = [_score_row(person, score, stage, at=at) for person in _told(drill, stage.configuration.roster)]
    stage.outbox.add(rows)
    stage.drills.note_told(drill.id, at=at)
    return len(rows)


def _told(drill: Drill, roster: Roster) -> tuple[Person, ...]:
    """Return the desk as far as it takes part, or else all who do: nobody outside hears of a drill."""
    desk = [person for person in roster.holders(Role.DESK) if drill.takes_part(person.id)]
    everybody = [person for person in roster.people.values() if drill.takes_part(person.id)]
    return tuple(each for each in desk or everybody if each.active and each.address(Channel.MAIL) is not None)


def _score_row(person: Person, score: DrillScore, stage: Stage, *, at: datetime) -> OutboxRow:
    drill = score.drill
    message = Message(
        person_id=person.id,
        channel=Channel.MAIL,
        moment=SCORE,
        level=Level.NOTICE,
        incident_id=drill.id,
        incident_number=0,
        generation=0,
        params={
            "scenario": drill.scenario.name,
            "points": str(score.total),
            "started_at": drill.started_at.isoformat(),
            "silent": str(len(score.silent)),
        },
        nonce=stage.ids.nonce(),
        purpose=DRILL,
        drill=drill.id,
    )
    return OutboxRow(id=f"{SCORE}/{drill.id}/{person.id}", body=message, created_at=at, due_at=at)
