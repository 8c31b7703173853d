"""The two settings that are compared: what is in force, and a candidate laid over it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from hikeshi.domain.assessment import Category
from hikeshi.domain.configuration import LexiconFile
from hikeshi.domain.errors import ConfigError
from hikeshi.services.scoring.layering import layered
from hikeshi.services.scoring.lexicon import shipped_files
from infra.configuring.checks import check_directory
from infra.lexicon.files import FOLDER, files_in

WEIGHTS = "weights.toml"


def files_in_force(configuration: Path) -> tuple[LexiconFile, ...]:
    """Return the own files that a configuration directory puts in force.

    Raises
    ------
    ConfigError
        If something is wrong with the directory.
    """
    reading = check_directory(configuration)
    if reading.document is None:
        lines = "\n".join(f"{configuration}/{problem.one_line()}" for problem in reading.problems)
        raise ConfigError(lines)
    return reading.document.to_configuration().lexicon


def with_candidate(in_force: tuple[LexiconFile, ...], folder: Path) -> tuple[LexiconFile, ...]:
    """Lay the files of a folder over those in force; one with the name of another takes its place.

    A file with the name of a shipped one (``contamination.toml``) takes that one's place.

    Raises
    ------
    ConfigError
        If there are no files.
    """
    shipped = {name for name, _ in shipped_files()}
    files = {file.name: file for file in in_force}
    for file in files_in(folder):
        base = Path(file.name).name
        name = base if base in shipped else f"{FOLDER}/{base}"
        files[name] = LexiconFile(name=name, text=file.text)
    return tuple(files.values())


def points_in_force(files: tuple[LexiconFile, ...]) -> dict[str, int]:
    """Return the points of every rule and shift that a fit may change."""
    own = layered(files)
    written = {r.id: r.weight for r in own.lexicon.rules if r.category is not Category.SUPPORT}
    return written | {shift.id: shift.points for shift in own.lexicon.shifts} | dict(own.weights)


def labels_of(files: tuple[LexiconFile, ...]) -> dict[str, str]:
    """Return what people call each rule and shift."""
    lexicon = layered(files).lexicon
    return {rule.id: rule.label for rule in lexicon.rules} | {s.id: s.label for s in lexicon.shifts}


def weights_text(weights: Mapping[str, int], *, before: Mapping[str, int], in_force: str | None) -> str:
    """Write learned weights as a file, those of an earlier one in force among them."""
    lines = [
        "# hikeshi lab fit が書いた候補です。まだ使われていません。",
        "# hikeshi lab --candidate で確かめてから infra/config/lexicon/ に置き、",
        "# settings.yaml の lexicon_entries に weights を加えると使われます。",
        "",
        "[weights]",
    ]
    kept = tomllib.loads(in_force).get("weights", {}) if in_force else {}
    for rule, points in sorted((kept | dict(weights)).items()):
        told = f"  # いま {before[rule]}" if rule in weights else ""
        lines.append(f'"{rule}" = {points}{told}')
    return "\n".join(lines) + "\n"
