"""What an expert from outside sees: one question, what was shared with it, and a place to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hikeshi.domain.experts import Consultation
from hikeshi.domain.incidents import Incident
from hikeshi.domain.people import Roster
from hikeshi.services.experts.experts_page import ExhibitRow, exhibit_of
from hikeshi.services.messages.excerpt import excerpt
from hikeshi.services.messages.japanese_time import full
from hikeshi.services.messages.numbering import number_of
from hikeshi.services.messages.wording import Wording
from hikeshi.services.room.page_models import Notice

MOST_LETTERS, LEAST_LETTERS = 30_000, 120
"""Letters shown of everything together, however much was shared; and of each at least."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpertPage:
    """The page; ``closed`` says why no answer can be given, empty if one can."""

    title: str
    reader: str
    asked: str
    until: str
    question: str
    exhibits: tuple[ExhibitRow, ...]
    opinion: str
    given: str
    seal: str
    base: str
    closed: str
    typed: str
    notices: tuple[Notice, ...]


def expert_page(
    asked: Consultation,
    incident: Incident,
    *,
    roster: Roster,
    words: Wording,
    at: datetime,
    base: str,
    may_act: bool,
    notices: tuple[Notice, ...] = (),
    typed: str = "",
) -> ExpertPage:
    """Compose the page out of the consultation alone; of the incident only brand and number are told."""
    expert, asker = roster.person(asked.expert), roster.people.get(asked.asked_by)
    by = words.text("page.unknown_person")
    if asker is not None:
        by = words.text("joined.gap").join((asker.department, asker.name))
    opinion = asked.opinion
    number = number_of(incident.number, drill=incident.drill, words=words)
    each_at_most = min(max(MOST_LETTERS // max(len(asked.exhibits), 1), LEAST_LETTERS), 2000)
    return ExpertPage(
        title=words.text("expert.title", brand=incident.brand_name, number=number),
        reader=words.text("expert.reader", name=expert.name),
        asked=words.text("expert.asked", by=by, at=full(asked.asked_at, words)),
        until=words.text("expert.until", until=full(asked.until, words)),
        question=excerpt(asked.question, limit=2000, lines=True),
        exhibits=tuple(
            exhibit_of(each, text=words.text, base=base, limit=each_at_most) for each in asked.exhibits
        ),
        opinion=excerpt(opinion.text, limit=8000, lines=True) if opinion is not None else "",
        given=words.text("expert.given", at=full(opinion.given_at, words)) if opinion is not None else "",
        seal=words.text("page.report.seal", digest=opinion.sha256) if opinion is not None else "",
        base=base,
        closed="" if may_act else words.text("duty.locked"),
        typed=typed,
        notices=notices,
    )
