"""Every function has its own role, its own log group with a retention, and its own alarm."""

from __future__ import annotations

from collections import Counter

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from infra.cfn_rules.reading import FUNCTION, alarmed, execution_role, resources, target


class LogGroupOfEachFunction(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """Lambda's own log group keeps everything for ever."""

    id = "E9101"
    shortdesc = "A function writes to its own log group, which has a retention"
    description = "Set LoggingConfig.LogGroup to a log group of this template with RetentionInDays"
    tags = ("hikeshi", "lambda")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find functions without such a log group, and log groups that two functions share."""
        groups = resources(cfn.template, "AWS::Logs::LogGroup")
        functions = resources(cfn.template, FUNCTION)
        used = Counter(target(f.get("LoggingConfig", {}).get("LogGroup")) for f in functions.values())
        found = []
        for name, function in functions.items():
            group = target(function.get("LoggingConfig", {}).get("LogGroup"))
            if "RetentionInDays" not in groups.get(group, {}):
                found.append(RuleMatch(["Resources", name], f"{name} has no log group with a retention"))
            elif used[group] > 1:
                found.append(RuleMatch(["Resources", name], f"{name} shares {group} with another function"))
        return found


class RoleOfEachFunction(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """A shared role is the sum of what all its functions may do."""

    id = "E9102"
    shortdesc = "A function has a role of its own, written out in the template"
    description = "Set Role to a role of this template that no other function uses"
    tags = ("hikeshi", "lambda", "iam")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find functions whose role is shared, generated or defined elsewhere."""
        functions = resources(cfn.template, FUNCTION)
        used = Counter(target(function.get("Role")) for function in functions.values())
        found = []
        for name, function in functions.items():
            role = execution_role(cfn.template, function)
            if role is None or used[target(function.get("Role"))] > 1:
                found.append(RuleMatch(["Resources", name], f"{name} has no role of its own"))
            elif role.get("ManagedPolicyArns"):
                found.append(RuleMatch(["Resources", name], f"{name} has a managed policy; write it out"))
        return found


class AlarmOfEachFunction(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """A failing function that nobody hears of is a silent outage."""

    id = "E9103"
    shortdesc = "A function has an alarm on its errors"
    description = "Add an alarm on AWS/Lambda Errors with an action"
    tags = ("hikeshi", "lambda", "cloudwatch")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find functions without an alarm."""
        heard = alarmed(cfn.template, namespace="AWS/Lambda", metric="Errors")
        return [
            RuleMatch(["Resources", name], f"{name} has no alarm on Errors")
            for name in resources(cfn.template, FUNCTION)
            if name not in heard
        ]
