"""What stands between the internet and the links: a limit, and a log that repeats no link."""

from __future__ import annotations

import re

from infra.cfn_rules.transforming import parsed

PROPERTIES = parsed()["Resources"]["Api"]["Properties"]


def test_every_page_is_limited_to_five_a_second_and_ten_at_once() -> None:
    (everywhere,) = [s for s in PROPERTIES["MethodSettings"] if s["ResourcePath"] == "/*"]
    assert everywhere["HttpMethod"] == "*"
    assert (everywhere["ThrottlingRateLimit"], everywhere["ThrottlingBurstLimit"]) == (5, 10)
    elsewhere = [s["ResourcePath"] for s in PROPERTIES["MethodSettings"] if s is not everywhere]
    assert elsewhere == ["/ingest"]


def test_the_access_log_names_the_route_and_never_the_path_the_query_or_the_caller() -> None:
    logged = set(re.findall(r"\$context\.[A-Za-z.]+", PROPERTIES["AccessLogSetting"]["Format"]))
    assert "$context.resourcePath" in logged
    assert logged <= {
        *("$context.requestTime", "$context.requestId", "$context.httpMethod", "$context.resourcePath"),
        *("$context.status", "$context.responseLength", "$context.responseLatency"),
    }


def test_links_that_open_nothing_are_counted_and_many_of_them_raise_an_alarm() -> None:
    resources = parsed()["Resources"]
    pattern = resources["LinkMisses"]["Properties"]["FilterPattern"]
    (counted,) = resources["LinkMisses"]["Properties"]["MetricTransformations"]
    alarm = resources["LinkMissesAlarm"]["Properties"]
    assert '"link opens nothing"' in pattern
    assert (alarm["MetricName"], alarm["Namespace"]) == (counted["MetricName"], counted["MetricNamespace"])
