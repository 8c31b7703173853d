"""Mail subscriptions in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.subscriptions import Subscription


class InMemorySubscriptions:
    """Keeps subscriptions; ``tokens`` holds what was mailed to each address that is not confirmed yet."""

    def __init__(self) -> None:
        self.held: dict[str, Subscription] = {}
        self.tokens: dict[str, str] = {}

    def all(self) -> Sequence[Subscription]:
        return [each if each.confirmed else Subscription(mail=mail) for mail, each in self.held.items()]

    def subscribe(self, subscription: Subscription) -> None:
        self.held[subscription.mail] = replace(subscription, arn="", protected=False)
        self.tokens[f"token-of-{subscription.mail}"] = subscription.mail

    def redirect(self, subscription: Subscription) -> None:
        self.held[subscription.mail] = replace(
            self.held[subscription.mail], recipients=subscription.recipients
        )

    def end(self, subscription: Subscription) -> None:
        del self.held[subscription.mail]

    def confirm(self, token: str) -> None:
        if token not in self.tokens:
            raise InvalidFormError("SNS does not know it, or it is older than 3 days", field="token")
        mail = self.tokens.pop(token)
        self.held[mail] = replace(self.held[mail], arn=f"arn:of:{mail}", protected=True)

    def click(self, mail: str) -> None:
        """Open the link of the confirmation mail, as most people do."""
        self.held[mail] = replace(self.held[mail], arn=f"arn:of:{mail}", protected=False)
