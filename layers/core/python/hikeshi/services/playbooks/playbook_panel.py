"""The playbook in short, as the room shows it: how the incident is judged, and the way to one's own part."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.actions import Role
from hikeshi.services.incidents.kind_text import kind_in_words
from hikeshi.services.room.visit import Visit


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaybookPanel:
    """Type and fault, what is late, and the address of the page."""

    kind: str
    lines: tuple[str, ...]
    late: str
    href: str


def playbook_panel(visit: Visit) -> PlaybookPanel:
    """Compose the panel."""
    tasks = [task for task in visit.room.tasks if task.is_open]
    late = sum(1 for task in tasks if task.due_at < visit.at)
    own = own_departments(visit)
    engaged = visit.text("page.comma").join(visit.text(f"role.{role}") for role in visit.playbook.departments)
    lines = [visit.text("playbook.engaged", departments=engaged)]
    if own:
        names = visit.text("page.comma").join(visit.text(f"role.{role}") for role in own)
        lines.append(visit.text("playbook.yours", departments=names))
    return PlaybookPanel(
        kind=kind_in_words(visit.incident, visit.words),
        lines=tuple(lines),
        late=visit.text("playbook.late", count=late) if late else "",
        href=visit.base + "playbook",
    )


def own_departments(visit: Visit) -> tuple[Role, ...]:
    """Return the engaged departments that the reader belongs to."""
    return tuple(role for role in visit.playbook.departments if role in visit.reader.roles)
