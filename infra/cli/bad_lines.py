"""Tells of files and lines that cannot be read as posts, without filling the screen."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

MOST = 5
"""Bad lines that are shown; all are counted."""
FORMATS = (
    "読めるのは、1 行に 1 件の JSON（.jsonl）か、見出しに id と text のある CSV（.csv）です"
    " / one JSON object a line, or CSV with the headings id and text"
)


class BadLines:
    """The bad lines of one file."""

    def __init__(self, console: Console, name: str) -> None:
        self._console = console
        self._name = name
        self.count = 0

    def add(self, line: int, error: str) -> None:
        """Show a bad line, unless enough were shown."""
        self.count += 1
        if self.count <= MOST:
            say(self._console, f"{self._name}:{line}: {error}")

    def end(self, *, good: int) -> None:
        """Count those that were not shown, and name the formats if the file may be of none of them."""
        if self.count > MOST:
            say(self._console, f"ほか{self.count - MOST}件 / {self.count - MOST} more")
        if self.count > MOST or (self.count and not good):
            say(self._console, FORMATS)


def why_not_opened(error: OSError | LookupError) -> str:
    """Say in a sentence why a file does not open."""
    match error:
        case LookupError():
            return f"--encoding にその文字コードはありません。utf-8 か cp932 を指定してください / {error}"
        case FileNotFoundError(filename=name) if not Path(name).parent.is_dir():
            return f"{Path(name).parent} というフォルダーはありません / no such directory"
        case FileNotFoundError():
            return f"{error.filename} というファイルはありません / no such file"
        case IsADirectoryError():
            return f"{error.filename} はフォルダーです / it is a directory"
        case PermissionError():
            return f"{error.filename} を読む権限がありません / permission denied"
        case _:
            return str(error)


def say(console: Console, text: str) -> None:
    """Print a line as it is: a path or a message may hold what the console takes for its own markup."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)
