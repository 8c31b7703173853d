"""What is promised of every run, however it was struck."""

from __future__ import annotations

from tests.faults.schedules import Ran
from tests.faults.stories import Story
from tests.faults.world import Seen

MOST_SMS = 2
"""Of one text to one person."""


def broken(ran: Ran[Seen], story: Story) -> list[str]:
    """Return the promises that a run broke, in words; none if it kept them all."""
    seen = ran.seen
    faults = {
        "there is not one incident": seen.incidents != 1,
        "somebody was never told": any(not seen.sms[p] + seen.mails[p] for p in story.told),
        "more SMS than promised": seen.alike > MOST_SMS,
        "something is left to do": not seen.settled,
        "the answer was not kept": seen.decided_by != story.answers,
        "the workflow was not told once": len(seen.answers) != (1 if story.answers else 0),
    }
    return [f"{what} [{ran.told()}] {seen}" for what, applies in faults.items() if applies]
