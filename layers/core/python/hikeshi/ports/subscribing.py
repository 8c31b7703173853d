"""What keeping mail subscriptions needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from hikeshi.domain.subscriptions import Subscription


class MailSubscriptions(Protocol):
    """The subscriptions of the mail topic."""

    def all(self) -> Sequence[Subscription]:
        """Return every mail subscription, confirmed or not; of the latter the recipients are unknown."""
        ...

    def subscribe(self, subscription: Subscription) -> None:
        """Ask for a subscription: the provider mails the address once to confirm it."""
        ...

    def redirect(self, subscription: Subscription) -> None:
        """Let a confirmed subscription take the messages of its recipients, and no others."""
        ...

    def end(self, subscription: Subscription) -> None:
        """End a confirmed subscription."""
        ...

    def confirm(self, token: str) -> None:
        """Confirm an address with the token of the provider's mail, so that no link can end it.

        Raises
        ------
        InvalidFormError
            If the token is not one, or is older than three days.
        """
        ...
