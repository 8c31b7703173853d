"""Run benchmarks in their own processes, one after the other, and print their tables.

Without a name all run but those that install other projects from a package index or take many minutes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ON_REQUEST = {"bench_quality", "bench_speed", "bench_escalation", "bench_pages"}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all but those on request; the exit code counts those that failed."""
    found = sorted(p.stem for p in HERE.glob("bench_*.py"))
    unknown = set(names) - set(found)
    if unknown:
        print(f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(found)}", file=sys.stderr)
        return 2
    failed = 0
    for name in names or [name for name in found if name not in ON_REQUEST]:
        print(f"\n== {name} ==", flush=True)
        command = [sys.executable, "-m", f"tests.benchmarks.{name}"]
        failed += subprocess.run(command, check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
