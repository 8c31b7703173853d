"""The one place where any failure at all is held: between one item of a batch and the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def contained(work: Callable[[], Result]) -> Result | Exception:
    """Do the work of one item; what breaks is returned, so that its neighbours get their turn.

    Whatever it is: one post must not keep the others out of their alerts, and the person behind the
    next row must still be told. The caller reports the error and leaves the item to its retry.
    """
    try:
        return work()
    except Exception as error:
        return error
