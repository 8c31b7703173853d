"""The emulator process: ministack, with IAM enforced and its state kept."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from infra.local.home import REGION, Home, LocalStackError, RunningProcess
from infra.local.processes import is_running, remove_in_passing, start

START_SECONDS = 60.0
AFTER_SAVING = b"SFTP: stopped"
"""What the emulator logs right after it has saved its state."""
RUNTIME_PACKAGES = (
    "boto3",
    "botocore",
    "s3transfer",
    "jmespath",
    "dateutil",
    "six.py",
    "urllib3",
)
"""What AWS's Python runtime brings along; everything else a function brings itself."""


def start_emulator(home: Home, *, port: int, record_calls: bool) -> RunningProcess:
    """Start the emulator and wait until it answers.

    Raises
    ------
    LocalStackError
        If it is not installed, stops, or does not answer in time.
    """
    remove_in_passing(home.scratch)
    home.prepare()
    _forget_stream_positions(home.state / "lambda.json")
    log = home.logs / "emulator.log"
    env = emulator_environment(home, port=port, record_calls=record_calls)
    process = start([sys.executable, "-m", "ministack"], env=env, log=log, directory=home.root)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not is_running(process):
            raise LocalStackError(
                f"AWS の代わりがすぐに止まりました。全文は {log} にあります"
                f" / the emulator stopped at once: {_last_line(log)}"
            )
        if answers(f"http://127.0.0.1:{port}"):
            return process
        time.sleep(0.1)
    raise LocalStackError(
        f"AWS の代わりが {START_SECONDS:.0f} 秒たっても応答しません。{log} を見て、もう一度起動してください"
        " / the emulator does not answer"
    )


def answers(endpoint_url: str) -> bool:
    """Tell whether the emulator answers."""
    try:
        return httpx.get(f"{endpoint_url}/_ministack/health", timeout=2).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def state_is_saved(home: Home) -> Callable[[], bool]:
    """Return a check whether an emulator that is being stopped has written its state.

    Threads of state machines that wait for somebody keep the process from ending after that. Should
    another version say it in other words, stopping takes as long as a process may take at most.
    """
    log = home.logs / "emulator.log"
    began = log.stat().st_size if log.is_file() else 0

    def saved() -> bool:
        with log.open("rb") as output:
            output.seek(began)
            return AFTER_SAVING in output.read()

    return saved


def emulator_environment(home: Home, *, port: int, record_calls: bool) -> dict[str, str]:
    """Return the whole environment of the emulator: nothing of the caller's AWS settings gets in."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
    return {
        **kept,
        **client_environment(f"http://127.0.0.1:{port}"),
        "PATH": f"{Path(sys.executable).parent}:{kept.get('PATH', '/usr/bin:/bin')}",
        "PYTHONPATH": str(_runtime_site(home)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "AUTH": "true",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(home.state),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(home.state / "s3"),
        "TMPDIR": str(home.scratch),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",
        "CLOUDTRAIL_RECORDING": "1" if record_calls else "0",
        "CLOUDTRAIL_MAX_EVENTS": "200000",
    }


def client_environment(endpoint_url: str) -> dict[str, str]:
    """Return what a client of the emulator needs: root credentials that mean nothing elsewhere."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",  # the emulator's own, published in its manual
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def _forget_stream_positions(kept: Path) -> None:
    """Let stream readers start over, since the emulator keeps how far they were but not the stream.

    Without this they would skip as many records as they had read before the last stop.
    """
    if not kept.is_file():
        return
    state = json.loads(kept.read_text("utf-8"))
    positions = state.get("payload", {}).get("dynamodb_stream_positions", {})
    if positions.get("data"):
        positions["data"] = {}
        kept.write_text(json.dumps(state), "utf-8")


def _runtime_site(home: Home) -> Path:
    """Make the directory that gives the workers AWS's own packages and hides every other one.

    The emulator runs functions with this Python, where everything a developer installed could be
    imported. ``sitecustomize`` takes that away from workers, so that a dependency missing from a
    layer fails here as it would on AWS.
    """
    site, packages = home.root / "runtime", home.root / "runtime" / "packages"
    shutil.rmtree(site, ignore_errors=True)
    packages.mkdir(parents=True)
    source = Path(__file__).with_name("worker_site.py")
    shutil.copy(source, site / "sitecustomize.py")
    installed = Path(httpx.__file__).parents[1]
    for name in RUNTIME_PACKAGES:
        if not (installed / name).exists():
            raise LocalStackError(
                f"{name} が {installed} にありません。make setup を実行してください"
                f" / {name} is not installed: make setup"
            )
        (packages / name).symlink_to(installed / name)
    return site


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "no output"
