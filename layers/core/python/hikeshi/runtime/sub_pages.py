"""The pages one level below the room: the template of each, and what fills it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hikeshi.services.action_pages import SubPage
from hikeshi.services.facts_page import facts_page
from hikeshi.services.page_models import Notice
from hikeshi.services.statement_page import statement_page
from hikeshi.services.takedown_page import takedowns_page
from hikeshi.services.visit import Visit


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """A page; ``compose`` takes the visit, the notices at the top, and ``?page=`` as it was given."""

    template: str
    compose: Callable[[Visit, tuple[Notice, ...], str], object]


LEAVES: Mapping[SubPage, Leaf] = {
    SubPage.FACTS: Leaf(
        template="facts.html",
        compose=lambda visit, notices, number: facts_page(visit, notices=notices, page=number),
    ),
    SubPage.STATEMENT: Leaf(
        template="statement.html",
        compose=lambda visit, notices, _: statement_page(visit, notices=notices),
    ),
    SubPage.TAKEDOWNS: Leaf(
        template="takedowns.html",
        compose=lambda visit, notices, number: takedowns_page(visit, notices=notices, page=number),
    ),
}
