from __future__ import annotations

from datetime import timedelta

import pytest

from hikeshi.services.audit.operator_call import Finding, operator_call
from hikeshi.services.messages.message_text import sms_parts, utf16_units
from hikeshi.services.messages.wording import LANGUAGES, Wording
from tests.builders import NOON

KINDS = {
    "lost": {"number": "128", "step_key": "step.page", "slot_key": "slot.triage"},
    "silent": {"function": "dispatch_messages"},
    "stuck_message": {"count": "12"},
    "stuck_workflow": {"count": "3"},
    "stuck_chat": {"count": "3"},
    "unreadable": {"incident": "inc-00000000000000000000000128"},
    "configuration": {},
    "unfinished": {"count": "40"},
    "unheard_nobody": {"number": "128", "level_key": "level.critical"},
    "unheard_last": {"number": "128", "level_key": "level.critical"},
}


def a_finding(kind: str, **changes: str) -> Finding:
    since = NOON - timedelta(minutes=4)
    return Finding(kind=kind, key=kind, since=since, values={**KINDS[kind], **changes})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_finding_fits_one_line_and_says_what_to_do(kind: str, language: str) -> None:
    words = Wording(language)
    call = operator_call([a_finding(kind)], words=words, at=NOON)
    assert utf16_units(call.subject) < 100
    assert sms_parts(call.sms) == 1
    assert words.text(f"operator.remedy.{kind}") in call.mail
    assert "—" not in call.mail
    assert "{" not in call.mail + call.sms + call.subject


def test_the_catalogue_has_a_remedy_for_each_finding_and_no_other() -> None:
    words = Wording()
    for area in ("finding", "remedy"):
        found = {key.rsplit(".", 1)[1] for key in words if key.startswith(f"operator.{area}.")}
        assert found == set(KINDS)


def test_a_lost_step_is_told_with_its_incident_and_its_time() -> None:
    call = operator_call([a_finding("lost")], words=Wording(), at=NOON)
    assert call.sms == "【hikeshi運用】#128 担当の決定：次の方への連絡が12:53から進みません"


def test_several_findings_are_one_call_with_each_remedy_once() -> None:
    findings = [a_finding("lost"), a_finding("lost", number="129"), a_finding("silent")]
    call = operator_call(findings, words=Wording(), at=NOON)
    assert call.sms.endswith("ほか2件")
    assert call.mail.count("#128") == call.mail.count("#129") == 1
    assert call.mail.count("やり直しを2回") == 1


def test_hundreds_of_findings_do_not_make_a_mail_that_nobody_reads() -> None:
    findings = [a_finding("lost", number=str(number)) for number in range(300)]
    call = operator_call(findings, words=Wording(), at=NOON)
    assert call.mail.count("\n・#") == 20
    assert "ほか299件" in call.subject
