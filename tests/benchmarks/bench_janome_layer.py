"""Cold start of the janome layer beside a plain installation without byte code, in the same run.

The layer is built by its own Makefile, the other is what pip puts into a layer. Both are read as ``/opt``
is: nothing may be written beside them. A start is a fresh process that analyses one post with hikeshi's
adapter; memory is its peak resident set.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]
LAYER = ROOT / "layers" / "janome"
CORE = ROOT / "layers" / "core" / "python"
FASTER, LIGHTER_MIB = 10.0, 60.0
PROBE = """
from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
assert next(iter(JanomeTokenizer().tokenize('チョコに虫が入っていた'))).surface == 'チョコ'
print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))
"""


def main() -> int:
    """Print the table; 1 if a target is missed."""
    with tempfile.TemporaryDirectory() as scratch:
        built, plain = Path(scratch, "built"), Path(scratch, "plain")
        environment = {**os.environ, "ARTIFACTS_DIR": str(built)}
        subprocess.run(
            ["make", "--silent", "build-JanomeLayer", f"PYTHON={sys.executable}"],
            cwd=LAYER,
            env=environment,
            check=True,
            stderr=subprocess.DEVNULL,
        )
        install = f"install --quiet --no-compile --no-deps --require-hashes --target {plain}/python"
        subprocess.run(
            [sys.executable, "-m", "pip", *install.split(), "--requirement", LAYER / "requirements.txt"],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        rows = {
            "hikeshi's layer": (*measure(built / "python", runs=7), size(built)),
            "without byte code": (*measure(plain / "python", runs=3), size(plain)),
        }
    fast, slow = rows.values()
    faster = slow[0] / fast[0]
    table = Table(title="janome: process start to first post analysed (median)")
    for heading in ("package", "ms", "peak MiB", "unzipped MiB"):
        table.add_column(heading, justify="left" if heading == "package" else "right")
    for name, (ms, peak, unzipped) in rows.items():
        table.add_row(name, f"{ms:.0f}", f"{peak:.0f}", f"{unzipped:.0f}")
    console = Console(width=100)
    console.print(table)
    console.print(
        f"{faster:.1f} times as fast (target {FASTER:.0f}); {fast[1]:.0f} MiB (target {LIGHTER_MIB:.0f})"
    )
    return int(faster < FASTER or fast[1] > LIGHTER_MIB)


def measure(packages: Path, *, runs: int) -> tuple[float, float]:
    """Return median milliseconds and peak MiB of a start, after one that warms the page cache."""
    environment = {"PYTHONPATH": f"{packages}:{CORE}", "PYTHONDONTWRITEBYTECODE": "1"}
    samples = []
    for run in range(runs + 1):
        begin = time.perf_counter()
        answer = subprocess.run(
            [sys.executable, "-S", "-c", PROBE], env=environment, check=True, capture_output=True, text=True
        )
        spent = time.perf_counter() - begin
        if run:
            samples.append((spent * 1000, int(answer.stdout) / 1024))
    times, peaks = zip(*samples, strict=True)
    return statistics.median(times), statistics.median(peaks)


def size(folder: Path) -> float:
    """Return the MiB of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


if __name__ == "__main__":
    sys.exit(main())
