from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hikeshi.domain.actions import Role
from infra.configuring.checks import check_directory, warnings
from infra.configuring.problems import Problem, catalogue
from infra.configuring.roster_checks import roster_warnings
from tests.unit.config.mistakes import IN_ROSTER, IN_SETTINGS_AND_WATCHES, Mistake
from tests.unit.config.mistakes_of_policy import IN_ESCALATION, IN_PLAYBOOKS

Edit = Callable[[str, str, str], int]
Problems = Callable[[], tuple[Problem, ...]]


def test_what_ships_has_no_problem(directory: Path) -> None:
    assert check_directory(directory).problems == ()


def test_the_examples_in_the_comments_of_the_roster_hold(directory: Path) -> None:
    path = directory / "roster.yaml"
    examples = re.compile(r"^# (?=(rotations|absences):$|  - |    \w|      - )", re.MULTILINE)
    head, people = path.read_text("utf-8").split("\npeople:\n")
    path.write_text(f"{head}\npeople:\n{examples.sub('', people)}", "utf-8")
    document = check_directory(directory).document
    assert document is not None
    assert [rotation.id for rotation in document.roster.rotations] == ["watch"]
    assert [absence.person for absence in document.roster.absences] == ["sato"]


MISTAKES = IN_ROSTER | IN_SETTINGS_AND_WATCHES | IN_ESCALATION | IN_PLAYBOOKS


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_file_line_field_and_remedy(
    mistake: Mistake, edit: Edit, problems: Problems
) -> None:
    line = edit(mistake.file, mistake.old, mistake.new)
    found = [problem for problem in problems() if problem.kind == mistake.kind]
    assert [problem.field for problem in found][:1] == [mistake.field]
    problem = found[0]
    if problem.file == mistake.file:
        assert problem.line == line + mistake.line
    for language in ("ja", "en"):
        told = problem.one_line(language)
        assert told.startswith(f"{problem.file}:{problem.line}: {mistake.field}: ")
        what, _, remedy = told.partition(" → ")
        assert what and remedy and "{" not in told


def test_a_playbook_with_more_tasks_than_one_change_can_carry_is_told(edit: Edit, problems: Problems) -> None:
    for known in ("{id: lot, ", "{id: contact, title: 申し出の窓口を用意し、"):
        more = "".join(f"{{id: {known[5:8]}{n}, title: 作業, due: 30m}}\n          - " for n in range(6))
        edit("playbooks.yaml", known, more + known)
    (problem,) = problems()
    assert (problem.kind, problem.field) == ("too_many_tasks", "categories.contamination.departments")
    assert problem.values["limit"] == "15"


def test_a_file_that_is_missing_is_named(directory: Path, problems: Problems) -> None:
    (directory / "roster.yaml").unlink()
    (problem,) = problems()
    assert problem.one_line("en").startswith(
        "roster.yaml: the file is missing → copy infra/config/roster.yaml of hikeshi here"
    )


def test_a_directory_that_is_missing_is_told_once(tmp_path: Path) -> None:
    (problem,) = check_directory(tmp_path / "none").problems
    assert problem.kind == "missing_directory"
    assert "リポジトリの中で実行するか" in problem.one_line()


def test_a_file_that_is_not_utf_8_is_to_be_saved_so(directory: Path, problems: Problems) -> None:
    file = directory / "settings.yaml"
    file.write_bytes(b"after_care: 30d\n" + "# 設定".encode("cp932"))
    (problem,) = problems()
    assert (problem.kind, problem.file, problem.line) == ("not_utf8", "settings.yaml", 2)
    assert "UTF-8 を選び、保存し直してください" in problem.remedy()


def test_a_span_out_of_range_is_told_as_it_was_written_and_with_its_bounds(
    edit: Edit, problems: Problems
) -> None:
    edit("settings.yaml", "after_care: 30d", "after_care: 1825d")
    (problem,) = problems()
    assert problem.text() == "時間 1825d は使えません"
    assert problem.remedy() == "0s から 1095d までにしてください"


def test_one_misspelt_role_is_one_problem_and_says_what_was_meant(edit: Edit, problems: Problems) -> None:
    edit("roster.yaml", "roles: [legal]", "roles: [leagl]")
    (problem,) = problems()
    assert (problem.kind, problem.field) == ("misspelt", "people[7].roles[0]")
    assert problem.remedy().startswith("「legal」ではありませんか。")


