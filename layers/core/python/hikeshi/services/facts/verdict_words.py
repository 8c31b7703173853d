"""What checking a claim came to, in words that fit it: a question that can be answered with yes or no is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hikeshi.domain.facts import Verdict
from hikeshi.services.messages.wording import Wording

_ASKS = re.compile(r"(か[。？?]*|[?？])$")
_ASKS_WHAT = re.compile(
    r"どこ|どう|どの|どれ|どんな|なぜ|何|なに|いつ|だれ|誰|いくつ"
    r"|\b(who|what|where|when|why|how|which)\b",
    re.IGNORECASE,
)


def verdict_key(claim: str, verdict: Verdict) -> str:
    """Return the key of a verdict's words under a claim."""
    asked = claim.strip().replace("かどうか", "か")
    answers = verdict in (Verdict.CONFIRMED, Verdict.REFUTED)
    if answers and _ASKS.search(asked) and not _ASKS_WHAT.search(asked):
        return f"verdict_asked.{verdict}"
    return f"verdict.{verdict}"


def verdict_of(claim: str, verdict: Verdict, words: Wording) -> str:
    """Say what checking a claim came to."""
    return words.text(verdict_key(claim, verdict))


def verdicts_of(claim: str, verdicts: Iterable[Verdict], words: Wording) -> tuple[tuple[str, str], ...]:
    """Return what can be chosen under a claim, each with its words."""
    return tuple((each.value, verdict_of(claim, each, words)) for each in verdicts)
