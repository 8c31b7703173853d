"""Who may know of an incident, as the room shows it."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.actions import Action
from hikeshi.domain.circles import is_outsider, may_know
from hikeshi.services.messages.audience import members
from hikeshi.services.room.page_models import Form
from hikeshi.services.room.visit import Visit, shown


@dataclass(frozen=True, kw_only=True, slots=True)
class CirclePanel:
    """The circle, or that there is none.

    Attributes
    ----------
    is_drawn : bool
        Whether only few may know.
    how : str
        What that means for the reader.
    people : tuple of str
        The names of those who are in.
    why : str
        Who drew it, when and why.
    candidates : tuple of (str, str)
        Ids and names of those who could be let in.
    guests : tuple of (str, str)
        Ids and names of those who were let in and can be taken out again.
    """

    is_drawn: bool
    how: str
    people: tuple[str, ...]
    why: str
    candidates: tuple[tuple[str, str], ...]
    guests: tuple[tuple[str, str], ...]
    restrict: Form
    lift: Form
    admit: Form
    exclude: Form

    @property
    def is_shown(self) -> bool:
        """Tell whether there is anything to read or to do."""
        return self.is_drawn or self.restrict.gate.open


def circle_panel(visit: Visit) -> CirclePanel:
    """Compose the panel."""
    circle, roster = visit.incident.circle, visit.configuration.roster
    inside = members(visit.incident, roster)
    outside = (
        person
        for person in roster.people.values()
        if circle is not None and person.active and not is_outsider(person) and not may_know(circle, person)
    )
    return CirclePanel(
        is_drawn=circle is not None,
        how=visit.text("circle.how_drawn" if circle is not None else "circle.how_open"),
        people=tuple(
            visit.text("page.you", name=person.name) if person.id == visit.reader.id else person.name
            for person in inside
        ),
        why=_why(visit),
        candidates=tuple((each.id, visit.beside(each.name, each.department)) for each in outside),
        guests=_guests(visit),
        restrict=visit.form(Action.RESTRICT),
        lift=visit.form(Action.LIFT_RESTRICTION),
        admit=visit.form(Action.ADMIT),
        exclude=visit.form(Action.EXCLUDE),
    )


def _guests(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return those who are in because somebody let them in: by their role they are in anyway."""
    circle, roster = visit.incident.circle, visit.configuration.roster
    if circle is None:
        return ()
    let_in = (roster.people[each] for each in circle.people if each in roster.people)
    guests = (each for each in let_in if each.roles.isdisjoint(circle.roles) and each.id != visit.reader.id)
    return tuple((each.id, visit.beside(each.name, each.department)) for each in guests)


def _why(visit: Visit) -> str:
    circle = visit.incident.circle
    if circle is None:
        return ""
    if not circle.reason:
        category = visit.text(f"category.{visit.incident.category}")
        return visit.text("circle.by_kind", category=category)
    return visit.text(
        "circle.by_person", by=visit.by_at(circle.by, circle.since), reason=shown(circle.reason, 240)
    )
