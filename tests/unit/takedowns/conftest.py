"""A fresh stage for every test, with an incident in hand."""

from __future__ import annotations

import pytest

from hikeshi.domain.lifecycle import IncidentStatus
from tests.fakes.stage import Stage


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.room(IncidentStatus.RESPONDING)
    return stage
