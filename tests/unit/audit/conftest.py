from __future__ import annotations

import pytest

from tests.unit.audit.night import Night


@pytest.fixture
def night() -> Night:
    return Night()
