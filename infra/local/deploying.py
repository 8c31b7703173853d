"""The real ``sam build`` and ``sam deploy`` of the template, against the emulator."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from infra.local.emulator import client_environment
from infra.local.home import REGION, REPOSITORY, Home, LocalStackError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient

ARTIFACTS = "hikeshi-local-artifacts"
BUILDS_KEPT = 3
READY = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})

_SOURCES = ("template.yaml", "functions", "layers", "statemachines")
_IGNORED = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache", ".aws-sam"})
_MACHINES = {"aarch64": "arm64", "arm64": "arm64", "x86_64": "x86_64", "AMD64": "x86_64"}
_REASON = re.compile(r"(CREATE_FAILED|UPDATE_FAILED|ROLLBACK|Error:|Failed)", re.IGNORECASE)


def source_digest(repository: Path = REPOSITORY) -> str:
    """Digest everything that goes into a build; equal digests make a build unnecessary."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {architecture()}".encode())
    for path in _source_files(repository):
        digest.update(str(path.relative_to(repository)).encode() + b"\x00")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def architecture() -> str:
    """Return Lambda's name of this machine's processor, since functions run on it directly.

    Raises
    ------
    LocalStackError
        If Lambda has none.
    """
    machine = platform.machine()
    if machine not in _MACHINES:
        raise LocalStackError(
            f"このマシン（{machine}）では動きません。arm64 か x86_64 のマシンを使ってください"
            " / functions run on arm64 or x86_64"
        )
    return _MACHINES[machine]


def build(home: Home) -> tuple[Path, str]:
    """Build what is not built yet; returns the directory of the build and its digest.

    Builds are kept by their digest and shared by all local stacks of this checkout.

    Raises
    ------
    LocalStackError
        With sam's own reason.
    """
    digest = source_digest()
    builds = REPOSITORY / ".local" / "builds"
    finished = builds / digest[:16]
    if finished.is_dir():
        return finished, digest
    builds.mkdir(parents=True, exist_ok=True)
    waiting = builds / f"{digest[:16]}.{os.getpid()}"
    _sam(
        home,
        "build",
        *("--template-file", str(REPOSITORY / "template.yaml"), "--build-dir", str(waiting)),
        *("--cached", "--cache-dir", str(builds / "cache"), "--parallel"),
        *("--parameter-overrides", f"Architecture={architecture()}"),
        env={},
    )
    try:
        waiting.rename(finished)
    except OSError:  # another command built the same in the meantime
        shutil.rmtree(waiting)
    _drop_old(builds)
    return finished, digest


def _drop_old(builds: Path) -> None:
    """Keep the newest builds; a directory with a process number is somebody's work."""
    kept = [path for path in builds.iterdir() if path.is_dir() and path.name != "cache" and not path.suffix]
    for old in sorted(kept, key=lambda path: path.stat().st_mtime, reverse=True)[BUILDS_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def deploy(
    home: Home, built: Path, *, endpoint_url: str, stack_name: str, parameters: Mapping[str, str]
) -> None:
    """Deploy a build with the real ``sam deploy``.

    Raises
    ------
    LocalStackError
        With the reason CloudFormation gave.
    """
    overrides = [f'{name}="{value}"' for name, value in parameters.items()]
    _sam(
        home,
        "deploy",
        *("--template-file", str(built / "template.yaml"), "--stack-name", stack_name),
        *("--s3-bucket", ARTIFACTS, "--region", REGION),
        *("--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"),
        *("--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"),
        *("--parameter-overrides", *overrides),
        env=client_environment(endpoint_url),
    )


def outputs_of(cloudformation: CloudFormationClient, stack_name: str) -> dict[str, str] | None:
    """Return the outputs of a stack that is ready, None if there is none."""
    from botocore.exceptions import ClientError

    try:
        stacks = cloudformation.describe_stacks(StackName=stack_name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        return None
    if not stacks or stacks[0]["StackStatus"] not in READY:
        return None
    return {output["OutputKey"]: output["OutputValue"] for output in stacks[0].get("Outputs", [])}


def _sam(home: Home, verb: str, *arguments: str, env: Mapping[str, str]) -> None:
    sam = shutil.which("sam", path=str(Path(sys.executable).parent)) or shutil.which("sam")
    if sam is None:
        raise LocalStackError(
            "sam がありません。make setup を実行してください / sam is not installed: make setup"
        )
    log = home.logs / f"sam-{verb}.log"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    settings = {"SAM_CLI_TELEMETRY": "0", "PATH": path, "PYTHONWARNINGS": "ignore"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
    with log.open("wb") as output:
        finished = subprocess.run(
            [sam, verb, *arguments],
            env={**kept, **env, **settings},
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if finished.returncode != 0:
        raise LocalStackError(
            f"sam {verb} が失敗しました。全文は {log} にあります"
            f" / sam {verb} failed: {reason_in(log.read_text('utf-8'))}"
        )


def reason_in(output: str) -> str:
    """Return the lines of sam's output that say why it failed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if _REASON.search(line)] or lines[-3:]
    return " / ".join(telling[:4]) or "no output"


def _source_files(repository: Path) -> Iterator[Path]:
    for name in _SOURCES:
        source = repository / name
        found = [source] if source.is_file() else sorted(source.rglob("*"))
        for path in found:
            if path.is_file() and not _IGNORED.intersection(path.parts):
                yield path
