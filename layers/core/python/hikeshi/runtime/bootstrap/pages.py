"""Composition of ``responder_api``."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from hikeshi.runtime.bootstrap.auditing import contact_tests
from hikeshi.runtime.bootstrap.incidents import proof_store
from hikeshi.runtime.bootstrap.shared import (
    alert_store,
    clock,
    configuration,
    directory,
    drills,
    ids,
    incident_repository,
    key_ring,
    link_store,
    outbox,
    published,
    wording,
)

if TYPE_CHECKING:
    from hikeshi.adapters.pages.renderer import PageRenderer
    from hikeshi.runtime.answers import Answer
    from hikeshi.runtime.drill_desk import DrillDesk
    from hikeshi.runtime.expert_desk import ExpertDesk
    from hikeshi.runtime.people_desk import PeopleDesk
    from hikeshi.runtime.responder_desk import ResponderDesk
    from hikeshi.runtime.settings import ResponderApiSettings


@cache
def page_renderer() -> PageRenderer:
    """Return what fills the templates."""
    from hikeshi.adapters.pages.renderer import PageRenderer

    words = wording()
    return PageRenderer(text=words.text, language=words.language, desk_phone=_desk_phone)


def _desk_phone() -> str:
    """Return the number of the desk; none where nothing can be read now, for the page must still be shown."""
    from hikeshi.domain.errors import HikeshiError

    if "CONFIG_BUCKET" not in os.environ:
        return ""
    try:
        return published().desk_phone
    except HikeshiError:
        return ""


def error_page(status: int) -> Answer:
    """Return the page for an answer that is an error; needs nothing that could be missing."""
    from hikeshi.runtime.answers import error_page as page_of

    return page_of(page_renderer(), status)


@cache
def responder_desk() -> ResponderDesk:
    """Return what the routes of ``responder_api`` hand everything to."""
    from hikeshi.runtime.observability import get_logger
    from hikeshi.runtime.responder_desk import ResponderDesk
    from hikeshi.runtime.settings import ResponderApiSettings

    settings = ResponderApiSettings.from_env(os.environ)
    return ResponderDesk(
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        outbox=outbox(settings.outbox_table),
        alerts=alert_store(settings.alerts_table),
        links=link_store(settings.links_table),
        keys=key_ring(settings.link_keys_secret),
        proofs=proof_store(settings.archive_bucket),
        configuration=configuration,
        clock=clock(),
        ids=ids(),
        renderer=page_renderer(),
        words=wording(),
        logger=get_logger("responder_api"),
        environment=settings.environment,
        people=people_desk(),
        scores=_drill_desk(settings),
        experts=expert_desk(),
    )


@cache
def expert_desk() -> ExpertDesk:
    """Return what shows a question to an expert and keeps the answer."""
    from hikeshi.runtime.expert_desk import ExpertDesk
    from hikeshi.runtime.observability import get_logger
    from hikeshi.runtime.settings import ResponderApiSettings

    settings = ResponderApiSettings.from_env(os.environ)
    return ExpertDesk(
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        links=link_store(settings.links_table),
        keys=key_ring(settings.link_keys_secret),
        proofs=proof_store(settings.archive_bucket),
        configuration=configuration,
        clock=clock(),
        ids=ids(),
        renderer=page_renderer(),
        words=wording(),
        logger=get_logger("responder_api"),
        environment=settings.environment,
    )


def _drill_desk(settings: ResponderApiSettings) -> DrillDesk:
    from hikeshi.runtime.drill_desk import DrillDesk

    return DrillDesk(
        drills=drills(settings.upkeep_table),
        incidents=incident_repository(settings.incidents_table, settings.outbox_table),
        outbox=outbox(settings.outbox_table),
        configuration=configuration,
        clock=clock(),
        renderer=page_renderer(),
        words=wording(),
    )


@cache
def people_desk() -> PeopleDesk:
    """Return what shows and changes duties, absences and confirmed addresses."""
    from hikeshi.runtime.observability import get_logger
    from hikeshi.runtime.people_desk import PeopleDesk
    from hikeshi.runtime.settings import ResponderApiSettings

    settings = ResponderApiSettings.from_env(os.environ)
    return PeopleDesk(
        published=published,
        directory=directory(),
        contact_tests=contact_tests(settings.upkeep_table),
        links=link_store(settings.links_table),
        keys=key_ring(settings.link_keys_secret),
        clock=clock(),
        ids=ids(),
        renderer=page_renderer(),
        words=wording(),
        logger=get_logger("responder_api"),
        environment=settings.environment,
    )
