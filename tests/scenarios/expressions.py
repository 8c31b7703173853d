"""The JSONata in the state machines, evaluated by the library that the embedded stack uses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jsonata
from jsonata.jexception import JException
from jsonata.utils import Utils

from tests.scenarios.failing import TaskFailed

QUERY_ERROR = "States.QueryEvaluationError"


def evaluate(template: Any, *, states: Mapping[str, Any], variables: Mapping[str, Any]) -> Any:
    """Fill a template: every string in ``{% … %}`` becomes the value of its expression.

    Raises
    ------
    TaskFailed
        ``States.QueryEvaluationError``, as AWS has it, if an expression has no value or breaks.
    """
    if isinstance(template, str):
        is_expression = template.startswith("{%") and template.endswith("%}")
        return _value(template[2:-2].strip(), states, variables) if is_expression else template
    if isinstance(template, dict):
        return {key: evaluate(each, states=states, variables=variables) for key, each in template.items()}
    if isinstance(template, list):
        return [evaluate(each, states=states, variables=variables) for each in template]
    return template


def _value(expression: str, states: Mapping[str, Any], variables: Mapping[str, Any]) -> Any:
    # The library takes None for "undefined" and has a value of its own for null.
    bound = {name: Utils.NULL_VALUE if value is None else value for name, value in variables.items()}
    try:
        value = _parsed(expression).evaluate(None, {**bound, "states": states})
    except JException as error:
        raise TaskFailed(QUERY_ERROR, f"{expression}: {error}") from error
    if value is None:
        raise TaskFailed(QUERY_ERROR, f"{expression} has no value")
    return None if value is Utils.NULL_VALUE else value


@lru_cache(maxsize=500)
def _parsed(expression: str) -> Any:
    return jsonata.Jsonata.jsonata(expression)
