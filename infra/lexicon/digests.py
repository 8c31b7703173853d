"""Whether what no person reads is as it was written: learned weights and janome's tables, by their digests.

A bit that turned in a weight keeps every size and every shape; it only makes scores wrong. The digests lie
beside the files and are renewed by what writes them. They are compared where it costs nothing: by ``make``
(``check``, ``build``), ``hikeshi lexicon check``, ``config check`` and ``config push``, never at a start.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from hikeshi.domain.errors import ConfigError

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "layers" / "core" / "python" / "hikeshi" / "lexicon"
FILE = "digests.json"
WRITTEN_BY = {
    "model.bin": "make train",
    "model.json": "make train",
    "perils.json": "make train-perils",
    "encoder_quick.safetensors": "make train-encoder",
    "encoder_thorough.safetensors": "make train-encoder",
}
"""What was learned, and what writes it anew."""
PACK = "python layers/janome/pack.py"


def seal(names: Iterable[str], folder: Path = SHIPPED) -> None:
    """Write down the digests of files that were just written, and leave those of the others."""
    known = json.loads((folder / FILE).read_text("ascii")) if (folder / FILE).is_file() else {}
    known |= {name: _digest(folder / name) for name in names}
    (folder / FILE).write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", "ascii")


def require_whole() -> None:
    """Refuse weights or tables that are not as they were written.

    Raises
    ------
    ConfigError
        Naming each such file, and what brings it back.
    """
    if found := [*damaged_weights(), *damaged_tables()]:
        raise ConfigError("\n".join(found))


def damaged_weights(folder: Path = SHIPPED) -> Iterator[str]:
    """Yield a sentence for each learned file that is not as it was written."""
    known = _read(folder / FILE)
    for name, command in WRITTEN_BY.items():
        if not _is_whole(folder / name, known.get(name)):
            both = " ".join(_shown(folder / each) for each in (name, FILE))
            yield _told(folder / name, f"git checkout -- {both}", command)


def damaged_tables(folder: Path | None = None) -> Iterator[str]:
    """Yield a sentence for each of janome's packed tables that is not as it was packed, if there are any."""
    folder = folder or _packed()
    if folder is None:
        return
    known = _read(folder / "packed.json").get("sha256")
    if not isinstance(known, dict) or not known:
        yield _told(folder / "packed.json", PACK)
        return
    for name, digest in known.items():
        if not _is_whole(folder / name, digest):
            yield _told(folder / name, PACK)


def edited_words() -> tuple[str, ...]:
    """Return the shipped files of words that are not as they were committed; none where there is no git."""
    command = ["git", "diff", "--name-only", "HEAD", "--", f"{_shown(SHIPPED)}/*.toml"]
    try:
        found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(found.stdout.splitlines())


def _packed() -> Path | None:
    found = find_spec("janome.sysdic")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0]) / "packed"
    return folder if folder.is_dir() else None


def _read(file: Path) -> Mapping[str, object]:
    """Return what a file of digests holds; one that cannot be read vouches for nothing."""
    try:
        known = json.loads(file.read_text("ascii"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _is_whole(file: Path, digest: object) -> bool:
    return file.is_file() and _digest(file) == digest


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _told(file: Path, *commands: str) -> str:
    return (
        f"{_shown(file)} が壊れているか、書き出されたときと違います。"
        f"{' か、'.join(commands)} で元に戻してください"
        f" / is damaged, or not as it was written: run {', or '.join(commands)}"
    )


def main() -> int:
    """Say what is damaged; 1 if anything is."""
    try:
        require_whole()
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
