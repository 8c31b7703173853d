"""Where the files of words and rules lie, beside the rest of the configuration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hikeshi.domain.configuration import LexiconFile
from hikeshi.domain.errors import ConfigError

FOLDER = "lexicon"


def files_in(folder: Path) -> tuple[LexiconFile, ...]:
    """Return every file of a folder, by name.

    Raises
    ------
    ConfigError
        If the folder is not there, has none, or one is no text.
    """
    found = sorted(folder.glob("*.toml"))
    if not found:
        raise ConfigError(f"{folder} に .toml のファイルがありません / no .toml file in {folder}")
    return tuple(read_file(path) for path in found)


def named_files(configuration: Path, names: Sequence[str]) -> tuple[LexiconFile, ...]:
    """Return the files of these names (``food``) of a configuration directory.

    Raises
    ------
    ConfigError
        If one is not there or is no text.
    """
    return tuple(read_file(path_of(configuration, name)) for name in names)


def path_of(configuration: Path, name: str) -> Path:
    """Return where the file of a name lies."""
    return configuration / FOLDER / f"{name}.toml"


def read_file(path: Path) -> LexiconFile:
    """Read one file; it is known by its folder and name, so that it never hides a shipped one.

    Raises
    ------
    ConfigError
        If it is not there or is no text.
    """
    try:
        return LexiconFile(name=f"{path.parent.name}/{path.name}", text=path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(_why_unread(path, error)) from None


def _why_unread(path: Path, error: OSError | UnicodeDecodeError) -> str:
    match error:
        case FileNotFoundError():
            there = ", ".join(sorted(each.stem for each in path.parent.glob("*.toml"))) or "—"
            return f"{path} がありません。{path.parent} にあるのは: {there} / no such file of words"
        case UnicodeDecodeError():
            return f"{path} を UTF-8 で保存してください / save it as UTF-8"
        case _:
            return f"{path} が読めません / cannot be read: {error.strerror}"
