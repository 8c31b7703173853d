"""Whatever rings has an entry in the runbook."""

from __future__ import annotations

import re
from pathlib import Path

from hikeshi.services.messages.wording import Wording
from infra.cfn_rules.reading import resources
from infra.cfn_rules.transforming import TEMPLATE, parsed

RUNBOOK = (Path(TEMPLATE).parent / "infra" / "runbook.md").read_text(encoding="utf-8")


def test_every_alarm_has_its_entry_and_no_entry_outlived_its_alarm() -> None:
    written = set(re.findall(r"`(\w+Alarm)`", RUNBOOK))
    assert written == set(resources(parsed(), "AWS::CloudWatch::Alarm"))


def test_every_finding_of_the_auditor_has_its_entry() -> None:
    findings = {key.rsplit(".", 1)[1] for key in Wording() if key.startswith("operator.finding.")}
    assert set(re.findall(r"^\*\*(\w+)\*\* — ", RUNBOOK, re.MULTILINE)) == findings


def test_every_alarm_tells_the_operator_what_it_means() -> None:
    for name, alarm in resources(parsed(), "AWS::CloudWatch::Alarm").items():
        assert len(str(alarm["AlarmDescription"])) > 20, name
