"""What no single field shows: whether the parts of a configuration fit each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from hikeshi.adapters.configuration_document import ConfigurationDocument, LadderModel, PlaybookModel
from hikeshi.domain.assessment import Category
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import InvalidQueryError
from hikeshi.domain.escalation import LadderStep, people_of
from hikeshi.domain.levels import DecisionTable
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.watch_query import parse
from infra.configuring.documents import Document, Loc
from infra.configuring.problems import Problem
from infra.configuring.reading import Reading, read_directory
from infra.configuring.roster_checks import duplicates, near, roster_problems, unknown_person

SHORTEST_WAIT = timedelta(seconds=10)


def check_directory(directory: Path) -> Reading:
    """Read a directory and find everything that is wrong with it."""
    reading = read_directory(directory)
    if reading.document is None:
        return reading
    problems = tuple(cross_problems(reading.document, reading.files))
    return Reading(document=None if problems else reading.document, problems=problems, files=reading.files)


def cross_problems(document: ConfigurationDocument, files: dict[str, Document]) -> Iterator[Problem]:
    """Check a document that is valid field by field."""
    yield from _watches(document, files["watches"])
    yield from _levels(document, files["settings"])
    yield from duplicates([chat.id for chat in document.settings.chats], "chats", files["settings"])
    unknown = [
        *roster_problems(document.roster, files["roster"]),
        *_step_people(document, files["escalation"]),
    ]
    yield from unknown
    if unknown:
        return
    configuration = document.to_configuration()
    yield from _ladders(document, configuration, files["escalation"])
    yield from _playbooks(document, configuration, files["playbooks"])
    yield from _lexicon(configuration)


def _watches(document: ConfigurationDocument, file: Document) -> Iterator[Problem]:
    brands = [brand.id for brand in document.watches.brands]
    yield from duplicates(brands, "brands", file)
    yield from duplicates([source.id for source in document.watches.sources], "sources", file)
    for index, brand in enumerate(document.watches.brands):
        try:
            parse(brand.query)
        except InvalidQueryError as error:
            yield file.problem("query", ("brands", index, "query"), detail=error)
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


def _step_people(document: ConfigurationDocument, file: Document) -> Iterator[Problem]:
    ids = [person.id for person in document.roster.people]
    for loc, ladder, _ in _all_ladders(document):
        for number, step in enumerate(ladder.steps):
            for place, person in enumerate(step.people):
                if person not in ids:
                    yield unknown_person(file, (*loc, "steps", number, "people", place), person, ids)


def _ladders(
    document: ConfigurationDocument, configuration: Configuration, file: Document
) -> Iterator[Problem]:
    for loc, model, only in _all_ladders(document):
        if model.repeat_from >= len(model.steps):
            last = len(model.steps) - 1
            yield file.problem("repeat_from", (*loc, "repeat_from"), value=model.repeat_from, last=last)
        for number, step in enumerate(model.steps):
            if step.wait < SHORTEST_WAIT:
                seconds = f"{int(step.wait.total_seconds())}s"
                yield file.problem("wait_too_short", (*loc, "steps", number, "wait"), value=seconds)
            resolved = LadderStep(
                wait_seconds=0,
                roles=step.roles,
                people=step.people,
                departments=step.departments,
                channels=step.channels,
            )
            missed = _first_unreached(resolved, only, configuration.roster)
            if missed is not None:
                detail = f" ({missed.value})" if step.departments else ""
                channels = ", ".join(step.channels)
                yield file.problem(
                    "unreachable_step", (*loc, "steps", number), detail=detail, channels=channels
                )
    holders = [p for role in document.escalation.last_resort for p in configuration.roster.holders(role)]
    if not _reachable(holders, (Channel.SMS, Channel.MAIL)):
        roles = ", ".join(document.escalation.last_resort)
        yield file.problem("unreachable_last_resort", ("last_resort",), value=roles)


def _first_unreached(step: LadderStep, only: Category | None, roster: Roster) -> Category | None:
    risks = [c for c in Category if c not in (Category.NONE, Category.SUPPORT)]
    for category in [only] if only is not None else risks:
        if not _reachable(people_of(step, category=category, roster=roster), step.channels):
            return category
    return None


def _reachable(people: Iterable[Person], channels: tuple[Channel, ...]) -> bool:
    return any(person.address(channel) for person in people for channel in channels)


def _playbooks(
    document: ConfigurationDocument, configuration: Configuration, file: Document
) -> Iterator[Problem]:
    books: list[tuple[Loc, PlaybookModel]] = [(("default",), document.playbooks.default)]
    books += [(("categories", category.value), b) for category, b in document.playbooks.categories.items()]
    for loc, book in books:
        yield from duplicates([task.id for task in book.tasks], "tasks", file, under=loc)
        for index, task in enumerate(book.tasks):
            if not configuration.roster.holders(task.department):
                place = (*loc, "tasks", index, "department")
                yield file.problem("no_owner", place, value=task.department.value)


def _lexicon(configuration: Configuration) -> tuple[Problem, ...]:
    """Prove the company's own words and rules, all of them together."""
    if not configuration.lexicon:
        return ()
    from infra.lexicon.benign import labelled_harmless
    from infra.lexicon.checking import check_files

    return check_files(configuration.lexicon, labelled_harmless()).problems


def _all_ladders(document: ConfigurationDocument) -> Iterator[tuple[Loc, LadderModel, Category | None]]:
    ordinary = document.escalation.ladders
    for level in ("notice", "warning", "critical"):
        if (ladder := getattr(ordinary, level)) is not None:
            yield ("ladders", level), ladder, None
    for category, override in document.escalation.overrides.items():
        for level in ("notice", "warning", "critical"):
            if (ladder := getattr(override, level)) is not None:
                yield ("overrides", category.value, level), ladder, category
