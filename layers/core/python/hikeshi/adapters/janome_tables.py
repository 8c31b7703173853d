"""janome's data package, made of tables that lie packed beside it (``layers/janome/pack.py``).

janome loads its dictionary from Python literals and keeps it as lists of numbers. Here the same numbers are
mapped from files, and janome's own code reads them through the few names of its data package. The words
themselves come from janome's own files, which it maps as well.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from hikeshi.domain.errors import ConfigError

_DATA = "janome.sysdic"
_PARTS = ("compact", "extra")
"""What a word costs, and what else is known of it: janome keeps these apart."""
Entries = dict[tuple[int, int], tuple[mmap, Mapping[str, Any]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tables:
    """The packed tables.

    Attributes
    ----------
    connections : sequence of rows of int
        What it costs that a word of one class stands before one of another.
    positions : view of int
        Where each entry begins in its file: first all of ``compact``, then all of ``extra``.
    words : list of mmap
        The automata that find words.
    """

    connections: Sequence[Sequence[int]]
    positions: memoryview[int]
    words: list[mmap]

    def entries(self, home: Path) -> Iterator[Entries]:
        """Yield the entries of each part by the range of their numbers, from janome's own files."""
        buckets: Mapping[int, tuple[int, int]] = import_module(f"{_DATA}.entries_buckets").DATA
        at = 0
        for part in _PARTS:
            entries: Entries = {}
            for number, (begin, end) in buckets.items():
                places = self.positions[at : (at := at + end - begin)]
                file = _mapped(home / f"entries_{part}{number}.py")
                entries[begin, end] = file, {"offset": begin, "positions": places}
            yield entries


def stand_in() -> bool:
    """Let janome find the packed tables; False if there are none, or it has loaded its own before.

    Raises
    ------
    ConfigError
        If they are not whole or were packed from another janome.
    """
    found = find_spec(_DATA)
    if _DATA in sys.modules or found is None or not found.submodule_search_locations:
        return False
    home = Path(found.submodule_search_locations[0])
    if not (home / "packed").is_dir():
        return False
    tables = read(home / "packed")
    module = sys.modules[_DATA] = module_from_spec(found)
    vars(module).update(
        chardef=import_module(f"{_DATA}.chardef"),
        unknowns=import_module(f"{_DATA}.unknowns"),
        connections=tables.connections,
        all_fstdata=lambda: tables.words,
        mmap_entries=lambda: (*tables.entries(home), []),
        entries=None,
    )
    return True


def read(folder: Path) -> Tables:
    """Map the tables of a folder.

    Raises
    ------
    ConfigError
        If they are not whole or were packed from another janome.
    """
    from janome import __version__

    try:
        described = json.loads((folder / "packed.json").read_text("ascii"))
        packed_from, sizes = described["janome"], described["bytes"]
        # A file that is too short is refused with ValueError.
        maps = {name: _mapped(folder / name, sizes[name]) for name in sizes}
        costs = memoryview(maps["connections"]).cast("h")
        classes = math.isqrt(len(costs))
        tables = Tables(
            connections=[costs[at : at + classes] for at in range(0, len(costs), classes)],
            positions=memoryview(maps["positions"]).cast("I"),
            words=[maps["words0"], maps["words1"]],
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        reason = f"cannot be read ({type(error).__name__})"
    else:
        if packed_from == __version__:
            return tables
        reason = f"packed from janome {packed_from}, not {__version__}"
    raise ConfigError(f"{folder}: {reason}: run make setup, or build the layer again")


def _mapped(file: Path, size: int = 0) -> mmap:
    """Map a file, or so many bytes of it."""
    with file.open("rb") as stream:
        return mmap(stream.fileno(), size, access=ACCESS_READ)
