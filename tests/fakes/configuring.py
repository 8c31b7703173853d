"""A configuration in memory, seen at most a minute late, as the published one is."""

from __future__ import annotations

from datetime import datetime, timedelta

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import ConfigError
from hikeshi.ports.environment import Clock


class InMemoryConfigurationSource:
    """Holds what was published; ``None`` is a document that cannot be read."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._published: Configuration | None = None
        self._held: Configuration | None = None
        self._checked_at: datetime | None = None

    def publish(self, configuration: Configuration | None) -> None:
        self._published = configuration

    def current(self) -> Configuration:
        now = self._clock.now()
        if self._checked_at is None or now - self._checked_at >= timedelta(minutes=1):
            self._held = self._published or self._held
            if self._held is None:
                raise ConfigError("no configuration was published")
            self._checked_at = now
        if self._held is None:
            raise ConfigError("no configuration was published")
        return self._held
