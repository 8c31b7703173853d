"""The API: the routes of the pages, a throttle, and a log without tokens."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from infra.cfn_rules.reading import FUNCTION, resources

PAGES = "ResponderApiFunction"
STAGE = "AWS::ApiGateway::Stage"

Route = tuple[str, str]
"""Method and path."""


def routes_of_app() -> frozenset[Route]:
    """Ask the Chalice application for its routes, as the API has them; importing it builds nothing."""
    pages = importlib.import_module("functions.responder_api.app")
    return frozenset(
        (method, pages.as_offered(path)) for path, methods in pages.app.routes.items() for method in methods
    )


def routes_of_template(template: Mapping[str, Any], function: str) -> frozenset[Route]:
    """Return the routes of the transformed API that lead to a function."""
    return frozenset(_routes(template, function))


def _routes(template: Mapping[str, Any], function: str) -> Iterator[Route]:
    for api in resources(template, "AWS::ApiGateway::RestApi").values():
        for path, methods in api.get("Body", {}).get("paths", {}).items():
            for method, operation in methods.items():
                uri = operation.get("x-amazon-apigateway-integration", {}).get("uri", {})
                if f"${{{function}.Arn}}" in str(uri.get("Fn::Sub", "")):
                    yield method.upper(), path


class RoutesAgree(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """Chalice routes on the resource path: a route that one side lacks answers 403 or 405."""

    id = "E9141"
    shortdesc = "The API has exactly the routes of functions/responder_api"
    description = "One Api event per route, with the identical template string; one for all below a link"
    tags = ("hikeshi", "apigateway")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Name the routes that only one side has."""
        apis = resources(cfn.template, "AWS::ApiGateway::RestApi")
        if PAGES not in resources(cfn.template, FUNCTION) or not any("Body" in api for api in apis.values()):
            return []  # cfn-lint's own expansion hides the routes; the transformed template shows them
        served, offered = routes_of_app(), routes_of_template(cfn.template, PAGES)
        return [
            RuleMatch(["Resources", PAGES], f"{method} {path} is only in the {side}")
            for side, only in (("app", served - offered), ("template", offered - served))
            for method, path in sorted(only)
        ]


class StagesAreThrottled(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """Links can be guessed at only as fast as the API lets callers."""

    id = "E9142"
    shortdesc = "Every stage is throttled, all methods of it"
    description = "MethodSettings for /* and * with a rate and a burst"
    tags = ("hikeshi", "apigateway")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find stages without a limit on everything."""
        return [
            RuleMatch(["Resources", name], f"{name} is not throttled")
            for name, stage in resources(cfn.template, STAGE).items()
            if not any(
                setting.get("ResourcePath") == "/*"
                and setting.get("HttpMethod") == "*"
                and setting.get("ThrottlingRateLimit", 0) > 0
                and setting.get("ThrottlingBurstLimit", 0) > 0
                for setting in stage.get("MethodSettings", [])
            )
        ]


class LogsHoldNoTokens(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """The path of a request holds the token of its link."""

    id = "E9143"
    shortdesc = "Access logs name the resource, never the path, and data traces are off"
    description = "Log $context.resourcePath; not $context.path, queries, headers or bodies"
    tags = ("hikeshi", "apigateway")

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find stages whose log is missing or tells too much."""
        found = []
        for name, stage in resources(cfn.template, STAGE).items():
            form = str(stage.get("AccessLogSetting", {}).get("Format", ""))
            tells = (
                "$context.path" in form or "$context.requestOverride" in form or "$context.authorizer" in form
            )
            traced = any(setting.get("DataTraceEnabled") for setting in stage.get("MethodSettings", []))
            if "$context.resourcePath" not in form or tells or traced:
                found.append(RuleMatch(["Resources", name], f"{name} logs nothing, or tokens"))
        return found
