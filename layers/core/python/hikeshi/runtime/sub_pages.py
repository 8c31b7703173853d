"""The pages one level below the room: the template of each, and what fills it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hikeshi.domain.actions import Role
from hikeshi.domain.care import READERS
from hikeshi.domain.errors import LinkError
from hikeshi.domain.people import Person
from hikeshi.services.aftercare.aftercare_page import aftercare_page
from hikeshi.services.care.care_page import care_page
from hikeshi.services.experts.experts_page import experts_page
from hikeshi.services.facts.evidence_page import evidence_page
from hikeshi.services.facts.facts_page import facts_page
from hikeshi.services.headquarters.headquarters_page import headquarters_page
from hikeshi.services.playbooks.playbook_page import playbook_page
from hikeshi.services.reports.report_edit_page import report_edit_page
from hikeshi.services.room.action_pages import SubPage
from hikeshi.services.room.page_models import Notice
from hikeshi.services.room.visit import Visit
from hikeshi.services.statements.statement_page import statement_page
from hikeshi.services.takedowns.takedown_page import takedowns_page


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """A page; ``compose`` takes the visit, the notices at the top, and ``?page=`` as it was given.

    ``readers`` are the roles that may see it, empty if everybody may who sees the room.
    """

    template: str
    compose: Callable[[Visit, tuple[Notice, ...], str], object]
    readers: frozenset[Role] = frozenset()

    def check(self, reader: Person) -> None:
        """Raise a LinkError if this reader may not see the page."""
        if self.readers and not self.readers & reader.roles:
            raise LinkError("not for this reader")


LEAVES: Mapping[SubPage, Leaf] = {
    SubPage.CARE: Leaf(
        template="care.html",
        compose=lambda visit, notices, number: care_page(visit, notices=notices, page=number),
        readers=READERS,
    ),
    SubPage.AFTERCARE: Leaf(
        template="aftercare.html",
        compose=lambda visit, notices, number: aftercare_page(visit, notices=notices, page=number),
    ),
    SubPage.EVIDENCE: Leaf(
        template="evidence_page.html",
        compose=lambda visit, notices, about: evidence_page(visit, notices=notices, page=about),
    ),
    SubPage.EXPERTS: Leaf(
        template="experts.html",
        compose=lambda visit, notices, number: experts_page(visit, notices=notices, page=number),
    ),
    SubPage.FACTS: Leaf(
        template="facts.html",
        compose=lambda visit, notices, number: facts_page(visit, notices=notices, page=number),
    ),
    SubPage.HEADQUARTERS: Leaf(
        template="hq.html",
        compose=lambda visit, notices, number: headquarters_page(visit, notices=notices, page=number),
    ),
    SubPage.STATEMENT: Leaf(
        template="statement.html",
        compose=lambda visit, notices, kind: statement_page(visit, notices=notices, skeleton=kind),
    ),
    SubPage.PLAYBOOK: Leaf(
        template="playbook.html",
        compose=lambda visit, notices, number: playbook_page(visit, notices=notices, page=number),
    ),
    SubPage.TAKEDOWNS: Leaf(
        template="takedowns.html",
        compose=lambda visit, notices, number: takedowns_page(visit, notices=notices, page=number),
    ),
    SubPage.REPORT_EDIT: Leaf(
        template="report_edit.html",
        compose=lambda visit, notices, _: report_edit_page(visit, notices=notices),
    ),
}
