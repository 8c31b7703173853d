"""Domain records as DynamoDB items, driven by the records' own type hints.

One rule for all tables: strings, numbers and booleans are themselves; times are ISO 8601 in UTC with
microseconds; spans are seconds; tuples are lists; records and mappings are maps; ``None`` is the
absence of the attribute. An item that lacks an attribute takes the field's default, so that a field
may be added without touching what is stored.
"""

from __future__ import annotations

import types
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Record = TypeVar("Record")
Item = dict[str, "AttributeValueTypeDef"]


def iso(moment: datetime) -> str:
    """Write a time so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def to_item(record: Any, **extra: Any) -> Item:
    """Turn a record into attributes; ``extra`` adds keys and index attributes."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return {name: attribute(value) for name, value in (values | extra).items() if value is not None}


def attribute(value: Any) -> AttributeValueTypeDef:
    """Turn one value into an attribute.

    Raises
    ------
    TypeError
        If the value has no place in an item.
    """
    found: AttributeValueTypeDef
    match value:
        case bool():
            found = {"BOOL": value}
        case str():
            found = {"S": str(value)}
        case int() | float():
            found = {"N": repr(value)}
        case datetime():
            found = {"S": iso(value)}
        case timedelta():
            found = {"N": repr(value.total_seconds())}
        case tuple() | list():
            found = {"L": [attribute(each) for each in value]}
        case frozenset():
            found = {"L": [attribute(each) for each in sorted(value)]}
        case Mapping():
            found = {"M": {str(key): attribute(each) for key, each in value.items() if each is not None}}
        case _ if is_dataclass(value):
            found = {"M": to_item(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no place in an item")
    return found


def from_item(record: type[Record], item: Mapping[str, Any], **given: Any) -> Record:
    """Turn attributes back into a record; attributes that the record does not know are passed over.

    ``given`` are fields that the caller reads itself.
    """
    hints, absent = _hints(cast("Hashable", record)), _absent(cast("Hashable", record))
    values = {
        name: _value(hint, item[name]) for name, hint in hints.items() if name in item and name not in given
    }
    return record(**{**absent, **values, **given})


@cache
def _hints(record: Hashable) -> dict[str, Any]:
    return get_type_hints(record)


@cache
def _absent(record: Hashable) -> Mapping[str, None]:
    """Return the fields whose absence is a None."""
    hints = _hints(record)
    return {
        field.name: None
        for field in fields(record)  # type: ignore[arg-type]  # every caller passes a dataclass
        if field.default is MISSING and field.default_factory is MISSING and _optional(hints[field.name])
    }


def _optional(hint: Any) -> bool:
    return type(None) in get_args(hint)


@cache
def _unfolded(hint: Hashable) -> tuple[Any, Any, tuple[Any, ...]]:
    """Return a hint without its None, its origin and its arguments: asked for every value of every item."""
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    return hint, get_origin(hint), get_args(hint)


def _value(hint: Any, attribute: Mapping[str, Any]) -> Any:
    ((tag, stored),) = attribute.items()
    hint, origin, arguments = _unfolded(hint)
    if tag == "L":
        element = arguments[0]
        made = (_value(element, each) for each in stored)
        return frozenset(made) if origin is frozenset else tuple(made)
    if tag == "M" and origin is not None:
        element = arguments[1]
        return {key: _value(element, each) for key, each in stored.items()}
    if tag == "M":
        return from_item(hint, stored)
    return _scalar(hint, stored)


def _scalar(hint: Any, stored: Any) -> Any:
    if hint is datetime:
        return datetime.fromisoformat(stored)
    if hint is timedelta:
        return timedelta(seconds=float(stored))
    if hint in (int, float) or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        return hint(stored)
    return stored
