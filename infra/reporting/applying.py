"""Puts what people accepted into the files of the configuration, from where it is checked and published."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hikeshi.domain.configuration import LexiconFile
from hikeshi.domain.errors import ConfigError
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.manuals import VERSION, InvalidManualError, amended, next_version, page_of
from hikeshi.domain.reports import Answer, ChangeKind, Proposal
from hikeshi.services.reports.question_text import question_of
from infra.lexicon.checking import check_files

LEARNED = "learned"
"""Name of the file of words that incidents brought."""

QUESTIONS = Path("training/questions.toml")
_WEIGHT = 61
"""Points of a word that was new in an incident: the fewest with which the word alone is noticed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """What was written: the file, and what it holds now that it did not hold before."""

    path: Path
    added: str


def accepted(rooms: Sequence[Room]) -> Iterator[tuple[Incident, Proposal]]:
    """Yield every accepted change with its incident."""
    for room in rooms:
        for proposal in room.proposals:
            if proposal.answer is Answer.ACCEPT:
                yield room.incident, proposal


def apply(proposal: Proposal, incident: Incident, directory: Path) -> Applied | None:
    """Put one accepted change into the files; None if it is there already.

    Raises
    ------
    ConfigError
        If it was not accepted, or the files would not pass their check with it.
    """
    if proposal.answer is not Answer.ACCEPT:
        raise ConfigError(
            f"{proposal.id} は採用されていません。採用された変更は hikeshi changes list で確かめてください"
            " / was not accepted"
        )
    match proposal.kind:
        case ChangeKind.MANUAL:
            return _amend_manual(proposal, directory)
        case ChangeKind.WATCH_WORD:
            return _add_words(proposal, incident, directory)
        case ChangeKind.QUESTION:
            return _add_question(proposal, incident, directory)


def _amend_manual(proposal: Proposal, directory: Path) -> Applied | None:
    name, _, section = proposal.target.partition("#")
    path = directory / "manual" / f"{name}.md"
    if not path.is_file():
        raise ConfigError(f"{path} がありません。--config の場所を確かめてください / no such page")
    try:
        page = page_of(name, _text_of(path))
    except InvalidManualError as error:
        raise ConfigError(
            f"{path}:{error.line}: 先頭の形が違います。hikeshi config check で確かめてください / {error}"
        ) from None
    line = " ".join(proposal.text.split())
    if f"- {line}" in page.text.splitlines():
        return None
    grown = amended(page, section=section, line=line)
    version = f"{VERSION}: {next_version(page.version)}"
    text = grown.replace(f"{VERSION}: {page.version}", version, 1)
    path.write_text(text, "utf-8")
    return Applied(path=path, added=f"{version}　{section}　{line}")


def _add_words(proposal: Proposal, incident: Incident, directory: Path) -> Applied | None:
    path = directory / "lexicon" / f"{LEARNED}.toml"
    before = _text_of(path) if path.is_file() else _LEARNED_HEAD
    name = f"learned_{proposal.id.replace('-', '_')}"
    if f"[words.{name}]" in before:
        return None
    words = [line.strip() for line in proposal.text.splitlines() if line.strip()]
    hit = next((word for word in words if word in incident.quote), None)
    entry = (
        f"\n# 案件 #{incident.number}（{proposal.id}）\n[words.{name}]\nterms = {_toml(words)}\n"
        f'[[rule]]\nid = "own.{name}"\nlabel = {_toml(f"#{incident.number}で新しく現れた言葉")}\n'
        f'category = "{incident.category}"\nweight = {_WEIGHT}\nneeds = ["{name}"]\n'
        f"hits = {_toml(incident.quote if hit else f'{words[0]}のことが話題になっている')}\n"
        'misses = "今日はいい天気だった"\n'
    )
    text = before + entry
    checked = check_files((LexiconFile(name=f"lexicon/{LEARNED}.toml", text=text),), ())
    if checked.problems:
        said = "\n".join(problem.one_line("ja") for problem in checked.problems)
        raise ConfigError(f"{path} に書けません / does not pass its check:\n{said}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return Applied(path=path, added="、".join(words))


def _add_question(proposal: Proposal, incident: Incident, directory: Path) -> Applied | None:
    path = directory / QUESTIONS
    before = _text_of(path) if path.is_file() else _QUESTIONS_HEAD
    if f'id = "{proposal.id}"' in before:
        return None
    question = question_of(proposal.text)
    entry = (
        f'\n[[question]]\nid = "{proposal.id}"\ncategory = "{incident.category}"\n'
        f"asked = {_toml(question.asked)}\nright = {_toml(question.right)}\n"
        f"wrong = {_toml(list(question.wrong))}\nwhy = {_toml(question.why)}\n"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(before + entry, "utf-8")
    return Applied(path=path, added=question.asked)


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise ConfigError(f"{path} を UTF-8 で保存してください / save it as UTF-8") from None


def _toml(value: str | list[str]) -> str:
    """Write a string or a list of strings: what JSON writes of them is TOML too."""
    return json.dumps(value, ensure_ascii=False)


_LEARNED_HEAD = """# 案件で新しく現れた言葉。`hikeshi changes apply` が書き加えます。
# 使うには、settings.yaml の lexicon_entries に learned を加えます。
"""
_QUESTIONS_HEAD = """# 確認テストの問題。案件の振り返りから `hikeshi changes apply` が書き加えます。
"""
