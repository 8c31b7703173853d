"""The template as CloudFormation gets it, after the SAM transform."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
LOCAL_PATHS = ("CodeUri", "ContentUri", "DefinitionUri")
PLACE = "s3://artifacts/object"
"""Where ``sam deploy`` would have put code; the transform takes no local paths."""

Template = dict[str, Any]


class _Session:
    """As much of a boto3 session as the transform asks for."""

    region_name = "ap-northeast-1"


def parsed(path: Path = TEMPLATE) -> Template:
    """Read a template; intrinsic functions in their long form, anchors resolved."""
    template: Template = yaml_parse(path.read_text(encoding="utf-8"))
    return copy.deepcopy(template)


def transformed(template: Mapping[str, Any]) -> Template:
    """Return the template with every ``AWS::Serverless`` resource expanded."""
    given = copy.deepcopy(dict(template))
    for resource in given["Resources"].values():
        properties = resource.get("Properties", {})
        for key in LOCAL_PATHS:
            if isinstance(properties.get(key), str):
                properties[key] = PLACE
    result: Template = Translator({}, Parser(), boto_session=_Session()).translate(given, _defaults(given))
    return result


def _defaults(template: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(p["Default"]) for name, p in template["Parameters"].items() if "Default" in p}
