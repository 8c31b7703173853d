"""Write janome's tables as plain numbers, to be mapped into memory instead of loaded: ``pack.py [FOLDER]``.

janome keeps its dictionary in Python literals: to load these takes a tenth of a second and 77 MiB. Packed
they are 16 MB, of which a process has only the pages that it reads. ``hikeshi/adapters/janome_tables.py``
finds them in ``janome/sysdic/packed``, where they are written if no other folder is given.
"""

from __future__ import annotations

import hashlib
import json
import sys
from array import array
from pathlib import Path

from janome import __version__, sysdic


def main(folder: Path) -> None:
    """Write the tables, and beside them what they were made from, how large they are and their digests."""
    first, second = sysdic.all_fstdata()
    tables = {
        "connections": b"".join(array("h", row).tobytes() for row in sysdic.connections),
        "positions": b"".join(
            array("I", index["positions"]).tobytes()
            for part in sysdic.mmap_entries()[:2]
            for _, index in part.values()
        ),
        "words0": first,
        "words1": second,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in tables.items():
        _put(folder / name, content)
    described = {
        "janome": __version__,
        "bytes": {name: len(content) for name, content in tables.items()},
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in tables.items()},
    }
    _put(folder / "packed.json", json.dumps(described).encode("ascii"))


def _put(file: Path, content: bytes) -> None:
    """Put a whole file in the place of another, which a process may have mapped and goes on reading."""
    beside = file.with_name(f"{file.name}.new")
    beside.write_bytes(content)
    beside.replace(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(sysdic.__file__).parent / "packed")
