from __future__ import annotations

from pathlib import Path

import pytest

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.playbooks import Playbooks
from infra.configuring.checks import check_directory
from tests.fakes.stage import Stage

SHIPPED = Path(__file__).parents[3] / "infra" / "config"


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture(scope="session")
def shipped() -> Configuration:
    """The configuration as it ships."""
    document = check_directory(SHIPPED).document
    assert document is not None
    return document.to_configuration()


@pytest.fixture(scope="session")
def playbooks(shipped: Configuration) -> Playbooks:
    return shipped.playbooks
