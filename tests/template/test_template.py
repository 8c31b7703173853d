"""template.yaml as a whole: clean, complete, and in agreement with the code it deploys."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from hikeshi.runtime import bootstrap, settings
from hikeshi.runtime.heartbeat import METRIC
from hikeshi.services.audit.heartbeats import SILENT_AFTER
from infra.asl.rules import FOLDER, definitions, substitutions
from infra.cfn_rules.api import PAGES, routes_of_app, routes_of_template
from infra.cfn_rules.lint import findings
from infra.cfn_rules.reading import FUNCTION, MAPPING, resources, statements, target
from infra.cfn_rules.roles import NOT_RESOURCES, WIDE_ACTIONS, WIDE_RESOURCES
from infra.cfn_rules.transforming import TEMPLATE, parsed, transformed

ROOT = TEMPLATE.parent
RAW = parsed()
CFN = transformed(RAW)
FUNCTIONS = {
    n: r["Properties"] for n, r in RAW["Resources"].items() if r["Type"] == "AWS::Serverless::Function"
}

BYTES_A_STATEMENT, BYTES_A_POLICY = 450, 20_480
"""What one permission takes in a function's policy, and what AWS lets the policy be."""

SETTINGS: Mapping[str, type[settings.Settings]] = {
    "FetchPostsFunction": settings.FetchPostsSettings,
    "IngestPostsFunction": settings.IngestPostsSettings,
    "ScorePostsFunction": settings.ScorePostsSettings,
    "OpenIncidentFunction": settings.OpenIncidentSettings,
    "RequestDecisionFunction": settings.LifecycleSettings,
    "AdvanceIncidentFunction": settings.AdvanceIncidentSettings,
    "DraftReportFunction": settings.DraftReportSettings,
    "PageStepFunction": settings.LifecycleSettings,
    "DispatchMessagesFunction": settings.DispatchMessagesSettings,
    "PostChatsFunction": settings.PostChatsSettings,
    "DriveWorkflowFunction": settings.DriveWorkflowSettings,
    "AuditIncidentsFunction": settings.AuditIncidentsSettings,
    "SendDigestFunction": settings.SendDigestSettings,
    "CheckContactsFunction": settings.CheckContactsSettings,
    "ResponderApiFunction": settings.ResponderApiSettings,
}


def environment(function: Mapping[str, Any]) -> dict[str, object]:
    shared = RAW["Globals"]["Function"]["Environment"]["Variables"]
    return {**shared, **function["Environment"]["Variables"]}


def as_cloudformation_would(value: object) -> str:
    """Fill a variable in with something of the right kind."""
    match value:
        case str():
            return value
        case {"Fn::If": [_, _, otherwise]}:
            return as_cloudformation_would(otherwise)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{[^}]+\}", "x", text)
        case {"Ref": name} if name in RAW["Parameters"]:
            return str(RAW["Parameters"][name]["Default"])
        case _:
            return "made-by-cloudformation"


def test_every_linter_is_content_with_the_raw_template() -> None:
    assert findings(RAW) == []


def test_every_linter_is_content_with_what_the_transform_makes_of_it() -> None:
    assert findings(CFN) == []


def test_every_function_of_the_tree_is_deployed_and_no_other() -> None:
    deployed = {properties["CodeUri"].strip("/") for properties in FUNCTIONS.values()}
    assert deployed == {str(p.parent.relative_to(ROOT)) for p in (ROOT / "functions").glob("*/app.py")}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_named_after_its_folder(name: str) -> None:
    folder = FUNCTIONS[name]["CodeUri"].strip("/").split("/")[-1]
    assert name == "".join(word.capitalize() for word in folder.split("_")) + "Function"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_gets_exactly_the_variables_that_its_settings_read(name: str) -> None:
    wanted = {field.upper() for field in SETTINGS[name].model_fields}
    assert set(environment(FUNCTIONS[name])) == wanted


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_variables_of_a_function_satisfy_its_settings(name: str) -> None:
    given = {key: as_cloudformation_would(value) for key, value in environment(FUNCTIONS[name]).items()}
    SETTINGS[name].from_env(given)


def choices() -> list[tuple[str, str, str]]:
    """Return function, variable and value for each variable that is a parameter with listed values."""
    return [
        (name, variable, allowed)
        for name, function in FUNCTIONS.items()
        for variable, value in environment(function).items()
        if isinstance(value, dict)
        for allowed in RAW["Parameters"].get(value.get("Ref"), {}).get("AllowedValues", ())
    ]


@pytest.mark.parametrize(("name", "variable", "allowed"), choices())
def test_what_may_be_deployed_satisfies_the_settings(name: str, variable: str, allowed: str) -> None:
    given = {key: as_cloudformation_would(value) for key, value in environment(FUNCTIONS[name]).items()}
    with_sender = {"MAIL_SENDER": "hikeshi@example.jp"}  # SES is refused without one
    SETTINGS[name].from_env(given | with_sender | {variable: allowed})


