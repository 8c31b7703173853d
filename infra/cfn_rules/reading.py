"""Reading a parsed template: resources by type, and what an intrinsic function points at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Properties = Mapping[str, Any]

FUNCTION = "AWS::Lambda::Function"
QUEUE = "AWS::SQS::Queue"
TABLE = "AWS::DynamoDB::Table"
MAPPING = "AWS::Lambda::EventSourceMapping"
MACHINE = "AWS::StepFunctions::StateMachine"


def resources(template: Mapping[str, Any], *types: str) -> dict[str, Properties]:
    """Return the properties of all resources of these types, by logical id."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template.get("Resources", {}).items()
        if isinstance(resource, Mapping) and resource.get("Type") in types
    }


def target(value: object) -> str:
    """Return the logical id that a Ref, a GetAtt or a Sub of one resource points at, else ``""``."""
    if not isinstance(value, Mapping):
        return ""
    if "Ref" in value:
        return str(value["Ref"])
    if "Fn::GetAtt" in value:
        attribute = value["Fn::GetAtt"]
        return attribute.split(".")[0] if isinstance(attribute, str) else str(attribute[0])
    text = value.get("Fn::Sub")
    if isinstance(text, str) and "${" in text:
        return text.split("${", 1)[1].split("}", 1)[0].split(".")[0]
    return ""


def as_list(value: object) -> Sequence[Any]:
    """Return a list as it is, nothing as an empty list, and anything else as a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def statements(role: Properties) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    """Yield the inline statements of a role with the positions of their policy and themselves."""
    for place, policy in enumerate(as_list(role.get("Policies"))):
        for number, statement in enumerate(as_list(policy.get("PolicyDocument", {}).get("Statement"))):
            yield place, number, statement


def alarmed(template: Mapping[str, Any], *, namespace: str, metric: str) -> set[str]:
    """Return the logical ids whose metric has an alarm that tells somebody."""
    found = set()
    for alarm in resources(template, "AWS::CloudWatch::Alarm").values():
        watches = alarm.get("Namespace") == namespace and alarm.get("MetricName") == metric
        if watches and alarm.get("AlarmActions"):
            found |= {target(dimension.get("Value")) for dimension in as_list(alarm.get("Dimensions"))}
    return found


def execution_role(template: Mapping[str, Any], function: Properties) -> Properties | None:
    """Return the role of a function if this template defines it."""
    return resources(template, "AWS::IAM::Role").get(target(function.get("Role")))
