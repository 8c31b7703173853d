"""A deputy who could not be paged is named before they are needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.configuring.checks import check_directory, warnings
from tests.unit.config.conftest import Edit

BOSS = "    mail: takahashi@example.jp"


def warned(directory: Path) -> list[str]:
    reading = check_directory(directory)
    assert reading.document is not None, [each.one_line() for each in reading.problems]
    return [
        each.one_line()
        for each in warnings(reading.document, reading.files)
        if each.kind == "unreachable_deputy"
    ]


def test_the_configuration_that_ships_names_nobody_who_cannot_stand_in(directory: Path) -> None:
    assert warned(directory) == []


@pytest.mark.parametrize(
    ("deputy", "old", "new"),
    [
        ("ishida", "", ""),
        ("ito", "    mail: ito@example.jp", "    mail: ito@example.jp\n    active: false"),
        ("ito", "    phone: 090-0000-0004\n    mail: ito@example.jp\n", ""),
    ],
    ids=["from outside", "inactive", "without an address"],
)
def test_a_deputy_who_cannot_be_paged_is_warned_of(
    directory: Path, edit: Edit, deputy: str, old: str, new: str
) -> None:
    if old:
        edit("roster.yaml", old, new)
    line = edit("roster.yaml", BOSS, f"{BOSS}\n    deputy: {deputy}") + 1
    place = f"roster.yaml:{line}: people["
    found = [each for each in warned(directory) if f"の代理 {deputy} には連絡できません" in each]
    assert any(each.startswith(place) and "takahashi の代理" in each for each in found), warned(directory)
    assert all("電話かメールのある社内の人にしてください" in each for each in found)


def test_the_deputy_of_an_absence_is_held_to_the_same(directory: Path, edit: Edit) -> None:
    absence = "absences:\n  - {person: takahashi, since: 2026-09-07, until: 2026-09-09, deputy: ishida}\n"
    edit("roster.yaml", "default_engages:", absence + "default_engages:")
    (said,) = warned(directory)
    assert "absences[0].deputy" in said
