"""Holds back what a drill would say to anybody who takes no part in it."""

from __future__ import annotations

from hikeshi.domain.chats import TARGET_PREFIX
from hikeshi.domain.outbox import ChatPost, Message
from hikeshi.ports.drills import Drills

SCORE = "drill_score"
"""Moment of the message that closes a drill: the only one that still goes out when it is over."""


def why_withheld(body: Message | ChatPost, drills: Drills) -> str:
    """Say why what a drill says must not leave; empty if it may, and for all that is real.

    A drill that nobody knows of holds everything back: silence does less harm than a drill gone astray.
    """
    if not body.drill:
        return ""
    drill = drills.drill(body.drill)
    if drill is None:
        return "no such drill"
    if drill.ended_at is not None and body.moment != SCORE:
        return "the drill is over"
    whom = body.person_id if isinstance(body, Message) else f"{TARGET_PREFIX}{body.target}"
    return "" if drill.takes_part(whom) else "takes no part in the drill"
