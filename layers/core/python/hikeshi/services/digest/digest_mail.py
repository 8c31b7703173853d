"""The morning mails: all of it for the desk, a few lines for executives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.digest import LEVELS, DayCount, Digest
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.services.clock.clock_promises import is_late
from hikeshi.services.digest.digest import Digesting, digest_at
from hikeshi.services.messages.japanese_time import to_jst
from hikeshi.services.reports.timeline_text import name_of

FULL, BRIEF = "digest", "digest_brief"
BRIEF_INCIDENTS = 2
"""Open incidents that an executive reads of in the morning; all others are counted."""

MOST_OVERDUE = 5
"""Late corrective actions that are named; all are counted."""

MOST_SOURCES = 5
"""Silent sources that are named; all are counted."""


def send_digest(digesting: Digesting) -> int:
    """Queue the morning's mails and return how many; asked again on the same day, it queues none anew."""
    at = digesting.clock.now()
    rows = digest_rows(digest_at(at, digesting), digesting.configuration.roster, at=at)
    digesting.outbox.add(rows)
    return len(rows)


def digest_rows(digest: Digest, roster: Roster, *, at: datetime) -> tuple[OutboxRow, ...]:
    """Write one mail to each person at the desk, and one to each executive who is not."""
    desk, executives = roster.holders(Role.DESK), roster.holders(Role.EXECUTIVE)
    named = {person.id for person in desk}
    rows = list(_rows(FULL, desk, digest, roster, at=at))
    rows += _rows(BRIEF, (each for each in executives if each.id not in named), digest, roster, at=at)
    return tuple(rows)


def digest_message(moment: str, person: Person, digest: Digest, roster: Roster) -> Message:
    """Write one of the two mails to one person."""
    brief = moment == BRIEF
    return Message(
        person_id=person.id,
        channel=Channel.MAIL,
        moment=moment,
        level=Level.NOTICE,
        incident_id="",
        incident_number=0,
        generation=0,
        params=_params(digest, roster, incidents=BRIEF_INCIDENTS if brief else len(digest.incidents)),
        link=False,
    )


def _rows(
    moment: str, people: Iterable[Person], digest: Digest, roster: Roster, *, at: datetime
) -> Iterator[OutboxRow]:
    for person in people:
        if person.address(Channel.MAIL) is None:
            continue
        row_id = f"{moment}/{to_jst(at).date().isoformat()}/{person.id}"
        due_at = person.held_until(at, level=Level.NOTICE) or at
        message = digest_message(moment, person, digest, roster)
        yield OutboxRow(id=row_id, body=message, created_at=at, due_at=due_at)


# ---- values of the text --------------------------------------------------------------------------


def _params(digest: Digest, roster: Roster, *, incidents: int) -> dict[str, str]:
    """Return the values of the text; what is not among them leaves its line out."""
    today = digest.today
    params = {
        "since_at": digest.period.since.isoformat(),
        "asof_at": digest.at.isoformat(),
        "seen": f"{today.posts:,}",
        "seen_day": _difference(today.posts, digest.day_before.posts),
        "seen_week": _difference(today.posts, digest.week_before.posts),
        "open": str(today.still_open),
        "opened": str(today.opened),
        "ended": str(today.ended),
    }
    if today.is_calm:
        params["calm_key"] = "digest.unseen" if digest.silent else "digest.calm"
    else:
        params |= {"incidents": str(today.still_open), **_by_level(today, digest)}
    if digest.restricted:
        params["restricted"] = str(digest.restricted)
    judged = digest.right + digest.false_alarms
    if judged:
        params |= {"share": f"{digest.right / judged:.0%}", "right": str(digest.right)}
        params["false"] = str(digest.false_alarms)
    params |= _open(digest, incidents) | _noticed(digest) | _silent(digest)
    return params | _overdue(digest, roster) | _manuals(digest)


def _by_level(today: DayCount, digest: Digest) -> dict[str, str]:
    values = {}
    for level in LEVELS:
        count = today.alerts.get(level, 0)
        values[level.value] = str(count)
        values[f"{level}_day"] = _difference(count, digest.day_before.alerts.get(level, 0))
        values[f"{level}_week"] = _difference(count, digest.week_before.alerts.get(level, 0))
    return values


def _open(digest: Digest, most: int) -> dict[str, str]:
    listed = digest.incidents[:most]
    params: dict[str, str] = {}
    for place, incident in enumerate(listed, start=1):
        name = f"incident_{place}"
        params[f"{name}_level_key"] = f"level.{incident.level}"
        params[f"{name}_number"] = str(incident.number)
        params[f"{name}_title"] = incident.title
        params[f"{name}_status_key"] = f"status.{incident.status}"
    late = " ".join(f"#{incident.number}" for incident in digest.incidents if is_late(incident))
    params |= {"late": late} if late else {}
    left = digest.today.still_open - digest.restricted - len(listed)
    return params | ({"more_incidents": str(left)} if listed and left > 0 else {})


def _noticed(digest: Digest) -> dict[str, str]:
    params: dict[str, str] = {}
    for place, notice in enumerate(digest.notices, start=1):
        name = f"notice_{place}"
        params[f"{name}_brand"] = notice.brand
        params[f"{name}_category_key"] = f"category.{notice.category}"
        params[f"{name}_text"] = notice.text
        params[f"{name}_voices"] = str(notice.voices)
    if digest.notices:
        params["noticed"] = str(len(digest.notices) + digest.more_notices)
    if digest.more_notices:
        params["more_notices"] = str(digest.more_notices)
    return params


def _silent(digest: Digest) -> dict[str, str]:
    params: dict[str, str] = {}
    for place, source in enumerate(digest.silent[:MOST_SOURCES], start=1):
        if source.since is None:
            params[f"unread_{place}"] = source.name
        else:
            params |= {f"silent_{place}": source.name, f"silent_{place}_since_at": source.since.isoformat()}
    return params | ({"silent": str(len(digest.silent))} if digest.silent else {})


def _overdue(digest: Digest, roster: Roster) -> dict[str, str]:
    params: dict[str, str] = {}
    for place, action in enumerate(digest.overdue[:MOST_OVERDUE], start=1):
        name = f"overdue_{place}"
        params[f"{name}_number"] = str(action.number)
        params[f"{name}_title"] = action.title
        params[f"{name}_owner"] = name_of(action.owner, roster)
        params[f"{name}_due_date"] = action.due_at.isoformat()
    if digest.overdue:
        params["overdue"] = str(len(digest.overdue))
    left = len(digest.overdue) - MOST_OVERDUE
    return params | ({"more_overdue": str(left)} if left > 0 else {})


def _manuals(digest: Digest) -> dict[str, str]:
    if not digest.manuals:
        return {}
    first = digest.manuals[0]
    return {"manual": first.title, "manual_due": f"{first.review_by:%Y-%m-%d}"}


def _difference(now: int, before: int) -> str:
    """Return a difference with its sign, as people write it."""
    change = now - before
    return f"{change:+,}".replace("-", "−") if change else "±0"