@pytest.mark.parametrize("allowed", RAW["Parameters"]["Encoder"]["AllowedValues"])
def test_what_may_be_deployed_reads_posts(allowed: str) -> None:
    assert (bootstrap.encoders_by(allowed) is None) == (allowed == "off")


def test_the_pages_and_the_api_have_the_same_routes() -> None:
    assert routes_of_template(CFN, PAGES) == routes_of_app()


def test_the_webhook_has_its_route() -> None:
    assert routes_of_template(CFN, "IngestPostsFunction") == {("POST", "/ingest")}


def test_a_path_holds_a_token_and_a_name_at_most() -> None:
    for _, path in routes_of_template(CFN, PAGES):
        assert re.findall(r"\{(.*?)\}", path) in ([], ["token"], ["token", "matter"]), path


def test_no_function_may_be_called_by_more_routes_than_its_policy_can_name() -> None:
    permissions = [r for r in CFN["Resources"].values() if r["Type"] == "AWS::Lambda::Permission"]
    named = Counter(str(each["Properties"]["FunctionName"]) for each in permissions)
    assert max(named.values()) * BYTES_A_STATEMENT < BYTES_A_POLICY


def test_the_core_layer_is_built_from_the_folder_that_holds_the_package() -> None:
    layer = RAW["Resources"]["CoreLayer"]
    folder = ROOT / layer["Properties"]["ContentUri"]
    assert (folder / "hikeshi" / "__init__.py").is_file()
    assert layer["Metadata"]["BuildMethod"] == RAW["Globals"]["Function"]["Runtime"]


@pytest.mark.parametrize(
    "path",
    sorted(ROOT.glob("layers/**/requirements.txt")) + sorted(ROOT.glob("functions/*/requirements.txt")),
)
def test_everything_that_is_installed_is_pinned_by_hash(path: Any) -> None:
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]
    names = [line for line in lines if not line.startswith(" ")]
    assert names
    assert all(re.match(r"^[a-z0-9_.\[\]-]+==\S+ \\$", line) for line in names)
    assert all(line.strip().startswith("--hash=sha256:") for line in lines if line.startswith(" "))


@pytest.mark.parametrize("layer", ["JanomeLayer", "NumpyLayer"])
def test_only_scoring_carries_what_only_scoring_needs(layer: str) -> None:
    carriers = {name for name, f in FUNCTIONS.items() if {"Ref": layer} in f.get("Layers", [])}
    assert carriers == {"ScorePostsFunction"}


def test_numpy_is_built_for_each_processor_from_wheels_that_the_runtime_can_load() -> None:
    layer = RAW["Resources"]["NumpyLayer"]
    assert RAW["Globals"]["Function"]["Runtime"] == "python3.11", "newer runtimes take newer wheels"
    assert layer["Metadata"]["WorkingDirectory"] == {"Fn::Sub": "layers/numpy/${Architecture}"}
    folder = ROOT / layer["Properties"]["ContentUri"]
    machines = {"arm64": "aarch64", "x86_64": "x86_64"}
    for processor in RAW["Parameters"]["Architecture"]["AllowedValues"]:
        platform = (folder / processor / "platform.txt").read_text("ascii").strip()
        assert platform == f"manylinux2014_{machines[processor]}"


def test_every_machine_of_the_tree_is_deployed_with_all_its_substitutions() -> None:
    machines = {
        r["Properties"]["DefinitionUri"]: set(r["Properties"]["DefinitionSubstitutions"])
        for r in RAW["Resources"].values()
        if r["Type"] == "AWS::Serverless::StateMachine"
    }
    assert machines == {
        f"{FOLDER.name}/{name}": set(substitutions(definition)) for name, definition in definitions().items()
    }


def test_new_rows_reach_the_function_of_their_kind_and_changed_ones_reach_none() -> None:
    patterns = {
        target(mapping["FunctionName"]): mapping["FilterCriteria"]["Filters"]
        for mapping in resources(CFN, MAPPING).values()
        if "FilterCriteria" in mapping
    }
    assert patterns == {
        f"{function}Function": [
            {"Pattern": f'{{"eventName":["INSERT"],"dynamodb":{{"NewImage":{{"kind":{{"S":["{kind}"]}}}}}}}}'}
        ]
        for function, kind in {"DispatchMessages": "message", "DriveWorkflow": "workflow"}.items()
    }


def test_every_scheduled_function_is_one_that_the_auditor_expects_or_the_auditor_itself() -> None:
    assert set(schedules()) == {function_named(name) for name in SILENT_AFTER} | {"AuditIncidentsFunction"}


