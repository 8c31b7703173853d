"""Who takes part, in which environment, and their verdicts on lists of texts, kept between runs."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.peers.environments import (
    BUILD,
    HERE,
    ROOT,
    Environment,
    environment_of,
    own_environment,
)
from tests.benchmarks.peers.verdict import Verdict


class ContenderFailedError(Exception):
    """A contender ended early; says what it wrote last."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """One that judges texts.

    Attributes
    ----------
    adapter : str
        Module in ``adapters``.
    environment : str or None
        Requirements file it needs, None for hikeshi's own environment.
    """

    name: str
    adapter: str
    environment: str | None = None

    def ready(self) -> Environment:
        """Return its environment, made if need be."""
        return own_environment() if self.environment is None else environment_of(self.environment)

    def command(self, mode: str, environment: Environment) -> list[str]:
        """Return what starts it."""
        return [str(environment.python), "-m", "tests.benchmarks.peers.run", self.adapter, mode]


HIKESHI = Contender(name="hikeshi", adapter="hikeshi")
EVERY = Contender(name="Encoder=every", adapter="hikeshi_every")
PEERS = (
    Contender(name="asari 0.2.0", adapter="asari_sonar", environment="asari"),
    Contender(name="oseti 0.4.3", adapter="oseti_mean", environment="oseti"),
    Contender(name="janome + dictionary", adapter="janome_dictionary", environment="oseti"),
    Contender(name="mlask-official 0.5.0", adapter="mlask_official", environment="mlask-official"),
    Contender(name="pymlask 0.3.3", adapter="pymlask_emotions", environment="pymlask"),
    Contender(name="kotobacore 1.1.0", adapter="kotobacore_analyzer", environment="kotobacore"),
    Contender(name="NG words (2 lists)", adapter="ng_words", environment="ng-words"),
    Contender(name="100 risk keywords", adapter="keywords"),
)


def verdicts(contender: Contender, texts: Sequence[str]) -> list[Verdict]:
    """Judge texts in a process of the contender's own; a peer's verdicts are kept, hikeshi's never.

    Raises
    ------
    EnvironmentUnavailableError, ContenderFailedError
        If it cannot be installed, or ends before it has judged everything.
    """
    environment = contender.ready()
    place = None if contender in (HIKESHI, EVERY) else _place(contender)
    known: dict[str, str] = {}
    if place is not None and place.is_file():
        known = json.loads(place.read_text(encoding="utf-8"))
    names = [hashlib.sha256(json.dumps(text).encode()).hexdigest()[:24] for text in texts]
    missing = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
    if missing:
        known |= zip(missing, _ask(contender, environment, list(missing.values())), strict=True)
        if place is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(json.dumps(known), encoding="utf-8")
    return [Verdict(*json.loads(known[name])) for name in names]


def _ask(contender: Contender, environment: Environment, texts: Sequence[str]) -> list[str]:
    done = subprocess.run(
        contender.command("score", environment),
        input="".join(json.dumps(text) + "\n" for text in texts),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment.variables,
    )
    lines = done.stdout.splitlines()
    if done.returncode or len(lines) != len(texts):
        last = (done.stderr.strip().splitlines() or ["said nothing"])[-1]
        raise ContenderFailedError(f"{len(lines)} of {len(texts)} texts judged, then: {last}")
    return lines


def _place(contender: Contender) -> Path:
    """Name the file of answers after all that they depend on, but for the texts."""
    digest = hashlib.sha256((HERE / "adapters" / f"{contender.adapter}.py").read_bytes())
    if contender.environment is not None:
        digest.update((HERE / f"{contender.environment}.txt").read_bytes())
    return BUILD / "verdicts" / f"{contender.adapter}-{digest.hexdigest()[:32]}.json"
