"""Roles say exactly what they allow: named statements, whole actions, own resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from infra.cfn_rules.reading import as_list, resources, statements, target

ROLE = "AWS::IAM::Role"

WIDE_ACTIONS = {
    "sqs:SendMessage*": "for a batch AWS asks for SendMessage, the embedded stack for SendMessageBatch",
}
WIDE_RESOURCES = {
    "DeliverLogs": "vended log delivery has no resource level",
    "AskForOptOuts": "a telephone number is no resource; the call reveals one bit and changes nothing",
    "ReadSubscriptions": "SNS knows no resource level for reading one subscription",
    "ResumeExecutions": "a task token names its execution; the embedded stack checks against *",
}
NOT_RESOURCES = {
    "SendSms": "telephone numbers are no ARNs; everything that is a topic is excluded",
}
APPEND_ONLY = "IncidentsTable"
REMOVING = frozenset(
    {"dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:PartiQLDelete", "dynamodb:*"}
)


def _path(role: str, place: int, number: int) -> list[str | int]:
    return ["Resources", role, "Properties", "Policies", place, "PolicyDocument", "Statement", number]


def _is_ours(role: Mapping[str, Any]) -> bool:
    """Tell whether the statements are written in template.yaml and not by the SAM transform."""
    return any("Sid" in statement for _, _, statement in statements(role))


class NamedStatements(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """The end-to-end tests hold recorded calls against statements by name."""

    id = "E9111"
    shortdesc = "Every statement has a Sid, unique within its role"
    description = "Name the statement after what it is for"
    tags = ("hikeshi", "iam")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find statements without a name, or with one that is taken."""
        found = []
        for name, role in resources(cfn.template, ROLE).items():
            seen: set[str] = set()
            for place, number, statement in statements(role) if _is_ours(role) else ():
                sid = statement.get("Sid")
                if not sid or sid in seen:
                    found.append(RuleMatch(_path(name, place, number), f"{name}: name missing or taken"))
                seen.add(str(sid))
        return found


class WholeActions(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """A star in an action allows what nobody thought of."""

    id = "E9112"
    shortdesc = "No wildcard in an allowed action"
    description = "List the actions that the function calls"
    tags = ("hikeshi", "iam")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find wildcards and NotAction outside the allow-list."""
        found = []
        for name, role in resources(cfn.template, ROLE).items():
            for place, number, statement in statements(role):
                wide = [a for a in as_list(statement.get("Action")) if "*" in a and a not in WIDE_ACTIONS]
                if wide or "NotAction" in statement:
                    found.append(
                        RuleMatch(_path(name, place, number), f"{name} allows {wide or 'NotAction'}")
                    )
        return found


class OwnResources(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """A star as resource reaches into other stacks of the account."""

    id = "E9113"
    shortdesc = "No statement is open to every resource"
    description = (
        "Name the resource, or add the Sid with its reason to the allow-list in infra/cfn_rules/roles.py"
    )
    tags = ("hikeshi", "iam")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find ``*`` and NotResource outside the allow-lists."""
        found = []
        for name, role in resources(cfn.template, ROLE).items():
            for place, number, statement in statements(role):
                sid = statement.get("Sid", "")
                wide = "*" in as_list(statement.get("Resource")) and sid not in WIDE_RESOURCES
                inverted = "NotResource" in statement and sid not in NOT_RESOURCES
                if wide or inverted:
                    found.append(RuleMatch(_path(name, place, number), f"{name}.{sid} is open to everything"))
        return found


class AppendOnlyIncidents(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """A timeline that a function could shorten would prove nothing."""

    id = "E9114"
    shortdesc = "No role may delete from the incidents table"
    description = "Incidents and their timelines are append-only"
    tags = ("hikeshi", "iam", "dynamodb")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find statements that allow removing an item of the table."""
        found = []
        for name, role in resources(cfn.template, ROLE).items():
            for place, number, statement in statements(role):
                reached = {target(resource) for resource in as_list(statement.get("Resource"))}
                if APPEND_ONLY in reached and REMOVING & set(as_list(statement.get("Action"))):
                    found.append(RuleMatch(_path(name, place, number), f"{name} may delete incidents"))
        return found
