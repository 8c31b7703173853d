"""Everything that ``make check`` holds against the infrastructure: ``python -m infra.cfn_rules.lint``.

cfn-lint with the house rules on template.yaml and on what the SAM transform makes of it, and the checks
of the state machines.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from cfnlint.api import ManualArgs, lint
from cfnlint.rules import Match, RulesCollection

from infra.asl.__main__ import main as check_state_machines
from infra.cfn_rules.transforming import TEMPLATE, parsed, transformed

RULES = str(Path(__file__).parent)
REGIONS = ["ap-northeast-1"]


@cache
def _house_rules() -> RulesCollection:
    rules = RulesCollection()
    rules.create_from_directory(RULES)
    return rules


def broken_house_rules(template: Mapping[str, Any]) -> list[str]:
    """Return what the house rules alone have against a raw template."""
    text = json.dumps(transformed(template), default=str)
    return [_sentence(match) for match in lint(text, rules=_house_rules(), regions=REGIONS)]


def findings(template: Mapping[str, Any]) -> list[str]:
    """Return what all of cfn-lint's rules and the house rules have against a template."""
    config = ManualArgs(regions=REGIONS, append_rules=[RULES])
    return [_sentence(match) for match in lint(json.dumps(template, default=str), config=config)]


def _sentence(match: Match) -> str:
    return f"{match.rule.id} {match.message}"


def main() -> int:
    """Return 0 if nothing was found."""
    raw = parsed()
    found = [f"{TEMPLATE.name}: {finding}" for finding in findings(raw)]
    found += [f"{TEMPLATE.name} (transformed): {finding}" for finding in findings(transformed(raw))]
    print("\n".join(found) or f"{TEMPLATE.name}: nothing found, raw or transformed")
    return 1 if check_state_machines([]) or found else 0


if __name__ == "__main__":
    sys.exit(main())
