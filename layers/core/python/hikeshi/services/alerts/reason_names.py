"""What the parts of a score are called, in the words of whoever reads them.

A reason holds its rule, which the catalogue knows, and the Japanese name that the rule had when the post was
judged. That name stands where the catalogue has none, or where a company calls a rule otherwise.
"""

from __future__ import annotations

from hikeshi.domain.assessment import Reason
from hikeshi.services.messages.said import said
from hikeshi.services.messages.wording import Wording

_NAMES_ARE_IN = "ja"


def name_of(reason: Reason, words: Wording) -> str:
    """Return the name of a reason."""
    key = f"rule.{reason.rule}"
    is_ours = key in words and reason.label == Wording(_NAMES_ARE_IN).text(key)
    return words.text(key) if is_ours else said(reason.label, words)
