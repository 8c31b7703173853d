"""A test question as people write it, line by line: the question, ○ the answer, × what is wrong, why."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.errors import InvalidFormError

ASKED, RIGHT, WRONG, WHY = "問い", "○", "×", "理由"


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question with one right answer."""

    asked: str
    right: str
    wrong: tuple[str, ...]
    why: str


def question_of(text: str) -> Question:
    """Read a question.

    Raises
    ------
    InvalidFormError
        ``change_text``: it needs one question, one right answer, at least one wrong one, and a reason.
    """
    found: dict[str, list[str]] = {ASKED: [], RIGHT: [], WRONG: [], WHY: []}
    for line in text.splitlines():
        for mark, given in found.items():
            if line.startswith(mark):
                given.append(line.removeprefix(mark).lstrip("　 ：:").strip())
    single = all(len(found[mark]) == 1 and found[mark][0] for mark in (ASKED, RIGHT, WHY))
    wrong = tuple(each for each in found[WRONG] if each)
    if not single or not wrong:
        raise InvalidFormError("a question lacks a part", field="change_text")
    return Question(asked=found[ASKED][0], right=found[RIGHT][0], wrong=wrong, why=found[WHY][0])
