"""The map from what is asked to the tests that prove it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.coverage_map import Row, faults, read_rows, rows_of, table

ROOT = Path(__file__).parents[3]
ROOM = Row(id="S0-16", part="room", text="Nothing false leaves the house")
LATER = Row(id="S1-20", part="prevention", text="A test is scored")
PROOF = "tests/unit/test_words.py::test_s0_16_nothing_false_leaves_the_house"


@pytest.mark.parametrize(
    ("nodeid", "expected"),
    [
        (PROOF, ("S0-16",)),
        ("tests/a.py::test_s0_9_s2_3_facts_first[a::test_s1_1_b]", ("S0-9", "S2-3")),
        ("tests/a.py::test_s3_keeps_every_version", ()),
        ("tests/a.py::test_facts_come_first_s0_9_", ()),
        ("tests/test_s0_9_folder/a.py::test_facts_come_first", ()),
    ],
)
def test_a_test_names_its_rows_in_front_of_its_name(nodeid: str, expected: tuple[str, ...]) -> None:
    assert rows_of(nodeid) == expected


def test_each_row_has_an_id_of_its_own_and_says_what_it_asks() -> None:
    rows = read_rows()
    assert len({row.id for row in rows}) == len(rows) == 100
    assert all(row.text for row in rows)
    assert {row.part for row in rows} == {"room", "watch", "prevention", "drills", "product"}


def test_the_table_shows_what_became_of_a_test_and_which_row_is_open() -> None:
    shown = list(table((ROOM, LATER), {PROOF: Counter(passed=2, failed=1)}))
    assert shown == [f"S0-16  failed   {PROOF}", "S1-20  open     prevention: A test is scored"]


def test_a_row_of_the_room_needs_a_test_that_does_not_fail() -> None:
    assert list(faults((ROOM, LATER), {PROOF: Counter(passed=2)})) == []
    assert list(faults((ROOM, LATER), {PROOF: Counter(failed=1, passed=2)})) == [f"failed: {PROOF}"]
    assert list(faults((ROOM, LATER), {})) == ["rows of the response room without a test: S0-16"]


def test_a_row_that_does_not_exist_is_named() -> None:
    assert list(faults((LATER,), {PROOF: Counter(passed=1)})) == [f"{PROOF} names S0-16, which is no row"]


def test_the_command_runs_what_names_a_row_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "test_words.py").write_text(
        "def test_s0_16_holds(): pass\ndef test_s0_9_breaks(): assert 0\ndef test_other(): assert 0\n"
    )
    command = [sys.executable, "-m", "tests.coverage_map", "--folder", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 1
    shown = [line.split() for line in ran.stdout.splitlines() if line.startswith("S")]
    tests = {row: (result, test.rpartition("::")[2]) for row, result, test, *_ in shown}
    assert tests["S0-16"] == ("passed", "test_s0_16_holds")
    assert tests["S0-9"] == ("failed", "test_s0_9_breaks")
    assert "test_other" not in ran.stdout.split("S0-1 ")[-1]
    assert "test_s0_9_breaks" in ran.stderr
    assert "without a test" in ran.stderr
