"""What the headquarters is reminded of: to gather, to read, and to mend a picture that no longer holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.bulletins import current_bulletin, fallen_grounds
from hikeshi.domain.incidents import Room
from hikeshi.services.audit.reminding import Reminder

ROLL_AGAIN = (timedelta(minutes=10), timedelta(minutes=20))
"""When those who have not answered the roll are asked again, after the headquarters was called."""

ROLL_ENDS = timedelta(minutes=30)
"""When chief and lead hear that there is no quorum."""

READ_AGAIN = (timedelta(minutes=15), timedelta(minutes=45))
"""When those who have not read a bulletin are asked again; with the last time its issuer hears of it."""


def missed_roll(room: Room) -> Iterator[Reminder]:
    """Yield what is due until more than half of the members are there."""
    headquarters = room.headquarters
    if headquarters is None or headquarters.established_at is not None or not room.incident.status.is_open:
        return
    name = f"headquarters/{headquarters.generation}/roll"
    absent = headquarters.absent
    details = {"people": ",".join(absent)}
    for place, after in enumerate(ROLL_AGAIN, start=1):
        yield Reminder(
            key=f"{name}/{place}",
            kind="headquarters_called_again",
            moment="status",
            due_at=headquarters.opened_at + after,
            params={"news_key": "news.hq_roll", "ask_key": "ask.hq_roll"},
            details=details,
            people=absent,
        )
    yield Reminder(
        key=f"{name}/incomplete",
        kind="headquarters_incomplete",
        moment="status",
        due_at=headquarters.opened_at + ROLL_ENDS,
        params={"news_key": "news.hq_incomplete", "ask_key": "ask.hq_incomplete"},
        details=details,
        people=(headquarters.chief, room.incident.lead or ""),
    )


def unread_bulletin(room: Room) -> Iterator[Reminder]:
    """Yield what is due while the picture that holds is unread, or rests on what has fallen."""
    bulletin = current_bulletin(room)
    if bulletin is None or not room.incident.status.is_open:
        return
    name, number = f"bulletin/{bulletin.number}", str(bulletin.number)
    headquarters = room.headquarters
    responsible = (bulletin.issued_by, headquarters.chief if headquarters else "")
    if bulletin.laggards:
        details = {"number": number, "people": ",".join(bulletin.laggards)}
        for place, after in enumerate(READ_AGAIN, start=1):
            yield Reminder(
                key=f"{name}/unread/{place}",
                kind="bulletin_reminded",
                moment="status",
                due_at=bulletin.issued_at + after,
                params={"news_key": "news.bulletin_unread", "ask_key": "ask.bulletin_unread"},
                details=details,
                people=bulletin.laggards,
            )
        yield Reminder(
            key=f"{name}/laggards",
            kind="bulletin_unread",
            moment="status",
            due_at=bulletin.issued_at + READ_AGAIN[-1],
            params={"news_key": "news.bulletin_laggards", "ask_key": "ask.bulletin_laggards"},
            details=details,
            people=responsible,
        )
    if fallen_grounds(room, bulletin):
        yield Reminder(
            key=f"{name}/fell",
            kind="bulletin_fell",
            moment="status",
            due_at=bulletin.issued_at,
            params={"news_key": "news.bulletin_fell", "ask_key": "ask.bulletin_fell"},
            details={"number": number},
            people=responsible,
            roles=(Role.PR, Role.LEAD),
            asks=True,
        )
