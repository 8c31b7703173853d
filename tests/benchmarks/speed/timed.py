"""Contenders in processes that stay up, pinned to one core, so that rounds can take turns."""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from tests.benchmarks.peers.contenders import Contender, ContenderFailedError
from tests.benchmarks.peers.environments import ROOT
from tests.benchmarks.quality.metrics import quantile

NANO = 1e9
MILLI = 1e6


def pinned(command: Sequence[str], core: int) -> list[str]:
    """Return the command held to one core."""
    taskset = shutil.which("taskset")
    if taskset is None:
        raise FileNotFoundError("taskset (Debian package util-linux) is needed")
    return [taskset, "-c", str(core), *command]


def last_core() -> int:
    """Return the core to measure on: the last one that this process may use."""
    return max(os.sched_getaffinity(0))


class TimedProcess:
    """A contender that answers ``load``, ``round`` and ``peak``; a context manager."""

    def __init__(self, contender: Contender, *, core: int) -> None:
        environment = contender.ready()
        self.name = contender.name
        self._process = subprocess.Popen(
            pinned(contender.command("time", environment), core),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment.variables,
        )

    def load(self, texts: Sequence[str]) -> None:
        """Hand over the texts of the coming rounds, and let it warm up on some."""
        self._ask({"do": "load", "texts": texts})

    def round(self) -> list[int]:
        """Judge all texts; returns nanoseconds a text."""
        return [int(spent) for spent in self._ask({"do": "round"})]

    def peak_mib(self) -> float:
        """Return the peak resident set so far."""
        return float(self._ask({"do": "peak"})) / 1024

    def _ask(self, command: Mapping[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise ContenderFailedError(f"{self.name} ended early")
        return json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate()


@dataclass(kw_only=True, slots=True)
class Timing:
    """What one contender took on one stream."""

    rates: list[float] = field(default_factory=list)
    middles: list[float] = field(default_factory=list)
    tails: list[float] = field(default_factory=list)
    worst: list[float] = field(default_factory=list)

    def add(self, spent: Sequence[int]) -> None:
        """Take in a round of nanoseconds a text."""
        self.rates.append(len(spent) * NANO / sum(spent))
        self.middles.append(quantile(spent, 0.5) / MILLI)
        self.tails.append(quantile(spent, 0.99) / MILLI)
        self.worst.append(max(spent) / MILLI)

    @property
    def rate(self) -> float:
        """Posts a second, the median of the rounds."""
        return statistics.median(self.rates)


def interleaved(processes: Sequence[TimedProcess], texts: Sequence[str], *, rounds: int) -> dict[str, Timing]:
    """Let each process judge the texts in turn, ``rounds`` times over."""
    timings = {process.name: Timing() for process in processes}
    for process in processes:
        process.load(texts)
    for number in range(rounds):
        # Who goes first changes, so that no one always follows the same neighbour.
        for place in range(len(processes)):
            process = processes[(place + number) % len(processes)]
            timings[process.name].add(process.round())
    return timings


def cold_start(contender: Contender, *, mode: str, core: int, runs: int) -> list[tuple[float, float]]:
    """Return milliseconds, by the clock and of processor time, from a spawn to the end after one text.

    ``mode`` tells which text that is.

    The first run is not counted: it fills the page cache and may write byte code.
    """
    environment = contender.ready()
    command = pinned(contender.command(mode, environment), core)
    spent = []
    for run in range(runs + 1):
        begin, used = time.perf_counter(), _children_seconds()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment.variables)
        if run:
            clock, processor = time.perf_counter() - begin, _children_seconds() - used
            spent.append((clock * 1000, processor * 1000))
    return spent


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
