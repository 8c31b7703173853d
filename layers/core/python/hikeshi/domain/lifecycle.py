"""The life of an incident as a table: (status, event) → status.

The diagram in ``statemachines/README.md`` and the test of the state machine are generated from it.
"""

from __future__ import annotations

from enum import StrEnum

from hikeshi.domain.errors import IllegalTransitionError


class IncidentStatus(StrEnum):
    """Where an incident stands."""

    DETECTED = "detected"
    ACKNOWLEDGED = "acknowledged"
    FACT_FINDING = "fact_finding"
    RESPONDING = "responding"
    CALMING = "calming"
    REPORTING = "reporting"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    MERGED = "merged"
    REOPENED = "reopened"
    CALLED_OFF = "called_off"

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to act."""
        return self not in FINAL

    @property
    def is_restless(self) -> bool:
        """Tell whether it has begun and nobody has called it calm yet."""
        return self.is_open and self is not IncidentStatus.REPORTING


class LifecycleEvent(StrEnum):
    """What moves an incident on."""

    ACKNOWLEDGED = "acknowledged"
    DISMISSED = "dismissed"
    MERGED = "merged"
    FACT_CHECK_STARTED = "fact_check_started"
    FACTS_ESTABLISHED = "facts_established"
    RESPONSE_COMPLETED = "response_completed"
    CALMED = "calmed"
    REPORT_SIGNED = "report_signed"
    REOPENED = "reopened"
    CALLED_OFF = "called_off"


_S = IncidentStatus
_E = LifecycleEvent

FINAL = frozenset({_S.CLOSED, _S.DISMISSED, _S.MERGED, _S.CALLED_OFF})

TRANSITIONS: dict[tuple[IncidentStatus, LifecycleEvent], IncidentStatus] = {
    (_S.DETECTED, _E.ACKNOWLEDGED): _S.ACKNOWLEDGED,
    (_S.DETECTED, _E.DISMISSED): _S.DISMISSED,
    (_S.DETECTED, _E.MERGED): _S.MERGED,
    (_S.ACKNOWLEDGED, _E.FACT_CHECK_STARTED): _S.FACT_FINDING,
    (_S.ACKNOWLEDGED, _E.DISMISSED): _S.DISMISSED,
    (_S.ACKNOWLEDGED, _E.MERGED): _S.MERGED,
    (_S.FACT_FINDING, _E.FACTS_ESTABLISHED): _S.RESPONDING,
    (_S.FACT_FINDING, _E.DISMISSED): _S.DISMISSED,
    (_S.RESPONDING, _E.RESPONSE_COMPLETED): _S.CALMING,
    (_S.CALMING, _E.CALMED): _S.REPORTING,
    (_S.REPORTING, _E.REPORT_SIGNED): _S.CLOSED,
    (_S.CLOSED, _E.REOPENED): _S.REOPENED,
    (_S.DISMISSED, _E.REOPENED): _S.REOPENED,
    (_S.REOPENED, _E.ACKNOWLEDGED): _S.ACKNOWLEDGED,
    (_S.REOPENED, _E.DISMISSED): _S.DISMISSED,
    (_S.REOPENED, _E.MERGED): _S.MERGED,
    # With the end of its drill: nothing real is called off.
    **{(status, _E.CALLED_OFF): _S.CALLED_OFF for status in _S if status not in FINAL},
}


def next_status(status: IncidentStatus, event: LifecycleEvent) -> IncidentStatus:
    """Look the step up.

    Raises
    ------
    IllegalTransitionError
        If the table has no such row.
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalTransitionError(status, event) from None
