"""What was done for the people who turned to us, in numbers: answers and their delay, and compensation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from hikeshi.domain.support import Compensation, Inquiry


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerTotals:
    """Counts of enquiries and sums of compensation.

    Attributes
    ----------
    in_time : int
        Of those who have their reply, how many had it by the time that it was due.
    reply_after, slowest : timedelta or None
        The middle and the longest time until people had their reply; None if nobody has.
    promised_yen, paid_yen : int
        Whole yen; what is paid was promised before.
    """

    inquiries: int
    replied: int
    in_time: int
    reply_after: timedelta | None
    slowest: timedelta | None
    promised: int
    promised_yen: int
    paid: int
    paid_yen: int


def customer_totals(inquiries: Sequence[Inquiry], compensations: Sequence[Compensation]) -> CustomerTotals:
    """Count the enquiries and compensations of an incident."""
    replied = [(each, each.reply) for each in inquiries if each.reply is not None]
    delays = [(reply.at - each.taken_at).total_seconds() for each, reply in replied]
    paid = [each for each in compensations if each.paid_at is not None]
    return CustomerTotals(
        inquiries=len(inquiries),
        replied=len(replied),
        in_time=sum(reply.at <= each.due_at for each, reply in replied),
        reply_after=timedelta(seconds=median(delays)) if delays else None,
        slowest=timedelta(seconds=max(delays)) if delays else None,
        promised=len(compensations),
        promised_yen=sum(each.amount_yen for each in compensations),
        paid=len(paid),
        paid_yen=sum(each.amount_yen for each in paid),
    )
