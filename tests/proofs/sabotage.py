"""Rules of the product taken away one at a time, to see whether a proof misses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from hikeshi.domain import bulletins, checking, publishing, reporting, sighting
from hikeshi.domain.incidents import Room
from hikeshi.services.facts import fact_register
from hikeshi.services.links import links
from hikeshi.services.messages import notices, up_to_date
from hikeshi.services.statements import statement_desk
from hikeshi.services.takedowns import takedown_desk
from tests.fakes.responding import InMemoryIncidentRepository


def _nothing_missing(*_: Any, **__: Any) -> tuple[str, ...]:
    return ()


def _unchanged(room: Room, **_: Any) -> tuple[Room, tuple[()]]:
    return room, ()


def _everybody(_: Any, people: Any) -> tuple[Any, ...]:
    return tuple(people)


def _always(*_: Any, **__: Any) -> bool:
    return True


def _never(*_: Any, **__: Any) -> bool:
    return False


def _nobody_is_called(_: Any) -> Callable[..., tuple[()]]:
    return lambda room, at: ()


def _overwrite(self: InMemoryIncidentRepository, change: Any) -> Room:
    return self._store(change, pointers=0)


def _as_it_is(body: Any, *_: Any) -> Any:
    return body


MISSING: dict[str, tuple[object, str, object, str]] = {
    "approvals are not asked for": (
        publishing,
        "hand_off_gaps",
        _nothing_missing,
        "too few|other words|flagged|sent back",
    ),
    "one approval suffices": (publishing, "approvals_suffice", _always, "too few"),
    "a fallen fact flags nothing": (checking, "flag_statements", _unchanged, "a fact fell"),
    "nobody hears of a fallen fact": (fact_register, "call_for_flagged", _nobody_is_called, "not called"),
    "a late write overwrites": (InMemoryIncidentRepository, "commit", _overwrite, "overwrites"),
    "everybody hears of what few may know": (notices, "who_may_know", _everybody, "outside"),
    "everybody sees what few may know": (links, "may_know", _always, "is no member"),
    "unverified words are told on": (bulletins, "repeats_unverified", _never, "a bulletin repeats"),
    "the board tells unverified words": (sighting, "repeats_unverified", _never, "the board"),
    "one signature suffices": (reporting, "signatures_suffice", _always, "one signature|nobody who decides"),
    "no last word is asked for": (reporting, "last_word_gaps", _nothing_missing, "without a last word"),
    "any time is taken": (takedown_desk, "check_happened", _nothing_missing, "posted after"),
    "any day is promised": (statement_desk, "check_to_come", _nothing_missing, "nobody can keep"),
    "names go out": (up_to_date, "masked_params", _as_it_is, "a message names"),
}
"""What is missing: where it stands, its name, what stands there instead, and what the proof says."""
SOUGHT = settings(
    max_examples=400,
    stateful_step_count=30,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
"""Until it is missed for the first time."""


def check_is_missed(what: str, machine: type[RuleBasedStateMachine]) -> None:
    """Take a rule away and let the proof run: it has to fail, and to say why."""
    place, name, instead, said = MISSING[what]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(place, name, instead)
        with pytest.raises(AssertionError, match=said):
            run_state_machine_as_test(machine, settings=SOUGHT)
