"""Help in Japanese, which has no spaces to break a line at."""

from __future__ import annotations

from rich.text import Text
from typer import rich_utils


class Folded(rich_utils.OptionHighlighter):
    """Colours the options in a text as typer does, and lets the text go on in the next line.

    In a table rich ends what it cannot break at a space with an ellipsis: half a sentence is not read.
    """

    def __call__(self, text: str | Text) -> Text:
        """Return the text, to be folded at the edge."""
        coloured = super().__call__(text)
        coloured.overflow = "fold"
        return coloured


def fold_help() -> None:
    """Let all help that is printed from now on fold."""
    rich_utils.highlighter = Folded()
