"""Where the configuration comes from."""

from __future__ import annotations

from typing import Protocol

from hikeshi.domain.configuration import Configuration


class ConfigurationSource(Protocol):
    """Holds the deployed configuration."""

    def current(self) -> Configuration:
        """Return the configuration, at most a minute old.

        Raises
        ------
        ConfigError
            If none was published, or it cannot be read.
        """
        ...
