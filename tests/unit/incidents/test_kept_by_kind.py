"""An incident whose type a person changes to one that few may know of."""

from __future__ import annotations

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import CrisisType, Fault
from hikeshi.domain.circles import NeedToKnow
from hikeshi.domain.incidents import Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.services.incidents.kind_desk import set_kind
from tests.builders import a_configuration, a_slot, an_escalation_policy, an_incident
from tests.fakes.stage import Stage

ID = an_incident().id


def judged(stage: Stage, *types: CrisisType) -> list[str]:
    """Let the lead call it a scandal while these types are kept among legal, executives and the lead."""
    few = NeedToKnow(
        categories=frozenset(),
        crisis_types=frozenset(types),
        roles=(Role.LEGAL, Role.EXECUTIVE, Role.LEAD),
    )
    stage.configuration = a_configuration(escalation=an_escalation_policy(need_to_know=few))
    slots = (a_slot(decision=stage.decided(Slot.TRIAGE, "acknowledged")),)
    stage.room(IncidentStatus.FACT_FINDING, slots=slots)
    set_kind(
        ID,
        by=stage.by("sato"),
        crisis_type=CrisisType.SCANDAL,
        fault=Fault.UNKNOWN,
        facts=(),
        reason="役員の件と分かりました",
    )
    return [entry.event.kind for entry in stage.incidents.timeline(ID)]


def test_s2_11_calling_it_a_scandal_keeps_it_among_few_and_tells_them() -> None:
    stage = Stage()
    assert "restricted" in judged(stage, CrisisType.SCANDAL)
    circle = stage.incidents.room(ID).incident.circle
    assert circle is not None
    assert (circle.by, circle.reason) == ("sato", "不祥事")
    assert set(stage.people_told("status")) == {"takahashi", "tanaka"}


def test_s2_11_a_type_that_is_not_kept_changes_nothing_about_who_may_know() -> None:
    stage = Stage()
    assert "restricted" not in judged(stage)
    assert stage.incidents.room(ID).incident.circle is None
