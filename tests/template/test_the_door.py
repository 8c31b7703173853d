"""What stands between the internet and the links: a limit, and a log that repeats no link."""

from __future__ import annotations

import re
from typing import Any

import pytest

from hikeshi.adapters.pages.renderer import PageRenderer
from hikeshi.services.messages.wording import Wording
from infra.cfn_rules.transforming import parsed, transformed

PROPERTIES = parsed()["Resources"]["Api"]["Properties"]
TURNED_AWAY: dict[str, dict[str, Any]] = transformed(parsed())["Resources"]["Api"]["Properties"]["Body"][
    "x-amazon-apigateway-gateway-responses"
]
SAID = {
    "THROTTLED": "failed",
    "QUOTA_EXCEEDED": "failed",
    "DEFAULT_5XX": "failed",
    "WAF_FILTERED": "not_found",
    "DEFAULT_4XX": "not_found",
    "REQUEST_TOO_LARGE": "too_large",
}


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


# ---- what API Gateway answers by itself --------------------------------------------------------


def test_whatever_is_turned_away_at_the_door_gets_a_page() -> None:
    assert set(TURNED_AWAY) == set(SAID)
    for answer in TURNED_AWAY.values():
        assert list(answer["responseTemplates"]) == ["application/json"]


@pytest.mark.parametrize(("kind", "page"), SAID.items())
def test_a_page_at_the_door_says_what_the_page_behind_it_would_in_both_languages(
    kind: str, page: str
) -> None:
    html = TURNED_AWAY[kind]["responseTemplates"]["application/json"]
    for words in (Wording(), Wording(language="en")):
        for part in ("heading", "text", "next"):
            assert f">{words.text(f'page.{page}.{part}')}<" in html


@pytest.mark.parametrize("kind", SAID)
def test_a_page_at_the_door_tells_nothing_of_the_request_and_fetches_nothing(kind: str) -> None:
    answer = TURNED_AWAY[kind]
    html = answer["responseTemplates"]["application/json"]
    assert not re.search(r"\$|context\.|<script|<link|<form|src=|href=|url\(", html)
    assert "statusCode" not in answer  # each keeps its own


@pytest.mark.parametrize("kind", SAID)
def test_a_page_at_the_door_wears_what_every_page_wears(kind: str) -> None:
    given = TURNED_AWAY[kind]["responseParameters"]
    headers = {name.removeprefix("gatewayresponse.header."): value for name, value in given.items()}
    worn = PageRenderer(text=Wording().text, language="ja").headers
    policy = headers.pop("Content-Security-Policy")
    assert policy == "'sandbox'"  # a static value lies in single quotes, so it holds none
    assert headers == {name: f"'{worn[name]}'" for name in headers}
    assert {"Content-Type", "Cache-Control", "Referrer-Policy", "X-Content-Type-Options"} <= set(headers)
