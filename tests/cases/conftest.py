"""What a case is given: a world on its own clock, and Chromium in the hands of its people."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from pytest_socket import enable_socket
from selenium.webdriver import Chrome

from hikeshi.domain.configuration import Configuration
from infra.configuring.reading import read_directory
from tests.cases.screen import Screen, screen
from tests.e2e.chromium import chromium
from tests.scenarios.policies import a_company
from tests.scenarios.world import World

CONFIGURATION = Path(__file__).parents[2] / "infra" / "config"
PICTURES = Path(__file__).parent / "screenshots"

Play = Callable[..., AbstractContextManager[tuple[World, Screen]]]


def as_shipped() -> Configuration:
    """Return the company of the scenarios with the playbooks that ship."""
    document = read_directory(CONFIGURATION).document
    assert document is not None
    return a_company(playbooks=document.to_configuration().playbooks)


@pytest.fixture
def chrome(tmp_path: Path) -> Iterator[Chrome]:
    """A browser that nobody has used yet."""
    enable_socket()
    with chromium(tmp_path / "profile") as browser:
        yield browser


@pytest.fixture
def play(chrome: Chrome, tmp_path: Path) -> Play:
    """Begin a case; its pictures are kept beside it if they are to be renewed."""
    pictures = PICTURES if os.environ.get("HIKESHI_UPDATE_SCREENSHOTS") == "1" else tmp_path

    @contextmanager
    def begun(
        *, starts: datetime, configuration: Configuration | None = None
    ) -> Iterator[tuple[World, Screen]]:
        enable_socket()
        world = World(configuration, starts=starts)
        with world.begun(), screen(world, chrome, pictures) as shown:
            yield world, shown

    return begun
