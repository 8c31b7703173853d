from __future__ import annotations

import pytest

from hikeshi.domain.errors import ConfigError
from hikeshi.runtime.settings import DispatchMessagesSettings

GIVEN = {name.upper(): name for name in DispatchMessagesSettings.model_fields} | {
    "ENVIRONMENT": "test",
    "LINK_BASE_URL": "https://r.exmp.jp/",
    "MAIL_VIA": "ses",
}


def test_mail_by_ses_needs_the_address_that_it_comes_from() -> None:
    with pytest.raises(ConfigError, match="MailVia=ses needs MailSender"):
        DispatchMessagesSettings.from_env(GIVEN | {"MAIL_SENDER": ""})
    given = DispatchMessagesSettings.from_env(GIVEN | {"MAIL_SENDER": "kiki@example.jp"})
    assert (given.mail_via, given.mail_sender) == ("ses", "kiki@example.jp")
