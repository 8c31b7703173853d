"""What API Gateway answers by itself, as the template words it: the emulator answers JSON of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
_OWN = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "REQUEST_TOO_LARGE",
    HTTPStatus.TOO_MANY_REQUESTS: "THROTTLED",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DoorAnswer:
    """A page that no function made."""

    content: bytes
    headers: Mapping[str, str]


@cache
def _responses() -> Mapping[str, Any]:
    template = YAML(typ="rt").load(TEMPLATE.read_text("utf-8"))  # passes over the tags of CloudFormation
    responses: Mapping[str, Any] = template["Resources"]["Api"]["Properties"]["GatewayResponses"]
    return responses


def at_the_door(status: int) -> DoorAnswer:
    """Return what AWS would show of an answer that never came from a function."""
    otherwise = "DEFAULT_5XX" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "DEFAULT_4XX"
    named = _OWN.get(HTTPStatus(status), otherwise)
    said = _responses()[named]
    headers = {name: value.strip("'") for name, value in said["ResponseParameters"]["Headers"].items()}
    return DoorAnswer(content=said["ResponseTemplates"]["application/json"].encode(), headers=headers)
