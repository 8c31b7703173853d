"""What people are told first where a life is at risk, and what a drill or a circle makes of it."""

from __future__ import annotations

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.incidents import Incident
from hikeshi.domain.outbox import Message
from hikeshi.domain.people import Channel
from hikeshi.domain.peril import Peril
from hikeshi.services.messages.compose import compose
from hikeshi.services.messages.freshness import why_stale
from hikeshi.services.messages.message_text import sms_parts
from hikeshi.services.messages.notices import Notice, incident_params, notice_rows
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON, a_circle, a_message, a_person, a_room, an_incident
from tests.fakes.environment import SequenceIds

LINK = "https://r.exmp.jp/Kx7mQ2vT9bLc4NfR8sWzYa"
FAR_LINK = "https://abcdefghij.execute-api.ap-northeast-1.amazonaws.com/prod/r/Kx7mQ2vT9bLc4NfR8sWzYa"
CALLS = ("page", "called_in", "roll_call", "level_raised", "peril")


def written(
    incident: Incident, moment: str, *, channel: Channel, link: str = LINK, language: str = "ja"
) -> str:
    params = incident_params(incident, at=NOON) | {
        "from_key": "level.warning",
        "why": "投稿が増えました",
        "lead": "伊藤 学",
    }
    message = a_message(
        moment=moment,
        channel=channel,
        level=Level.CRITICAL,
        params=params,
        check_number="47",
        drill=incident.drill,
    )
    composed = compose(
        message, person=a_person("sato"), link=link, wording=Wording(language), at=NOON, several_brands=True
    )
    return f"{composed.subject}\n{composed.text}"


@pytest.mark.parametrize("moment", CALLS)
@pytest.mark.parametrize("peril", Peril)
@pytest.mark.parametrize("link", [LINK, FAR_LINK])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_sms_says_it_whole_with_its_number_and_its_link(
    moment: str, peril: Peril, link: str, language: str
) -> None:
    incident = an_incident(
        peril=peril, title="社" * 20, brand_name="とても長い名前のブランドホールディングス"
    )
    text = written(incident, moment, channel=Channel.SMS, link=link, language=language).strip()
    assert Wording(language).text(f"first.{peril}") in text
    assert text.splitlines()[-1] == link
    assert "47" in text.splitlines()[-2]
    assert sms_parts(text) <= (2 if link is LINK and language == "ja" else 3)


@pytest.mark.parametrize("moment", CALLS)
def test_a_mail_begins_with_it(moment: str) -> None:
    text = written(an_incident(peril=Peril.SELF_HARM), moment, channel=Channel.MAIL)
    subject, *body = text.splitlines()
    assert "投稿を見て110番へ。本人を責めない" in subject
    first = next(line for line in body if line and not line.endswith("様"))
    assert first.startswith("人命が最優先です。すぐに下の画面で投稿をご確認いただき")


@pytest.mark.parametrize("moment", CALLS[:-1])
@pytest.mark.parametrize("channel", Channel)
def test_where_no_life_is_at_risk_nobody_is_told_to_call(moment: str, channel: Channel) -> None:
    text = written(an_incident(), moment, channel=channel)
    assert "110" not in text
    assert "人命" not in text


@pytest.mark.parametrize("moment", CALLS)
@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("peril", Peril)
def test_nobody_calls_the_police_because_of_a_drill(moment: str, channel: Channel, peril: Peril) -> None:
    text = written(an_incident(peril=peril, drill="a-drill"), moment, channel=channel)
    assert "迷わず110番へ" not in text
    assert Wording().text(f"first.{peril}") not in text
    assert ("110番や119番へは電話しないでください" in text) is (channel is Channel.MAIL)


@pytest.mark.parametrize("moment", CALLS)
@pytest.mark.parametrize("peril", Peril)
def test_what_is_kept_among_few_says_that_a_life_comes_first_and_not_whose(moment: str, peril: Peril) -> None:
    incident = an_incident(peril=peril, circle=a_circle(), title="自殺をほのめかす投稿")
    rows = notice_rows(
        incident, (a_person("kato"),), Notice(cause="test", moment=moment), ids=SequenceIds(), at=NOON
    )
    for row in rows:
        assert isinstance(row.body, Message)
        composed = compose(row.body, person=a_person("kato"), link=LINK, wording=Wording(), at=NOON)
        text = composed.subject + composed.text
        assert "110番へ" in text
        assert not [word for word in ("自殺", "危害", "責め", "言い争い", "予告") if word in text]
    assert len(rows) == len(Channel)


def test_a_word_that_waited_is_not_sent_once_no_life_is_at_risk_any_more() -> None:
    said = a_message(moment="peril")
    endangered, safe = (a_room(incident=an_incident(peril=each)) for each in (Peril.VIOLENCE, None))
    assert not why_stale(said, endangered)
    assert why_stale(said, safe) == "no life is at risk any more"
    assert Wording().text("delivery_why.no life is at risk any more") == "命の危険はないと判断されたため"
