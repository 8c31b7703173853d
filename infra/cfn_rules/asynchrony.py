"""Whatever is asynchronous keeps what it could not handle, and says so."""

from __future__ import annotations

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from hikeshi.runtime.heartbeat import METRIC, NAMESPACE
from infra.cfn_rules.reading import (
    FUNCTION,
    MACHINE,
    MAPPING,
    QUEUE,
    Properties,
    alarmed,
    as_list,
    resources,
    target,
)

RECEIVES = 5
VISIBILITY_FACTOR = 6


class QueueKeepsPoison(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """A message that cannot be handled must neither block its neighbours nor be lost."""

    id = "E9121"
    shortdesc = "A queue that feeds a function has a dead letter queue and time enough"
    description = "RedrivePolicy with maxReceiveCount 5, and VisibilityTimeout of six times the function's"
    tags = ("hikeshi", "sqs")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find queues without a dead letter queue or with too short a visibility time-out."""
        queues = resources(cfn.template, QUEUE)
        functions = resources(cfn.template, FUNCTION)
        found = []
        for mapping in resources(cfn.template, MAPPING).values():
            name = target(mapping.get("EventSourceArn"))
            if name not in queues:
                continue
            redrive = queues[name].get("RedrivePolicy", {})
            kept = (
                target(redrive.get("deadLetterTargetArn")) in queues
                and redrive.get("maxReceiveCount") == RECEIVES
            )
            timeout = functions.get(target(mapping.get("FunctionName")), {}).get("Timeout", 3)
            if not kept:
                found.append(RuleMatch(["Resources", name], f"{name} has no dead letter queue after 5 tries"))
            if queues[name].get("VisibilityTimeout", 30) < VISIBILITY_FACTOR * timeout:
                found.append(RuleMatch(["Resources", name], f"{name} shows messages again too soon"))
        return found


class BatchesFailPartly(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """One bad record must not repeat or hold up its batch mates."""

    id = "E9122"
    shortdesc = "A batch fails in part: reported items for queues; bisection and a destination for streams"
    description = (
        "ReportBatchItemFailures, or BisectBatchOnFunctionError with MaximumRetryAttempts and OnFailure"
    )
    tags = ("hikeshi", "lambda")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find event source mappings that fail whole or for ever."""
        queues = resources(cfn.template, QUEUE)
        found = []
        for name, mapping in resources(cfn.template, MAPPING).items():
            if target(mapping.get("EventSourceArn")) in queues:
                good = "ReportBatchItemFailures" in as_list(mapping.get("FunctionResponseTypes"))
            else:
                failed_to = mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
                good = (
                    mapping.get("BisectBatchOnFunctionError") is True
                    and mapping.get("MaximumRetryAttempts", -1) >= 0
                    and target(failed_to) in queues
                )
            if not good:
                found.append(RuleMatch(["Resources", name], f"{name} does not fail in part"))
        return found


class SchedulesKeepFailures(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """A schedule calls asynchronously: both the call and the run can fail unseen."""

    id = "E9123"
    shortdesc = "A schedule and the function it calls each have somewhere to put failures"
    description = "DeadLetterConfig on the schedule, EventInvokeConfig.OnFailure on the function"
    tags = ("hikeshi", "scheduler", "lambda")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find schedules without a dead letter queue, and their functions without a destination."""
        queues = resources(cfn.template, QUEUE)
        covered = {
            target(config.get("FunctionName"))
            for config in resources(cfn.template, "AWS::Lambda::EventInvokeConfig").values()
            if target(config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")) in queues
        }
        found = []
        for name, schedule in resources(cfn.template, "AWS::Scheduler::Schedule").items():
            aim = schedule.get("Target", {})
            if target(aim.get("DeadLetterConfig", {}).get("Arn")) not in queues:
                found.append(RuleMatch(["Resources", name], f"{name} has no dead letter queue"))
            if target(aim.get("Arn")) not in covered:
                found.append(RuleMatch(["Resources", name], f"{name}: failed runs go nowhere"))
        return found


class SilenceIsHeardOf(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """What runs by a clock can stop without failing."""

    id = "E9126"
    shortdesc = "Every scheduled function has a dead man's switch"
    description = "Alarm on the function's heartbeat that takes missing data for silence, and tells somebody"
    tags = ("hikeshi", "scheduler", "cloudwatch")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find scheduled functions that could stop unheard."""
        alarms = resources(cfn.template, "AWS::CloudWatch::Alarm").values()
        switches = [alarm for alarm in alarms if _hears_silence(alarm)]
        watched = {target(each.get("Value")) for alarm in switches for each in alarm["Dimensions"]}
        called = {
            target(schedule.get("Target", {}).get("Arn"))
            for schedule in resources(cfn.template, "AWS::Scheduler::Schedule").values()
        }
        return [
            RuleMatch(["Resources", name], f"{name} may stop unheard") for name in sorted(called - watched)
        ]


def _hears_silence(alarm: Properties) -> bool:
    counts = alarm.get("Namespace") == NAMESPACE and alarm.get("MetricName") == METRIC
    below_one = alarm.get("ComparisonOperator") == "LessThanThreshold" and alarm.get("Threshold") == 1
    missing = alarm.get("TreatMissingData") == "breaching"
    return counts and below_one and missing and bool(alarm.get("AlarmActions"))


class DeadLettersAreHeardOf(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """A dead letter queue that nobody looks at is a bin."""

    id = "E9124"
    shortdesc = "Every dead letter queue has an alarm"
    description = "Alarm on ApproximateNumberOfMessagesVisible above 0 with an action"
    tags = ("hikeshi", "sqs", "cloudwatch")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find queues that feed no function, are therefore dead ends, and have no alarm."""
        fed = {target(m.get("EventSourceArn")) for m in resources(cfn.template, MAPPING).values()}
        heard = alarmed(cfn.template, namespace="AWS/SQS", metric="ApproximateNumberOfMessagesVisible")
        return [
            RuleMatch(["Resources", name], f"{name} has no alarm")
            for name in resources(cfn.template, QUEUE)
            if name not in fed and name not in heard
        ]


class MachinesAreHeardOf(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """A failed execution is an incident that stands still."""

    id = "E9125"
    shortdesc = "Every state machine logs, and has alarms on failed and timed out executions"
    description = "Logging of errors, and alarms on ExecutionsFailed and ExecutionsTimedOut"
    tags = ("hikeshi", "stepfunctions", "cloudwatch")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find state machines that can fail unheard."""
        failed = alarmed(cfn.template, namespace="AWS/States", metric="ExecutionsFailed")
        late = alarmed(cfn.template, namespace="AWS/States", metric="ExecutionsTimedOut")
        found = []
        for name, machine in resources(cfn.template, MACHINE).items():
            logging = machine.get("LoggingConfiguration", {})
            if name not in failed & late:
                found.append(RuleMatch(["Resources", name], f"{name} has no alarms"))
            if logging.get("Level", "OFF") == "OFF" or logging.get("IncludeExecutionData"):
                found.append(RuleMatch(["Resources", name], f"{name} must log errors, without their data"))
        return found
