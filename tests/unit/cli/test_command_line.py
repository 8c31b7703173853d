from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperArgument, TyperGroup, TyperOption

from infra.cli.main import SUBCOMMANDS, run
from infra.local.home import Home

REPOSITORY = Path(__file__).parents[3]


def exit_code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    code = ended.value.code
    assert isinstance(code, int)
    return code


def test_without_arguments_every_command_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    run([])
    shown = capsys.readouterr().out
    assert all(f"  {name}" in shown for name in SUBCOMMANDS)


def test_a_command_that_does_not_exist_ends_with_the_list_on_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert exit_code("hlep") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "no command 'hlep'" in told.err


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(name, "--help") == 0
    assert "Usage" in capsys.readouterr().out


@pytest.mark.parametrize("name", [*SUBCOMMANDS, "alerts_edit"])
def test_everything_that_a_command_says_of_itself_is_japanese(name: str) -> None:
    application = import_module(f"infra.cli.{name}").app
    said = [SUBCOMMANDS.get(name, "一覧"), *_help_of(typer.main.get_command(application))]
    assert not [text for text in said if not re.search("[ぁ-んァ-ヶ一-龠]", text)]


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_on_a_terminal_of_80_letters_no_sentence_of_the_help_is_cut(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in _paths_to_help(name):
        ellipses = []
        for columns in ("80", "400"):
            monkeypatch.setenv("COLUMNS", columns)
            exit_code(*path, "--help")
            ellipses.append(capsys.readouterr().out.count("…"))
        assert ellipses[0] == ellipses[1], path


def _paths_to_help(name: str) -> Iterator[tuple[str, ...]]:
    yield (name,)
    command = typer.main.get_command(import_module(f"infra.cli.{name}").app)
    if isinstance(command, TyperGroup):
        yield from ((name, each) for each in command.commands)


def _help_of(command: Any) -> Iterator[str]:
    yield command.help or ""
    for parameter in command.params:
        if isinstance(parameter, TyperOption | TyperArgument):
            yield parameter.help or ""
    if isinstance(command, TyperGroup):
        for each in command.commands.values():
            yield from _help_of(each)


@pytest.mark.parametrize("name", ["score", "config"])
def test_a_command_that_needs_no_aws_loads_no_client(name: str) -> None:
    program = (
        "import sys\nfrom infra.cli.main import run\n"
        f"try:\n    run(['{name}', '--help'])\nexcept SystemExit:\n    pass\n"
        "sys.exit(' '.join(m for m in ('boto3', 'moto', 'ministack') if m in sys.modules) or 0)"
    )
    path = f"{REPOSITORY}:{REPOSITORY / 'layers' / 'core' / 'python'}"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


def test_checking_what_ships_succeeds(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("config", "check", str(REPOSITORY / "infra" / "config")) == 0
    assert "問題ありません" in capsys.readouterr().out


@pytest.mark.parametrize(("lang", "said"), [("ja", "1 件の問題があります"), ("en", "1 problems")])
def test_checking_a_mistake_fails_and_names_it_on_stderr(
    lang: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = Path(shutil.copytree(REPOSITORY / "infra" / "config", tmp_path / "config"))
    roster = directory / "roster.yaml"
    roster.write_text(roster.read_text("utf-8").replace("phone: 090-0000-0005", "phone: 12"), "utf-8")
    line = roster.read_text("utf-8").split("phone: 12")[0].count("\n") + 1
    assert exit_code("config", "check", str(directory), "--lang", lang) == 1
    told = capsys.readouterr().err
    assert f"{directory}/roster.yaml:{line}: people[4].phone" in told
    assert said in told


def test_pushing_a_mistake_is_refused_before_anything_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = Path(shutil.copytree(REPOSITORY / "infra" / "config", tmp_path / "config"))
    (directory / "settings.yaml").write_text("after_care: soon\n", "utf-8")
    assert exit_code("config", "push", str(directory), "--stack", "hikeshi") == 1
    assert "settings.yaml:1: after_care" in capsys.readouterr().err


def test_status_of_a_stack_that_is_down_says_so_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("local", "status", "--json", "--home", str(tmp_path)) == 1
    assert '"up": false' in capsys.readouterr().out


def test_stopping_a_stack_that_is_down_succeeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("local", "down", "--home", str(tmp_path)) == 0
    assert "動いていませんでした" in capsys.readouterr().err


def test_starting_with_a_configuration_that_has_mistakes_starts_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = Path(shutil.copytree(REPOSITORY / "infra" / "config", tmp_path / "config"))
    (directory / "roster.yaml").unlink()
    home = tmp_path / "home"
    assert exit_code("local", "up", "--home", str(home), "--config", str(directory)) == 1
    assert "roster.yaml" in capsys.readouterr().err
    assert Home(root=home).remembered() is None
