"""Mail subscriptions: which address takes whose messages, and what differs from what should be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hikeshi.domain.people import Roster


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """One address of the mail topic.

    Attributes
    ----------
    arn : str
        Empty while the address has not been confirmed.
    recipients : tuple of str
        Ids of the people whose messages it takes.
    protected : bool
        Whether only somebody with credentials may end it. One that was confirmed by the link in AWS's
        mail is not: its footers carry a link that ends it, and mail scanners open links.
    """

    mail: str
    arn: str = ""
    recipients: tuple[str, ...] = ()
    protected: bool = False

    @property
    def confirmed(self) -> bool:
        """Tell whether mails arrive."""
        return bool(self.arn)


@dataclass(frozen=True, kw_only=True, slots=True)
class Differences:
    """What has to be done so that each person gets their own mails and nobody else does.

    ``unconfirmed`` and ``unprotected`` can be mended by people alone.
    """

    missing: tuple[Subscription, ...] = ()
    misdirected: tuple[Subscription, ...] = ()
    superfluous: tuple[Subscription, ...] = ()
    unconfirmed: tuple[Subscription, ...] = ()
    unprotected: tuple[Subscription, ...] = ()


def differences(roster: Roster, found: Iterable[Subscription]) -> Differences:
    """Hold what there is against the roster; what is returned says how it should be.

    An address that two people share has one subscription with both ids, since SNS knows addresses, not
    people.
    """
    wanted = recipients_by_mail(roster)
    held = {subscription.mail: subscription for subscription in found}
    confirmed = {mail: held[mail] for mail in wanted if mail in held and held[mail].confirmed}
    return Differences(
        missing=tuple(
            Subscription(mail=mail, recipients=ids) for mail, ids in wanted.items() if mail not in held
        ),
        misdirected=tuple(
            Subscription(mail=mail, arn=each.arn, recipients=wanted[mail], protected=each.protected)
            for mail, each in confirmed.items()
            if set(each.recipients) != set(wanted[mail])
        ),
        superfluous=tuple(each for mail, each in held.items() if mail not in wanted and each.confirmed),
        unconfirmed=tuple(
            Subscription(mail=mail, recipients=ids)
            for mail, ids in wanted.items()
            if mail in held and not held[mail].confirmed
        ),
        unprotected=tuple(
            Subscription(mail=mail, arn=each.arn, recipients=wanted[mail])
            for mail, each in confirmed.items()
            if not each.protected
        ),
    )


def recipients_by_mail(roster: Roster) -> dict[str, tuple[str, ...]]:
    """Return for each address the ids of the people whose mails go there."""
    recipients: dict[str, tuple[str, ...]] = {}
    for person in roster.people.values():
        if person.active and person.mail is not None:
            recipients[person.mail] = (*recipients.get(person.mail, ()), person.id)
    return recipients
