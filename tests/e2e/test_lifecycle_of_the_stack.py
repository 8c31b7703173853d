"""The local stack: a second start does nothing, a stop leaves nothing, a restart forgets nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from infra.local.home import REPOSITORY, Home, StackState
from infra.local.processes import is_running
from infra.local.stack import UpOptions, down, up
from tests.e2e.scene import Scene

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

LEAK = "ひので製菓の顧客名簿が流出している。名前と電話番号が見える"
PAGED = ("arai", "ueda", "yamada", "sato", "ito", "ono", "mori")


def hikeshi(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would."""
    program = "from infra.cli.main import run; run()"
    path = f"{REPOSITORY}:{REPOSITORY / 'layers' / 'core' / 'python'}"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=REPOSITORY,
        env={"PYTHONPATH": path, "PATH": str(Path(sys.executable).parent)},
        capture_output=True,
        text=True,
        check=False,
    )


def status(home: Home) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(hikeshi("local", "status", "--json", "--home", str(home.root)).stdout)
    return told


def processes_of(home: Home) -> list[str]:
    """Every process that runs from, or was told of, the stack's directory."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or [])
        if str(home.root) in line and process.status() != psutil.STATUS_ZOMBIE:
            found.append(line)
    return found


def test_status_names_every_address(home: Home, stack: StackState) -> None:
    told = status(home)
    assert told["up"] is True
    assert told["health"] == {"emulator": True, "inbox": True, "api": True, "healthy": True}
    for name in ("api_url", "inbox_url", "endpoint_url", "region", "stack_name"):
        assert told[name] == getattr(stack, name)


def test_a_second_start_leaves_the_running_stack_as_it_is(home: Home, stack: StackState) -> None:
    ended = hikeshi("local", "up", "--home", str(home.root), "--json")
    assert ended.returncode == 0
    assert json.loads(ended.stdout)["started_at"] == stack.started_at
    assert is_running(stack.emulator)


def test_a_port_that_is_taken_is_named(tmp_path: Path, stack: StackState) -> None:
    taken = stack.endpoint_url.rsplit(":", 1)[-1]
    ended = hikeshi("local", "up", "--home", str(tmp_path), "--port", taken)
    assert ended.returncode == 1
    assert f"port {taken} is in use" in ended.stderr
    assert processes_of(Home(root=tmp_path)) == []


def test_stopping_leaves_nothing_and_starting_again_forgets_nothing(
    home: Home, stack: StackState, http: httpx.Client
) -> None:
    scene = Scene(home, stack, http)
    scene.call_webhook([{"id": "leak-9", "text": LEAK, "source": "partner"}])
    scene.devices.expect(PAGED, "【警戒】")
    before, link = scene.incidents(), scene.player("arai").newest_link()

    assert down(home) is True
    assert processes_of(home) == []
    with pytest.raises(httpx.ConnectError):
        http.get(stack.endpoint_url)
    with pytest.raises(httpx.ConnectError):
        http.get(stack.inbox_url)

    again = up(home, UpOptions(environment="e2e"), tell=print)
    assert (again.endpoint_url, again.inbox_url) == (stack.endpoint_url, stack.inbox_url)
    scene = Scene(home, again, http)
    assert scene.incidents() == before
    assert "情報漏えい" in scene.browser.open(link.links[0]).text


def test_a_crash_leaves_nothing_behind_either(home: Home) -> None:
    state = home.remembered()
    assert state is not None
    psutil.Process(state.emulator.pid).kill()
    assert status(home)["health"]["healthy"] is False
    down(home)
    assert processes_of(home) == []
    assert status(home)["up"] is False
