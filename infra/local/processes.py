"""Starting, recognising and stopping the processes of the local stack."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from infra.local.home import LocalStackError, RunningProcess

GRACE_SECONDS = 20.0
"""How long a process may take to write its state before it is killed."""

_ASIDE = ".removed"
"""How the name of a directory ends that is being removed."""

_STARTED: dict[int, subprocess.Popen[bytes]] = {}
"""Handles of what this very process started: they outlive the call, and stopping reaps them."""


def start(command: Sequence[str], *, env: Mapping[str, str], log: Path, directory: Path) -> RunningProcess:
    """Start a process that outlives this one, its output going to a file."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env=dict(env),
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _STARTED[process.pid] = process
    return RunningProcess(pid=process.pid, created=psutil.Process(process.pid).create_time())


def is_running(process: RunningProcess) -> bool:
    """Tell whether the process we started still lives; a reused number is not it."""
    return _found(process) is not None


def stop(process: RunningProcess, *, finished: Callable[[], bool] = lambda: False) -> None:
    """Stop a process and all that it started, kindly first.

    Parameters
    ----------
    finished : callable
        Tells that the process has done all it had to, even if threads of its own keep it from ending.
    """
    parent = _found(process)
    if parent is None:
        return
    family = [*parent.children(recursive=True), parent]
    parent.terminate()
    _wait(lambda: _is_gone(parent) or finished())
    for left in family:
        _kill(left)
    _wait(lambda: all(_is_gone(member) for member in family))
    if (handle := _STARTED.pop(process.pid, None)) is not None:
        handle.wait()


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + GRACE_SECONDS
    while not done() and time.monotonic() < deadline:
        time.sleep(0.1)


def _is_gone(process: psutil.Process) -> bool:
    """Tell whether a process has ended; one that nobody has reaped yet has."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def remove_in_passing(directory: Path) -> None:
    """Put a directory out of the way and let a process of its own remove it, which nobody waits for.

    The emulator unpacks every function with its layers, thousands of small files: on a slow disk it takes
    a minute to remove them. What an interrupted removal left is removed with it.
    """
    if directory.exists():
        directory.rename(directory.with_name(f"{directory.name}.{time.time_ns()}{_ASIDE}"))
    left = [each.name for each in directory.parent.glob(f"{directory.name}.*{_ASIDE}")]
    if left:
        remover = subprocess.Popen(
            ["rm", "-rf", "--", *left],
            cwd=directory.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        _STARTED[remover.pid] = remover


def stop_strays(scratch: Path) -> int:
    """Kill workers that a crashed emulator left behind: those that run from its scratch directory."""
    strays = [process for process in psutil.process_iter() if _runs_from(process, scratch)]
    for stray in strays:
        _kill(stray)
    return len(strays)


def free_port(preferred: int | None = None) -> int:
    """Return a free port on the loopback address, the preferred one if it is."""
    for port in filter(None, (preferred, 0)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def claim_port(port: int) -> int:
    """Return a port that was asked for.

    Raises
    ------
    LocalStackError
        If something else listens there.
    """
    if free_port(port) != port:
        raise LocalStackError(
            f"ポート {port} は使われています。別の番号にするか、指定を省いて空いている番号に任せてください"
            f" / port {port} is in use; choose another, or leave it out to take a free one"
        )
    return port


def _found(process: RunningProcess) -> psutil.Process | None:
    try:
        candidate = psutil.Process(process.pid)
        alive = candidate.status() != psutil.STATUS_ZOMBIE
        same = abs(candidate.create_time() - process.created) < 1
    except psutil.NoSuchProcess:
        return None
    return candidate if alive and same else None


def _runs_from(process: psutil.Process, directory: Path) -> bool:
    try:
        return any(part.startswith(f"{directory}/") for part in process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return False


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
