"""Data is encrypted, private, kept when a stack goes, and can be brought back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from infra.cfn_rules.reading import QUEUE, TABLE, as_list, resources, target

BUCKET = "AWS::S3::Bucket"
TWO_WEEKS = 1_209_600
KEY_LENGTH = 48
BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


def _kept(template: Mapping[str, Any], name: str) -> bool:
    resource: Mapping[str, Any] = template["Resources"][name]
    return resource.get("DeletionPolicy") == "Retain" and resource.get("UpdateReplacePolicy") == "Retain"


class TablesComeBack(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """What one bad deployment or write destroys must be recoverable."""

    id = "E9131"
    shortdesc = "A table is retained, protected, encrypted and restorable"
    description = "Retain policies, DeletionProtectionEnabled, SSE and point-in-time recovery"
    tags = ("hikeshi", "dynamodb")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Name what each table lacks."""
        found = []
        for name, table in resources(cfn.template, TABLE).items():
            recovery = table.get("PointInTimeRecoverySpecification", {})
            lacks = [
                what
                for what, has in {
                    "a Retain policy": _kept(cfn.template, name),
                    "deletion protection": bool(table.get("DeletionProtectionEnabled")),
                    "encryption": table.get("SSESpecification", {}).get("SSEEnabled") is True,
                    "point-in-time recovery": recovery.get("PointInTimeRecoveryEnabled") is True,
                }.items()
                if not has
            ]
            if lacks:
                found.append(RuleMatch(["Resources", name], f"{name} lacks {', '.join(lacks)}"))
        return found


class BucketsArePrivate(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """Posts and reports about people lie here."""

    id = "E9132"
    shortdesc = "A bucket is private, encrypted, versioned, retained and refuses plain HTTP"
    description = "Block all public access, encrypt, version, and deny aws:SecureTransport false"
    tags = ("hikeshi", "s3")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Name what each bucket lacks."""
        guarded = {
            target(policy.get("Bucket"))
            for policy in resources(cfn.template, "AWS::S3::BucketPolicy").values()
            for statement in as_list(policy.get("PolicyDocument", {}).get("Statement"))
            if statement.get("Effect") == "Deny" and "SecureTransport" in str(statement.get("Condition"))
        }
        found = []
        for name, bucket in resources(cfn.template, BUCKET).items():
            blocks = bucket.get("PublicAccessBlockConfiguration", {})
            lacks = [
                what
                for what, has in {
                    "a block on public access": all(blocks.get(block) is True for block in BLOCKS),
                    "encryption": bool(bucket.get("BucketEncryption")),
                    "versions": bucket.get("VersioningConfiguration", {}).get("Status") == "Enabled",
                    "a Retain policy": _kept(cfn.template, name),
                    "a policy against plain HTTP": name in guarded,
                }.items()
                if not has
            ]
            if lacks:
                found.append(RuleMatch(["Resources", name], f"{name} lacks {', '.join(lacks)}"))
        return found


class QueuesAreEncrypted(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """Queues hold posts with their authors."""

    id = "E9133"
    shortdesc = "A queue is encrypted and keeps messages for two weeks"
    description = "SqsManagedSseEnabled, MessageRetentionPeriod 1209600"
    tags = ("hikeshi", "sqs")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find queues that are not."""
        return [
            RuleMatch(["Resources", name], f"{name} is not encrypted or forgets too soon")
            for name, queue in resources(cfn.template, QUEUE).items()
            if queue.get("SqsManagedSseEnabled") is not True
            or queue.get("MessageRetentionPeriod") != TWO_WEEKS
        ]


class SecretsAreGenerated(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """A secret that stands in a template is none."""

    id = "E9134"
    shortdesc = "A secret is generated, never written down"
    description = "Use GenerateSecretString with 48 characters"
    tags = ("hikeshi", "secretsmanager")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find secrets with a literal value or a short one."""
        return [
            RuleMatch(["Resources", name], f"{name} is written down or short")
            for name, secret in resources(cfn.template, "AWS::SecretsManager::Secret").items()
            if secret.get("GenerateSecretString", {}).get("PasswordLength", 0) < KEY_LENGTH
        ]
