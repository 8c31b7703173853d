"""Each flaw that somebody could write into the template is found by the house rule meant for it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from infra.cfn_rules.lint import broken_house_rules
from infra.cfn_rules.transforming import parsed

Template = dict[str, Any]
RAW = parsed()


def properties(template: Template, name: str) -> Template:
    found: Template = template["Resources"][name]["Properties"]
    return found


def statement(template: Template, role: str, sid: str) -> Template:
    document = properties(template, role)["Policies"][0]["PolicyDocument"]
    return next(s for s in document["Statement"] if s["Sid"] == sid)


def without(name: str, *path: str | int) -> Callable[[Template], object]:
    """Return a flaw that takes something away from a resource's properties."""

    def flaw(template: Template) -> object:
        place: Any = properties(template, name)
        for key in path[:-1]:
            place = place[key]
        return place.pop(path[-1])

    return flaw


def with_(name: str, **changes: object) -> Callable[[Template], object]:
    """Return a flaw that overwrites properties of a resource."""
    return lambda template: properties(template, name).update(changes)


def gone(name: str) -> Callable[[Template], object]:
    """Return a flaw that removes a resource."""
    return lambda template: template["Resources"].pop(name)


@dataclass(frozen=True)
class Flaw:
    what: str
    rule: str
    make: Callable[[Template], object]