def test_yaml_that_does_not_parse_is_told_with_its_line(edit: Edit, problems: Problems) -> None:
    line = edit("escalation.yaml", "last_resort: [executive]", "last_resort: [executive")
    (problem,) = problems()
    assert (problem.kind, problem.file) == ("yaml", "escalation.yaml")
    assert problem.line >= line


def test_a_key_written_twice_is_told(edit: Edit, problems: Problems) -> None:
    edit("settings.yaml", "after_care: 30d", "grouping_window: 30d")
    (problem,) = problems()
    assert (problem.kind, problem.file) == ("duplicate_key", "settings.yaml")


def test_a_list_where_a_section_belongs_is_told(directory: Path, problems: Problems) -> None:
    (directory / "settings.yaml").write_text("- one\n", "utf-8")
    assert [(p.kind, p.file) for p in problems()] == [("not_a_mapping", "settings.yaml")]


def test_s0_5_a_step_whose_people_are_all_away_is_unreachable(edit: Edit, problems: Problems) -> None:
    edit("escalation.yaml", "roles: [lead, legal]\n        people: [ueda, ito]", "roles: [legal]")
    edit("roster.yaml", "roles: [legal]", "roles: [legal]\n    active: false")
    assert ("unreachable_step", "ladders.warning.steps[1]") in {(p.kind, p.field) for p in problems()}


def test_a_step_whose_people_lack_the_channel_is_unreachable(edit: Edit, problems: Problems) -> None:
    edit(
        "escalation.yaml",
        "roles: [lead, legal]\n        people: [ueda, ito]",
        "roles: [expert]\n        channels: [sms]",
    )
    found = [p for p in problems() if p.kind == "unreachable_step"]
    assert [p.field for p in found] == ["ladders.warning.steps[1]"]
    assert "sms" in found[0].remedy("ja")


def test_somebody_away_whose_deputy_is_there_is_reached(edit: Edit, problems: Problems) -> None:
    edit("roster.yaml", "deputy: sato", "deputy: sato\n    active: false")
    assert problems() == ()


def test_a_last_resort_without_an_address_is_told(edit: Edit, problems: Problems) -> None:
    edit("roster.yaml", "    phone: 090-0000-0012\n    mail: takahashi@example.jp\n", "")
    edit("roster.yaml", "    phone: 090-0000-0013\n    mail: fujii@example.jp\n", "")
    assert "unreachable_last_resort" in {problem.kind for problem in problems()}


def test_every_mistake_is_told_at_once(edit: Edit, problems: Problems) -> None:
    edit("roster.yaml", "phone: 090-0000-0003", "phone: 1")
    edit("watches.yaml", "every_minutes: 5", "every_minutes: 0")
    edit("settings.yaml", "after_care: 30d", "after_care: soon")
    assert [p.kind for p in problems()] == ["out_of_range", "phone", "duration"]


def test_every_kind_of_problem_is_worded_in_both_languages() -> None:
    for kind, texts in catalogue().items():
        assert set(texts) == {"ja", "ja_remedy", "en", "en_remedy"}, kind


@pytest.mark.parametrize("written", ["090-0000-1234", "09000001234", "+819000001234", "０９０-0000-1234"])
def test_a_mobile_number_becomes_e164_however_it_is_written(
    written: str, edit: Edit, directory: Path
) -> None:
    edit("roster.yaml", "phone: 090-0000-0003", f"phone: {written}")
    document = check_directory(directory).document
    assert document is not None
    assert document.roster.people[2].phone == "+819000001234"


def test_somebody_who_left_takes_no_duty_over(edit: Edit, problems: Problems) -> None:
    override = "overrides: [{person: ueda, since: 2026-09-09, until: 2026-09-10}]"
    edit(
        "roster.yaml",
        "default_engages:",
        f"rotations: [{{id: a, name: a, people: [arai], starts: 2026-09-07, {override}}}]\ndefault_engages:",
    )
    assert problems() == ()
    edit("roster.yaml", "    mail: ueda@example.jp\n", "    mail: ueda@example.jp\n    active: false\n")
    found = {(problem.kind, problem.field) for problem in problems()}
    assert found == {("override_inactive", "rotations[0].overrides[0].person")}


