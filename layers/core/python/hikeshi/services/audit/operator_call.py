"""What the operator is told: one call for everything that was found in a minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hikeshi.ports.upkeep import OperatorCall
from hikeshi.services.messages import japanese_time, message_text
from hikeshi.services.messages.wording import Wording

SUBJECT_UNITS = 99
MOST_LISTED = 20

TOLD_AGAIN_AFTER = timedelta(hours=1)
"""How long the operator is left alone with a finding that stays."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something that stands still and needs a person.

    Attributes
    ----------
    kind : str
        Key of the catalogue: ``operator.finding.<kind>`` says what is wrong, ``operator.remedy.<kind>``
        what to do.
    key : str
        Names this very finding, so that it is told once.
    values : mapping of str to str
        Values of the sentence; a name that ends in ``_key`` holds a key of the catalogue.
    again_after : timedelta
        How long the operator is left alone with it.
    """

    kind: str
    key: str
    since: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    again_after: timedelta = TOLD_AGAIN_AFTER


def operator_call(findings: Sequence[Finding], *, words: Wording, at: datetime) -> OperatorCall:
    """Write the call; findings of one kind share one remedy."""
    sentences = [_sentence(finding, words=words, at=at) for finding in findings]
    first, others = sentences[0], len(sentences) - 1
    headline = words.text("operator.more", first=first, count=others) if others else first
    sms = words.text("operator.sms", headline=headline)
    subject = words.text("operator.subject", headline=headline)
    listed = [words.text("operator.item", sentence=each) for each in sentences[:MOST_LISTED]]
    remedies = dict.fromkeys(words.text(f"operator.remedy.{finding.kind}") for finding in findings)
    mail = words.text(
        "operator.mail",
        at=japanese_time.full(at, words),
        findings="\n".join(listed),
        remedies="\n".join(words.text("operator.item", sentence=each) for each in remedies),
    )
    return OperatorCall(
        subject=message_text.shortened(subject, SUBJECT_UNITS),
        mail=mail.strip() + "\n",
        sms=message_text.shortened(sms, message_text.SINGLE_SMS),
    )


def _sentence(finding: Finding, *, words: Wording, at: datetime) -> str:
    values = {
        name.removesuffix("_key"): words.text(value) if name.endswith("_key") else value
        for name, value in finding.values.items()
    }
    since = japanese_time.day_and_clock(finding.since, words, now=at)
    return words.text(f"operator.finding.{finding.kind}", since=since, **values)