FLAWS = [
    Flaw("a function without a log group", "E9101", without("PageStepFunction", "LoggingConfig")),
    Flaw("a log group that keeps for ever", "E9101", without("PageStepLogGroup", "RetentionInDays")),
    Flaw(
        "two functions in one log group",
        "E9101",
        with_("PageStepFunction", LoggingConfig={"LogGroup": {"Ref": "DraftReportLogGroup"}}),
    ),
    Flaw("a function with a generated role", "E9102", without("DraftReportFunction", "Role")),
    Flaw(
        "two functions with one role",
        "E9102",
        with_("DraftReportFunction", Role={"Fn::GetAtt": ["PageStepRole", "Arn"]}),
    ),
    Flaw(
        "a managed policy",
        "E9102",
        with_("PageStepRole", ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"]),
    ),
    Flaw("a function whose errors nobody hears of", "E9103", gone("ScorePostsErrorsAlarm")),
    Flaw("an alarm that tells nobody", "E9103", without("ScorePostsErrorsAlarm", "AlarmActions")),
    Flaw(
        "a statement without a name",
        "E9111",
        lambda t: statement(t, "OpenIncidentRole", "ReadAlerts").pop("Sid"),
    ),
    Flaw(
        "two statements of one name",
        "E9111",
        lambda t: statement(t, "OpenIncidentRole", "ReadAlerts").update(Sid="WriteLogs"),
    ),
    Flaw(
        "a wildcard action",
        "E9112",
        lambda t: statement(t, "OpenIncidentRole", "ReadAlerts").update(Action="dynamodb:*"),
    ),
    Flaw(
        "every action but one",
        "E9112",
        lambda t: statement(t, "OpenIncidentRole", "ReadAlerts").update(NotAction="iam:PassRole"),
    ),
    Flaw(
        "a wildcard resource",
        "E9113",
        lambda t: statement(t, "OpenIncidentRole", "ReadAlerts").update(Resource="*"),
    ),
    Flaw(
        "every resource but one",
        "E9113",
        lambda t: statement(t, "PageStepRole", "NotePages").update(NotResource="arn:aws:s3:::x"),
    ),
    Flaw(
        "a role that may shorten a timeline",
        "E9114",
        lambda t: statement(t, "PageStepRole", "NotePages")["Action"].append("dynamodb:DeleteItem"),
    ),
    Flaw("a queue without a dead letter queue", "E9121", without("PostsQueue", "RedrivePolicy")),
    Flaw(
        "a queue that tries for ever",
        "E9121",
        lambda t: properties(t, "PostsQueue")["RedrivePolicy"].update(maxReceiveCount=1000),
    ),
    Flaw("a queue that shows messages again too soon", "E9121", with_("PostsQueue", VisibilityTimeout=60)),
    Flaw(
        "a batch that fails whole",
        "E9122",
        lambda t: properties(t, "ScorePostsFunction")["Events"]["OnPosts"]["Properties"].pop(
            "FunctionResponseTypes"
        ),
    ),
    Flaw(
        "a stream that drops what it cannot handle",
        "E9122",
        lambda t: properties(t, "DriveWorkflowFunction")["Events"]["OnNewRow"]["Properties"].pop(
            "DestinationConfig"
        ),
    ),
    Flaw(
        "a stream that one bad row stops for ever",
        "E9122",
        lambda t: properties(t, "DriveWorkflowFunction")["Events"]["OnNewRow"]["Properties"].pop(
            "MaximumRetryAttempts"
        ),
    ),
    Flaw(
        "a schedule without a dead letter queue",
        "E9123",
        lambda t: properties(t, "FetchPostsFunction")["Events"]["EveryMinute"]["Properties"].pop(
            "DeadLetterConfig"
        ),
    ),
    Flaw("a scheduled run that fails unseen", "E9123", without("FetchPostsFunction", "EventInvokeConfig")),
    Flaw("a scheduled function without a dead man's switch", "E9126", gone("FetchPostsSilentAlarm")),
    Flaw(
        "a switch that takes silence for calm",
        "E9126",
        with_("DriveWorkflowSilentAlarm", TreatMissingData="notBreaching"),
    ),
    Flaw("a switch that tells nobody", "E9126", without("AuditIncidentsSilentAlarm", "AlarmActions")),
    Flaw(
        "a switch that any run holds back, whatever became of it",
        "E9126",
        with_("DispatchMessagesSilentAlarm", Namespace="AWS/Lambda", MetricName="Invocations"),
    ),
    Flaw("a dead letter queue that nobody hears of", "E9124", gone("OutboxDeadLetterAlarm")),
    Flaw("a machine that fails unheard", "E9125", gone("IncidentLifecycleFailedAlarm")),
    Flaw("a machine that times out unheard", "E9125", gone("EscalationLadderTimedOutAlarm")),
    Flaw("a machine without a log", "E9125", without("EscalationLadder", "Logging")),
    Flaw(
        "a machine that logs task tokens",
        "E9125",
        lambda t: properties(t, "EscalationLadder")["Logging"].update(IncludeExecutionData=True),
    ),
    Flaw("a table without backups", "E9131", without("LinksTable", "PointInTimeRecoverySpecification")),
    Flaw("a table in the clear", "E9131", without("LinksTable", "SSESpecification")),
    Flaw("a table that anyone deletes", "E9131", with_("LinksTable", DeletionProtectionEnabled=False)),
    Flaw(
        "a table that goes with its stack",
        "E9131",
        lambda t: t["Resources"]["LinksTable"].update(DeletionPolicy="Delete"),
    ),
    Flaw(
        "a public bucket",
        "E9132",
        lambda t: properties(t, "ConfigBucket")["PublicAccessBlockConfiguration"].update(
            BlockPublicPolicy=False
        ),
    ),
    Flaw("a bucket without versions", "E9132", without("ConfigBucket", "VersioningConfiguration")),
    Flaw("a bucket in the clear", "E9132", without("ArchiveBucket", "BucketEncryption")),
    Flaw("a bucket over plain HTTP", "E9132", gone("ArchiveBucketPolicy")),
    Flaw("a queue in the clear", "E9133", without("PostsDeadLetterQueue", "SqsManagedSseEnabled")),
    Flaw("a queue that forgets over a weekend", "E9133", with_("PostsQueue", MessageRetentionPeriod=86400)),
    Flaw(
        "a secret in the template",
        "E9134",
        lambda t: t["Resources"]["LinkKeys"].update(Properties={"SecretString": '{"key": "invented"}'}),
    ),
    Flaw("a route that the template lacks", "E9141", without("ResponderApiFunction", "Events", "Act")),
    Flaw(
        "a route spelt in another way",
        "E9141",
        lambda t: properties(t, "ResponderApiFunction")["Events"]["ShowRoom"]["Properties"].update(
            Path="/r/{proxy+}"
        ),
    ),
    Flaw("an API without a throttle", "E9142", without("Api", "MethodSettings")),
    Flaw("an API without a log", "E9143", without("Api", "AccessLogSetting")),
    Flaw(
        "an access log that holds tokens",
        "E9143",
        lambda t: properties(t, "Api")["AccessLogSetting"].update(Format="$context.path"),
    ),
    Flaw(
        "a data trace",
        "E9143",
        lambda t: properties(t, "Api")["MethodSettings"][0].update(DataTraceEnabled=True),
    ),
]


def test_the_template_breaks_no_house_rule() -> None:
    assert broken_house_rules(RAW) == []


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.what)
def test_a_flaw_is_found_by_its_rule(flaw: Flaw) -> None:
    template = copy.deepcopy(RAW)
    flaw.make(template)
    assert flaw.rule in {finding.split()[0] for finding in broken_house_rules(template)}