def test_what_runs_each_minute_ends_before_the_next() -> None:
    functions = resources(CFN, FUNCTION)
    minutely = [name for name, expression in schedules().items() if expression == "rate(1 minute)"]
    assert len(minutely) > 3
    assert all(functions[name]["Timeout"] < 60 for name in minutely)


def test_the_silence_of_a_function_is_noticed_within_five_minutes_or_two_hours_after_the_day() -> None:
    longest = {name: 300 if each == "rate(1 minute)" else 26 * 3600 for name, each in schedules().items()}
    assert {
        target(alarm["Dimensions"][0]["Value"]): alarm["Period"] * alarm["EvaluationPeriods"]
        for alarm in resources(CFN, "AWS::CloudWatch::Alarm").values()
        if alarm.get("MetricName") == METRIC
    } == longest | {"AuditIncidentsFunction": 180}


def test_spending_on_sms_is_told_at_half_and_at_four_fifths_of_the_limit() -> None:
    spending = {
        alarm["Threshold"]
        for alarm in resources(CFN, "AWS::CloudWatch::Alarm").values()
        if "SMSMonthToDateSpentUSD" in str(alarm.get("Metrics"))
    }
    assert spending == {50, 80}


def test_the_operator_can_be_reached_by_mail_and_by_sms() -> None:
    subscriptions = resources(CFN, "AWS::SNS::Subscription").values()
    operators = [each for each in subscriptions if target(each["TopicArn"]) == "OperatorTopic"]
    ways = {(each["Protocol"], target(each["Endpoint"])) for each in operators}
    assert ways == {("email", "OperatorMail"), ("sms", "OperatorPhone")}


NO_TEXTS = ["+81312345678", "+81120123456", "+818001234567", "+815012345678", "+81900000001"]
"""Numbers that no SMS arrives at."""

MOBILE = ["+819000000001", "+818000000001", "+817012345678", "+816012345678", "+12025550100"]


@pytest.mark.parametrize(
    ("parameter", "good", "bad"),
    [
        ("HeartbeatUrl", ["", "https://watch.example.jp/ping/1"], ["http://watch.example.jp", "ftp:x", "x"]),
        ("OperatorPhone", ["", *MOBILE], ["090-0000-0001", "+0", "tel:+81", *NO_TEXTS]),
    ],
)
def test_a_parameter_takes_only_what_can_work(parameter: str, good: list[str], bad: list[str]) -> None:
    pattern = RAW["Parameters"][parameter]["AllowedPattern"]
    assert all(re.fullmatch(pattern, value) for value in good)
    assert not any(re.fullmatch(pattern, value) for value in bad)


def schedules() -> dict[str, str]:
    """The expression of each function's schedule."""
    return {
        target(schedule["Target"]["Arn"]): str(schedule["ScheduleExpression"])
        for schedule in resources(CFN, "AWS::Scheduler::Schedule").values()
    }


def function_named(folder: str) -> str:
    return "".join(word.capitalize() for word in folder.split("_")) + "Function"


def test_a_lease_outlasts_the_dispatcher_that_holds_it() -> None:
    from hikeshi.domain.outbox import LEASE

    assert resources(CFN, FUNCTION)["DispatchMessagesFunction"]["Timeout"] < LEASE.total_seconds()


def test_every_exception_to_the_rules_for_roles_is_needed() -> None:
    used = [s for role in resources(CFN, "AWS::IAM::Role").values() for _, _, s in statements(role)]
    assert {s["Sid"] for s in used if s.get("Resource") == "*"} == set(WIDE_RESOURCES)
    assert {s["Sid"] for s in used if "NotResource" in s} == set(NOT_RESOURCES)
    assert {s["Action"] for s in used if "*" in str(s["Action"])} == set(WIDE_ACTIONS)


def test_nobody_can_reach_a_table_that_the_environment_does_not_name() -> None:
    for name, function in FUNCTIONS.items():
        told = {target(value) for value in environment(function).values()}
        role = RAW["Resources"][target(function["Role"])]["Properties"]
        reached = {
            target(s.get("Resource")) for _, _, s in statements(role) if "dynamodb:" in str(s["Action"])
        }
        tables = {r for r in reached if r.endswith("Table")}
        assert tables <= told, name


def test_the_outputs_are_those_that_the_commands_read() -> None:
    assert set(RAW["Outputs"]) == {
        *("ApiUrl", "ApiId", "PostsQueueUrl", "IncidentsQueueUrl", "ConfigBucket", "ArchiveBucket"),
        *("MessagesTopicArn", "MailVia", "OperatorTopicArn", "LinkKeysSecret", "IngestKeysSecret"),
        *("SourcesTable", "AlertsTable", "IncidentsTable", "OutboxTable", "LinksTable", "DirectoryTable"),
        "UpkeepTable",
        *("IncidentLifecycleArn", "EscalationLadderArn"),
    }
