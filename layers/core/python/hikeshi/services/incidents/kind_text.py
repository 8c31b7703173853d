"""The type of a crisis in words that blame nobody before the facts do."""

from __future__ import annotations

from hikeshi.domain.assessment import CrisisType, Fault
from hikeshi.domain.incidents import Incident
from hikeshi.domain.kinds import is_assumed
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.services.messages.wording import Wording


def type_in_words(incident: Incident, words: Wording) -> str:
    """Return the type; as long as it is assumed, it says what is alleged and not what is so."""
    return words.text(f"{_area(assumed=is_assumed(incident))}.{incident.crisis_type}")


def kind_in_words(incident: Incident, words: Wording) -> str:
    """Say what type of crisis it is, whether that is only assumed, and whose fault."""
    key = "playbook.kind_assumed" if is_assumed(incident) else "playbook.kind"
    return words.text(key, type=type_in_words(incident, words), fault=words.text(f"fault.{incident.fault}"))


def kind_line(incident: Incident, words: Wording) -> str:
    """Return the line of the report that says what type of crisis it is, and whose fault."""
    key = "report.summary.crisis_assumed" if is_assumed(incident) else "report.summary.crisis"
    crisis, fault = type_in_words(incident, words), words.text(f"fault.{incident.fault}")
    return f"- {words.text(key, crisis=crisis, fault=fault)}"


def type_area(event: TimelineEvent, value: str) -> str:
    """Return the part of the catalogue that names a type in the timeline as it stood then."""
    blames = value == CrisisType.OWN_FAULT.value and event.details.get("fault") != Fault.OURS.value
    return _area(assumed=event.kind == "type_judged" or blames)


def _area(*, assumed: bool) -> str:
    return "crisis_assumed" if assumed else "crisis_type"