@pytest.mark.parametrize(
    "gone",
    [
        ("roles: [desk]\n    phone: 090-0000-0002", "roles: [hr]\n    phone: 090-0000-0002"),
        ("mail: ueda@example.jp\n", "mail: ueda@example.jp\n    active: false\n"),
    ],
    ids=["another role", "left"],
)
def test_a_change_of_duty_that_is_over_asks_nothing_of_whoever_took_it(
    gone: tuple[str, str], edit: Edit, directory: Path
) -> None:
    """`people leave` asks for `active: false`: what was taken over years ago must not stand in its way."""
    override = "overrides: [{person: ueda, since: 2026-09-09, until: 2026-09-10}]"
    edit(
        "roster.yaml",
        "default_engages:",
        f"rotations: [{{id: a, name: a, role: desk, people: [arai], starts: 2026-09-07, {override}}}]\n"
        "default_engages:",
    )
    edit("roster.yaml", *gone)
    over = datetime.fromisoformat("2026-09-11T00:00+09:00")
    (problem,) = check_directory(directory, at=over - timedelta(seconds=1)).problems
    assert problem.field == "rotations[0].overrides[0].person"
    assert check_directory(directory, at=over).problems == ()


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("070-0000-1234", "+817000001234"),
        ("080-0000-1234", "+818000001234"),
        ("060-1234-5678", "+816012345678"),
        ("080-1234-5678", "+818012345678"),
        ("+81 090-0000-1234", "+819000001234"),
        ("+1 202-555-0100", "+12025550100"),
    ],
)
def test_a_text_arrives_at_every_kind_of_mobile_number(
    written: str, dialled: str, edit: Edit, directory: Path
) -> None:
    edit("roster.yaml", "phone: 090-0000-0003", f"phone: {written}")
    document = check_directory(directory).document
    assert document is not None
    assert document.roster.people[2].phone == dialled


def test_somebody_without_a_mobile_phone_is_to_be_reached_by_mail(edit: Edit, problems: Problems) -> None:
    edit("roster.yaml", "phone: 090-0000-0003", "phone: 03-1234-5678")
    (problem,) = problems()
    assert "SMS が届きません" in problem.text()
    assert "「phone:」を消して「mail:」だけにしてください" in problem.remedy()
    edit("roster.yaml", "    phone: 03-1234-5678\n", "")
    assert problems() == ()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("0300000000", "03-0000-0000"),
        ("０３-0000-0000", "03-0000-0000"),
        ("+81300000000", "03-0000-0000"),
        ("0120-000-000", "0120-000-000"),
        ("+1 202-555-0100", "+1 202-555-0100"),
        ('""', ""),
    ],
)
def test_a_number_of_the_desk_is_written_as_it_is_dialled(
    written: str, shown: str, edit: Edit, directory: Path
) -> None:
    edit("settings.yaml", 'desk_phone: ""', f"desk_phone: {written}")
    document = check_directory(directory).document
    assert document is not None
    assert document.to_configuration().desk_phone == shown


def test_s0_7_a_seat_that_nobody_holds_is_named_before_it_is_needed(edit: Edit, problems: Problems) -> None:
    edit("roster.yaml", "roles: [hr]", "roles: [expert]")
    found = {problem.field for problem in problems() if problem.kind == "no_owner"}
    assert "categories.misconduct.departments.hr" in found


def test_a_roster_with_one_person_who_may_approve_takedowns_is_warned_of(directory: Path) -> None:
    reading = check_directory(directory)
    assert reading.document is not None
    roster, file = reading.document.roster, reading.files["roster"]
    assert list(roster_warnings(roster, file)) == []
    fewer = [each for each in roster.people if Role.EXECUTIVE not in each.roles]
    (warning,) = roster_warnings(roster.model_copy(update={"people": fewer}), file)
    assert "承認できる人（legal、executive）が 1 人です" in warning.text()


def test_a_desk_that_no_dead_link_could_name_is_warned_of(directory: Path, edit: Edit) -> None:
    reading = check_directory(directory)
    assert reading.document is not None
    (warning,) = warnings(reading.document, reading.files)
    line = directory.joinpath("settings.yaml").read_text("utf-8").splitlines()[warning.line - 1]
    assert (warning.file, warning.field, line) == ("settings.yaml", "desk_phone", 'desk_phone: ""')
    assert "03-1234-5678" in warning.remedy()
    edit("settings.yaml", 'desk_phone: ""', "desk_phone: 0120-000-000")
    mended = check_directory(directory)
    assert mended.document is not None
    assert list(warnings(mended.document, mended.files)) == []
