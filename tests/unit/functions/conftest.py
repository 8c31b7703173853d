from __future__ import annotations

import pytest

from hikeshi.runtime import bootstrap


@pytest.fixture(autouse=True)
def beats(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The heartbeats of the functions that ran, instead of the table and the metric."""
    heard: list[str] = []
    monkeypatch.setattr(bootstrap, "beat", heard.append)
    return heard
