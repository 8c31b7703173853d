"""Whether whoever is to stand in for somebody could be paged at all."""

from __future__ import annotations

from collections.abc import Iterator

from hikeshi.adapters.roster_document import RosterModel
from hikeshi.domain.actions import Role
from infra.configuring.documents import Document, Loc
from infra.configuring.problems import Problem


def deputy_warnings(roster: RosterModel, file: Document) -> Iterator[Problem]:
    """Name every deputy who is never asked: from outside, not active, or without an address.

    It is a warning, since the person is asked after all: whoever left may still be somebody's deputy, and
    must be struck from the roster at once.
    """
    named: list[tuple[Loc, str, str | None]] = []
    named += [(("people", i, "deputy"), each.id, each.deputy) for i, each in enumerate(roster.people)]
    named += [(("absences", i, "deputy"), each.person, each.deputy) for i, each in enumerate(roster.absences)]
    people = {person.id: person for person in roster.people}
    for place, person_id, deputy_id in named:
        deputy = people.get(deputy_id or "")
        if deputy is None:
            continue
        inside = bool(set(deputy.roles) - {Role.EXPERT})
        if not (deputy.active and inside and (deputy.phone or deputy.mail)):
            yield file.problem("unreachable_deputy", place, value=person_id, deputy=deputy.id)
