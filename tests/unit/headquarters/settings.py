"""What the reminders of these tests are asked with."""

from __future__ import annotations

from dataclasses import replace

from hikeshi.domain.configuration import Configuration
from tests.builders import a_configuration


def a_configured() -> Configuration:
    """The invented company without the clock from the post, which has tests of its own."""
    configuration = a_configuration()
    return replace(configuration, escalation=replace(configuration.escalation, response_clock={}))
