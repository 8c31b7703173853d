from __future__ import annotations

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
)

from hikeshi.domain.errors import ConcurrentChangeError, ConfigError, DeliveryError, NotFoundError
from infra.cli import main
from infra.cli.failures import told


def answered(code: str, message: str = "why") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Publish")


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (NoRegionError(), "AWS_DEFAULT_REGION に設定してください"),
        (NoCredentialsError(), "aws configure を実行するか"),
        (EndpointConnectionError(endpoint_url="https://x.example.jp"), "ネットワークと AWS_DEFAULT_REGION"),
        (answered("ExpiredToken"), "サインインし直してください"),
        (answered("AccessDenied"), "ロールと AWS_PROFILE を確かめてください"),
        (
            NotFoundError("incident", "inc-9"),
            "案件 inc-9 はありません。hikeshi deliveries で確かめてください",
        ),
        (ConcurrentChangeError("inc-1"), "もう一度実行してください"),
        (DeliveryError("throttled"), "もう一度実行してください"),
        (NotFoundError("proposal", "1-1-nope"), "hikeshi changes list で確かめてください"),
    ],
)
def test_a_failure_is_told_in_japanese_with_its_remedy(error: Exception, remedy: str) -> None:
    assert remedy in told(error)
    assert " / " in told(error)


def test_an_error_nobody_foresaw_keeps_what_aws_said() -> None:
    assert "Publish: Odd too loud" in told(answered("Odd", "too loud"))
    assert "An unspecified error occurred" in told(BotoCoreError())


def test_what_a_command_does_not_foresee_ends_it_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken:
        @staticmethod
        def app(**_: object) -> None:
            raise NoRegionError

    monkeypatch.setattr(main, "import_module", lambda _: Broken)
    with pytest.raises(SystemExit) as ended:
        main.run(["config", "push"])
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("AWS のリージョンが決まっていません")


def test_a_mistake_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        @staticmethod
        def app(**_: object) -> None:
            raise KeyError("ours")

    monkeypatch.setattr(main, "import_module", lambda _: Broken)
    with pytest.raises(KeyError, match="ours"):
        main.run(["config"])


def test_what_names_its_remedy_already_is_told_as_it_is() -> None:
    assert told(ConfigError("直してください / mend it")) == "直してください / mend it"
