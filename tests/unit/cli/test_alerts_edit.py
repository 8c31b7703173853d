from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from botocore.exceptions import EndpointConnectionError

from hikeshi.domain.alerts import Alert
from hikeshi.domain.errors import ConcurrentChangeError
from infra.cli import alerts as alerts_list
from infra.cli import alerts_edit
from infra.cli.main import run
from infra.learning.desk import Desk
from tests.builders import NOON, a_configuration, a_post, an_alert, an_alerted_post
from tests.fakes.environment import FrozenClock
from tests.fakes.feedback import InMemoryFeedbackStore
from tests.fakes.scoring import InMemoryAlertStore

Capture = pytest.CaptureFixture[str]

ONE = an_alerted_post(post=a_post(id="1", text="チョコに虫が入っていた", author="a"))
TWO = an_alerted_post(post=a_post(id="2", text="[bold]電話[/bold]がつながらない", author="b", reposts=0))


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> InMemoryAlertStore:
    alerts = InMemoryAlertStore()
    desk = Desk(
        alerts=alerts,
        feedback=InMemoryFeedbackStore(),
        configuration=a_configuration,
        clock=FrozenClock(NOON),
        is_restricted=lambda incident_id: incident_id == "inc-few",
    )
    monkeypatch.setattr(alerts_edit, "open_desk", lambda **_: desk)
    monkeypatch.setattr(alerts_list, "open_desk", lambda **_: desk)
    first = alerts.save(an_alert(version=0, posts=2, reposts=4, authors=2), ONE)
    alerts.save(first, TWO)
    return alerts


def command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run(["alerts", *arguments])
    return int(ended.value.code or 0)


@pytest.mark.usefixtures("store")
def test_the_posts_of_an_alert_are_shown_with_their_keys_and_reasons(capsys: Capture) -> None:
    assert command("posts", an_alert().id) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown] == sorted([ONE.post.key, TWO.post.key])
    assert "[bold]電話[/bold]" in "".join(shown)
    assert all(line.endswith("（この投稿から始まりました）") for line in shown)


def test_s2_11_the_posts_of_a_restricted_incident_are_shown_only_when_asked_for(
    store: InMemoryAlertStore, capsys: Capture
) -> None:
    store.save(replace(store.alerts[an_alert().id], incident_id="inc-few"), None)
    assert command("posts", an_alert().id) == 0
    withheld = capsys.readouterr().out
    assert "電話" not in withheld
    assert "虫" not in withheld
    assert ONE.post.key in withheld
    assert command("posts", an_alert().id, "--restricted") == 0
    assert "虫が入っていた" in capsys.readouterr().out


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["table", "json"])
def test_s2_11_an_alert_of_a_restricted_incident_is_listed_without_its_words(
    form: tuple[str, ...],
    store: InMemoryAlertStore,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    alert = store.save(replace(store.alerts[an_alert().id], incident_id="inc-few"), None)
    assert command(*form) == 0
    withheld = capsys.readouterr().out
    assert alert.id in withheld
    assert alert.quote not in withheld
    assert "（関係者限り）" in withheld
    assert command(*form, "--restricted") == 0
    assert alert.quote in capsys.readouterr().out


def test_a_split_is_told_with_both_counts(store: InMemoryAlertStore, capsys: Capture) -> None:
    assert command("split", an_alert().id, TWO.post.key) == 0
    told = capsys.readouterr().out
    assert "投稿1件、転載4件、投稿者1人" in told
    assert "投稿1件、転載0件、投稿者1人" in told
    assert all(alert.pinned for alert in store.alerts.values())


def test_a_merge_takes_the_second_into_the_first(store: InMemoryAlertStore, capsys: Capture) -> None:
    command("split", an_alert().id, TWO.post.key)
    new = next(alert.id for alert in store.alerts.values() if alert.id != an_alert().id)
    assert command("merge", an_alert().id, new) == 0
    assert "投稿2件、転載4件、投稿者2人" in capsys.readouterr().out
    assert store.alerts[new].merged_into == an_alert().id
    assert [alert.id for alert in store.recent("tsukimi", since=NOON)] == [an_alert().id]


@pytest.mark.parametrize(
    "arguments",
    [
        ("posts", "alert-none"),
        ("split", "alert-none", ONE.post.key),
        ("split", an_alert().id, "0" * 32),
        ("split", an_alert().id, ONE.post.key, TWO.post.key),
        ("merge", an_alert().id, an_alert().id),
        ("merge", an_alert().id, "alert-none"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    arguments: tuple[str, ...], store: InMemoryAlertStore, capsys: Capture
) -> None:
    before = dict(store.alerts)
    assert command(*arguments) == 1
    assert "できませんでした" in capsys.readouterr().err
    assert store.alerts == before


def test_a_post_counted_in_the_meantime_goes_first(store: InMemoryAlertStore) -> None:
    move, lost = store.move, iter([True, True])

    def late(*args: object, **kwargs: object) -> tuple[Alert, Alert]:
        if next(lost, False):
            raise ConcurrentChangeError("alert")
        return move(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they are

    store.move = late  # type: ignore[method-assign]  # a store that others write to
    assert command("split", an_alert().id, TWO.post.key) == 0


def test_a_stack_that_cannot_be_reached_is_said(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def unreachable() -> Callable[..., Desk]:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")

    monkeypatch.setattr(alerts_edit, "open_desk", lambda **_: unreachable())
    assert command("posts", an_alert().id) == 1
    assert "できませんでした" in capsys.readouterr().err
