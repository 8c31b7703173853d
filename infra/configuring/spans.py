"""Spans of time that lie within bounds, each field with its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hikeshi.adapters.document_types import write_duration
from infra.configuring.documents import Document, Loc
from infra.configuring.problems import Problem


def span_problems(
    value: timedelta, shortest: timedelta, longest: timedelta, place: Loc, file: Document
) -> Iterator[Problem]:
    """Find a span that is shorter or longer than its field makes sense with.

    The bounds are those of the check, not of what a function reads: what was published before a bound
    was drawn is still read.
    """
    if not shortest <= value <= longest:
        written = {"least": write_duration(shortest), "most": write_duration(longest)}
        yield file.problem("span_out_of_range", place, value=write_duration(value), **written)
