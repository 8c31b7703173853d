"""What no single field shows: whether the parts of a configuration fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from hikeshi.adapters.configuration_document import ConfigurationDocument
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import InvalidQueryError
from hikeshi.domain.levels import DecisionTable
from hikeshi.domain.watch_query import parse
from infra.configuring.deputy_checks import deputy_warnings
from infra.configuring.documents import Document
from infra.configuring.ladder_checks import ladder_problems, unknown_targets
from infra.configuring.playbook_checks import playbook_problems
from infra.configuring.problems import Problem
from infra.configuring.reading import Reading, read_directory
from infra.configuring.roster_checks import duplicates, near, roster_problems, roster_warnings
from infra.configuring.spans import span_problems

WIDEST = 0.05
"""Share of harmless posts by strangers that the query of a brand may match."""

SPANS = {
    "calm_after": (timedelta(), timedelta(days=30)),
    "publish_within": (timedelta(minutes=1), timedelta(days=1)),
    "reply_within": (timedelta(minutes=1), timedelta(days=30)),
    "after_care": (timedelta(), timedelta(days=1095)),
    "takedown_deadline": (timedelta(days=1), timedelta(days=90)),
    "grouping_window": (timedelta(minutes=10), timedelta(days=30)),
}
"""Shortest and longest time of each setting that is one."""

SHORTEST_CAP = timedelta(seconds=1)
LONGEST_CAP = timedelta(days=7)


def check_directory(directory: Path, *, at: datetime | None = None) -> Reading:
    """Read a directory and find everything that is wrong with it now, or at a moment."""
    reading = read_directory(directory)
    if reading.document is None:
        return reading
    problems = tuple(cross_problems(reading.document, reading.files, at=at or datetime.now(UTC)))
    return Reading(document=None if problems else reading.document, problems=problems, files=reading.files)


def check_ladders(directory: Path, *, at: datetime | None = None) -> Reading:
    """Read a directory and check who is reached, leaving out what is watched and how it is judged."""
    reading = read_directory(directory)
    if reading.document is None:
        return reading
    problems = tuple(_people(reading.document, reading.files, at=at or datetime.now(UTC)))
    return Reading(document=None if problems else reading.document, problems=problems, files=reading.files)


def cross_problems(
    document: ConfigurationDocument, files: dict[str, Document], *, at: datetime
) -> Iterator[Problem]:
    """Check a document that is valid field by field, to be published at a moment."""
    yield from _watches(document, files["watches"])
    yield from _levels(document, files["settings"])
    yield from _spans(document, files["settings"])
    yield from duplicates([chat.id for chat in document.settings.chats], "chats", files["settings"])
    yield from _people(document, files, at=at)
    configuration = document.to_configuration()
    yield from playbook_problems(document.playbooks, configuration, files["playbooks"])
    yield from _lexicon(configuration)


def warnings(document: ConfigurationDocument, files: dict[str, Document]) -> Iterator[Problem]:
    """Tell what works but leaves something undone: behind a dead link nobody learns whom to call."""
    yield from roster_warnings(document.roster, files["roster"])
    yield from deputy_warnings(document.roster, files["roster"])
    if not document.settings.desk_phone:
        yield files["settings"].problem("no_desk_phone", ("desk_phone",))


def _people(
    document: ConfigurationDocument, files: dict[str, Document], *, at: datetime
) -> Iterator[Problem]:
    """Check people and ladders; who is unknown keeps the ladders from being resolved."""
    unknown = [
        *roster_problems(document.roster, files["roster"], at=at),
        *unknown_targets(document.escalation, document.roster, files["escalation"]),
    ]
    yield from unknown
    if not unknown:
        configuration = document.to_configuration()
        yield from ladder_problems(document.escalation, configuration, files["escalation"])


def _watches(document: ConfigurationDocument, file: Document) -> Iterator[Problem]:
    brands = [brand.id for brand in document.watches.brands]
    yield from duplicates(brands, "brands", file)
    yield from duplicates([source.id for source in document.watches.sources], "sources", file)
    for index, brand in enumerate(document.watches.brands):
        place = ("brands", index, "query")
        try:
            share = _share_of_harmless(brand.query)
        except InvalidQueryError as error:
            yield file.problem("query", place, detail=error)
        else:
            if share > WIDEST:
                yield file.problem("query_too_wide", place, share=f"{share:.0%}", limit=f"{WIDEST:.0%}")
    for index, source in enumerate(document.watches.sources):
        if source.brand is not None and source.brand not in brands:
            yield file.problem(
                "unknown_brand",
                ("sources", index, "brand"),
                value=source.brand,
                near=near(source.brand, brands),
            )
        host = urlsplit(source.url).hostname or ""
        if host not in source.hosts:
            yield file.problem("host", ("sources", index, "hosts"), value=host)


def _share_of_harmless(query: str) -> float:
    """Measure how many posts about other things a query takes for its brand's: の is in most of them."""
    from infra.lexicon.benign import labelled_harmless

    asked, texts = parse(query), labelled_harmless()
    return sum(map(asked.matches, texts)) / len(texts) if texts else 0.0


def _levels(document: ConfigurationDocument, file: Document) -> Iterator[Problem]:
    rows = tuple(row.to_row() for row in document.settings.levels)
    for index, row in enumerate(rows):
        if not row.lifts:
            content = ", ".join(row.content)
            place = ("levels", index, "level")
            yield file.problem("level_not_above", place, value=row.level, content=content)
    for index, earlier in DecisionTable(rows=rows).unreachable():
        line = file.line_of(("levels", earlier))
        yield file.problem("unreachable_row", ("levels", index), line=line)


def _spans(document: ConfigurationDocument, file: Document) -> Iterator[Problem]:
    """Check the times of the settings: a slip of a digit is no time that anybody can wait."""
    for name, (shortest, longest) in SPANS.items():
        span = getattr(document.settings, name)
        yield from span_problems(span, shortest, longest, (name,), file)
    for index, cap in enumerate(document.settings.message_caps):
        place = ("message_caps", index, "within")
        yield from span_problems(cap.within, SHORTEST_CAP, LONGEST_CAP, place, file)


def _lexicon(configuration: Configuration) -> tuple[Problem, ...]:
    """Prove the company's own words and rules, all of them together."""
    if not configuration.lexicon:
        return ()
    from infra.lexicon.benign import labelled_harmless
    from infra.lexicon.checking import check_files

    return check_files(configuration.lexicon, labelled_harmless()).problems
