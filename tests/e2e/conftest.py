"""One embedded stack for all end-to-end tests, with IAM enforced and every call recorded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from pytest_socket import enable_socket

from hikeshi.adapters.configuration_document import ConfigurationDocument
from hikeshi.adapters.escalation_document import LadderModel, OverrideModel, StepModel
from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category
from infra.local.emptying import empty
from infra.local.home import REPOSITORY, Home, StackState
from infra.local.stack import UpOptions, client, down, up
from tests.e2e.scene import Scene

ORDER = (
    "test_story",
    "test_front_door",
    "test_ladder",
    "test_links",
    "test_people",
    "test_chats",
    "test_browser",
    "test_drill",
    "test_upkeep",
    "test_failures",
    "test_permissions",
    "test_logs",
    "test_lifecycle_of_the_stack",
)
"""Permissions and logs are held against all that went before; the last file stops the stack."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return ORDER.index(item.path.stem) if item.path.stem in ORDER else -1

    items.sort(key=place)


@pytest.fixture(scope="session")
def home() -> Home:
    return Home(root=REPOSITORY / ".local" / "e2e")


def impatient(document: ConfigurationDocument) -> ConfigurationDocument:
    """Give one category a ladder that waits ten seconds a step; all others stay as they ship."""
    steps = tuple(
        StepModel(wait=timedelta(seconds=10), roles=(role,), departments=False)
        for role in (Role.DESK, Role.LEAD)
    )
    ladder = LadderModel(steps=steps, repeats=0)
    overrides = {
        **document.escalation.overrides,
        Category.DEFECT: OverrideModel(warning=ladder, critical=ladder),
    }
    escalation = document.escalation.model_copy(update={"overrides": overrides})
    return document.model_copy(update={"escalation": escalation})


@pytest.fixture(scope="session")
def stack(home: Home) -> Iterator[StackState]:
    """A fresh stack; builds are kept from one run to the next."""
    enable_socket()
    down(home)
    shutil.rmtree(home.root, ignore_errors=True)
    state = up(home, UpOptions(record_calls=True, environment="e2e", adjust=impatient), tell=print)
    stop_what_runs_daily(state)
    yield state
    down(home)


def stop_what_runs_daily(state: StackState) -> None:
    """Let no morning mail come into a test that is about something else; one test lets it come."""
    scheduler = client(state, "scheduler")
    for found in scheduler.list_schedules()["Schedules"]:
        held = scheduler.get_schedule(Name=found["Name"])
        if held["ScheduleExpression"].startswith("cron"):
            kept = {key: held[key] for key in ("ScheduleExpression", "FlexibleTimeWindow", "Target")}
            scheduler.update_schedule(Name=found["Name"], State="DISABLED", **kept)


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=40) as client:
        yield client


@pytest.fixture(scope="session")
def failed_runs() -> set[str]:
    """Function names found in dead letter queues by the tests that break functions on purpose."""
    return set()


@pytest.fixture
def scene(home: Home, stack: StackState, http: httpx.Client) -> Iterator[Scene]:
    """An empty stack; at the end, whatever arrived unexpected fails the test."""
    empty(home, stack)
    scene = Scene(home, stack, http)
    published = scene.document
    yield scene
    if scene.document != published:
        scene.publish(published)
    scene.settle()
    unexpected = scene.devices.unexpected()
    assert not unexpected, "\n".join(unexpected)
