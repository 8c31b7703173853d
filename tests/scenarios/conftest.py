"""What a scenario is given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scenarios.world import World


@pytest.fixture
def world() -> Iterator[World]:
    """A company at noon on a Wednesday, where nothing has happened yet."""
    with World().begun() as world:
        yield world
