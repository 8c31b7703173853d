"""What a message may say of an incident that is kept among few: that there is one, and what is asked."""

from __future__ import annotations

from collections.abc import Mapping

from hikeshi.domain.links import EXPERT
from hikeshi.domain.outbox import ChatPost, Message
from hikeshi.domain.peril import BOTH, Peril

DISCREET = "discreet_key"
"""Parameter of every message that was worded for a circle; also the sentence that says so."""

_HARMLESS = frozenset({"by", "lead", "signers"})
_ENDINGS = ("_at", "_key")
_OF_A_LIFE = ("first", "life", "left", "left_found")
_LESS = {f"{area}.{peril}": f"{area}.few" for area in _OF_A_LIFE for peril in (*Peril, BOTH)}
"""Sentences of the catalogue that tell too much, and what is said instead: that a life comes first."""

_IN_PLACE = {
    "task": "discreet.task",
    "task_short": "discreet.task_short",
    "item_1": "discreet.task",
    "claim": "discreet.claim",
}
"""What a text cannot do without, and what it says instead."""

_SAID = {"few_key": "discreet.opening", "summary_key": "discreet.summary", DISCREET: "discreet.ask"}


def worded_for_few(params: Mapping[str, str]) -> dict[str, str]:
    """Leave out every word that tells what the incident is about.

    What is left are times, sentences of the catalogue and the names of colleagues: a parameter that
    nobody has thought of is left out as well.
    """
    kept = {
        name: _LESS.get(value, value)
        for name, value in params.items()
        if name in _HARMLESS or name.endswith(_ENDINGS)
    }
    instead = {f"{name}_key": key for name, key in _IN_PLACE.items() if name in params}
    return kept | instead | _SAID


def is_discreet(body: Message | ChatPost) -> bool:
    """Tell whether a text may travel while few may know; a chat never is one of them.

    To an expert it says who asks, and never of what.
    """
    return isinstance(body, Message) and (DISCREET in body.params or body.purpose == EXPERT)
