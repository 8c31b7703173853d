"""Past posts, and what people know of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.errors import InvalidPostError
from hikeshi.domain.feedback import Feedback
from hikeshi.domain.posts import Post
from hikeshi.services.collection import post_payload
from infra.ingesting.reading import NOT_DECODED, is_broken
from infra.lexicon.benign import LABELLED

UNTIMED = datetime(2000, 1, 1, tzinfo=UTC)
"""The time of a post that came without one: such posts are judged, but no minutes are counted."""

_RECEIVED = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A past post.

    Attributes
    ----------
    expected : Level or None
        The level it should have; None if nobody said.
    category : Category or None
        What it tells of, as far as anybody said.
    matter : str or None
        Id of the alert or case it belongs to; None lets its text decide.
    from_people : bool
        Whether it comes from feedback on real alerts.
    """

    post: Post
    expected: Level | None = None
    category: Category | None = None
    matter: str | None = None
    from_people: bool = False

    @property
    def is_timed(self) -> bool:
        """Tell whether it is known when the post was written."""
        return self.post.published_at != UNTIMED


def read_cases(lines: Iterable[str | InvalidPostError], *, name: str) -> Iterator[Case]:
    """Read JSON lines: posts, with ``level`` (or ``label``), ``category`` and ``case`` where known.

    Raises
    ------
    InvalidPostError
        Naming the line that is none.
    """
    for number, line in enumerate(lines, 1):
        try:
            if isinstance(line, InvalidPostError):
                raise line
            if is_broken(line):
                raise NOT_DECODED
            if line.strip():
                yield _case(post_payload.parse_json(line.removeprefix("\ufeff")))
        except (InvalidPostError, ValueError) as error:
            raise InvalidPostError(f"{name}:{number}: {error}") from None


def feedback_cases(feedback: Iterable[Feedback]) -> Iterator[Case]:
    """Return what people said of alerts and missed posts as cases."""
    for word in feedback:
        yield Case(
            post=word.post,
            expected=word.expected,
            category=word.category,
            matter=word.alert_id,
            from_people=True,
        )


def labelled_cases() -> list[Case]:
    """Return the half of the labelled set that may be looked at; none if it is not here."""
    if not LABELLED.is_file():
        return []
    rows = (json.loads(line) for line in LABELLED.read_text("utf-8").splitlines())
    return [_case(row) for row in rows]


def _case(record: object) -> Case:
    if not isinstance(record, Mapping):
        raise InvalidPostError("1 行に 1 件の JSON のオブジェクトを書いてください / a case is a JSON object")
    post = post_payload.read_post(
        {"published_at": UNTIMED.isoformat(), **{k: v for k, v in record.items() if v is not None}},
        received_at=_RECEIVED,
        default_source="past",
        ignore_unknown=True,
    )
    matter = record.get("case")
    return Case(
        post=post,
        expected=_one_of(Level, record.get("level", record.get("label"))),
        category=_one_of(Category, record.get("category")),
        matter=None if matter is None else str(matter),
    )


def _one_of(kind: Any, value: object) -> Any:
    if value is None:
        return None
    try:
        return kind(value)
    except ValueError:
        raise InvalidPostError(
            f"「{value}」は使えません。使えるのは: {', '.join(kind)} / `{value}` is not possible here"
        ) from None
