"""Import time and memory of each function, beside what the same packages cost on their own.

Each row is the median of several fresh processes (page cache warm, byte code compiled by a first run
that is not counted). Memory is the peak resident set after the import.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]
RUNS = 7

PROBE = """
import sys, time
begin = time.perf_counter()
{statement}
spent = time.perf_counter() - begin
peak = next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'))
print(spent * 1000, int(peak) / 1024, len(sys.modules))
"""

REFERENCES = {
    "bare python": "pass",
    "boto3": "import boto3",
    "aws_lambda_powertools.Logger": "from aws_lambda_powertools import Logger",
    "pydantic": "from pydantic import BaseModel",
    "chalice": "import chalice",
    "feedparser + httpcore": "import feedparser, httpcore",
}


def measure(statement: str) -> tuple[float, float, int]:
    """Return median milliseconds, median MiB and the number of modules of a statement."""
    samples = []
    for run in range(RUNS + 1):
        answer = subprocess.run(
            [sys.executable, "-c", PROBE.format(statement=statement)],
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={"PYTHONPATH": f"{ROOT}/layers/core/python:{ROOT}", "PATH": "/usr/bin:/bin"},
        ).stdout.split()
        if run:
            samples.append((float(answer[0]), float(answer[1]), int(answer[2])))
    times, sizes, modules = zip(*samples, strict=True)
    return statistics.median(times), statistics.median(sizes), modules[0]


def main() -> None:
    """Print the table."""
    table = Table(title=f"Import of each function (median of {RUNS} fresh processes)")
    for heading in ("what", "ms", "peak MiB", "modules", "× boto3 alone"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    boto3_ms = measure(REFERENCES["boto3"])[0]
    functions = {
        path.parent.name: f"import importlib; importlib.import_module('functions.{path.parent.name}.app')"
        for path in sorted((ROOT / "functions").glob("*/app.py"))
    }
    for group in (REFERENCES, functions):
        for name, statement in group.items():
            ms, mib, modules = measure(statement)
            table.add_row(name, f"{ms:.0f}", f"{mib:.0f}", str(modules), f"{ms / boto3_ms:.2f}")
        table.add_section()
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
