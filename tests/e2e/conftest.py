"""One embedded stack for all end-to-end tests, with IAM enforced and every call recorded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import httpx
import pytest
from pytest_socket import enable_socket

from infra.local.emptying import empty
from infra.local.home import REPOSITORY, Home, StackState
from infra.local.stack import UpOptions, down, up
from tests.e2e.scene import Scene

ORDER = (
    "test_story",
    "test_front_door",
    "test_ladder",
    "test_links",
    "test_browser",
    "test_failures",
    "test_permissions",
    "test_lifecycle_of_the_stack",
)
"""Permissions are held against all that went before; the last file stops the stack."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return ORDER.index(item.path.stem) if item.path.stem in ORDER else -1

    items.sort(key=place)


@pytest.fixture(scope="session")
def home() -> Home:
    return Home(root=REPOSITORY / ".local" / "e2e")


@pytest.fixture(scope="session")
def stack(home: Home) -> Iterator[StackState]:
    """A fresh stack; builds are kept from one run to the next."""
    enable_socket()
    down(home)
    shutil.rmtree(home.root, ignore_errors=True)
    yield up(home, UpOptions(record_calls=True, environment="e2e"), tell=print)
    down(home)


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=40) as client:
        yield client


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
    assert scene.devices.unexpected() == []
