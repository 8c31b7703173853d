"""Check the state machines and their README, or write the README anew."""

from __future__ import annotations

import sys

from infra.asl import readme
from infra.asl.rules import definitions, findings


def main(arguments: list[str]) -> int:
    """Return 0 if nothing was found."""
    if arguments == ["--write"]:
        readme.README.write_text(readme.text(), encoding="utf-8")
        return 0
    found = [f"{name}: {finding}" for name, machine in definitions().items() for finding in findings(machine)]
    if readme.README.read_text(encoding="utf-8") != readme.text():
        found.append(f"{readme.README.name}: out of date; run python -m infra.asl --write")
    print("\n".join(found) or f"{len(definitions())} state machines, nothing found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
