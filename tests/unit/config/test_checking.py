from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.configuring.checks import check_directory
from infra.configuring.problems import Problem, catalogue

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


@dataclass(frozen=True)
class Mistake:
    """One thing a deployer gets wrong: what stood there, what stands there now, what is said."""

    file: str
    old: str
    new: str
    kind: str
    field: str
    line: int = 0
    """Lines below the edit that the problem is told at."""


MISTAKES = {
    "a phone number too short": Mistake(
        "roster.yaml", "phone: 090-0000-0003", "phone: 090-12", "phone", "people[2].phone"
    ),
    "a phone number in words": Mistake(
        "roster.yaml", "phone: 090-0000-0003", "phone: 携帯", "phone", "people[2].phone"
    ),
    "a mail address without a host": Mistake(
        "roster.yaml", "mail: sato@example.jp", "mail: sato", "mail", "people[2].mail"
    ),
    "an unknown role of a person": Mistake(
        "roster.yaml", "roles: [lead]", "roles: [boss]", "one_of", "people[4].roles[0]"
    ),
    "no role at all": Mistake("roster.yaml", "roles: [lead]", "roles: []", "empty", "people[4].roles"),
    "an unknown deputy": Mistake(
        "roster.yaml", "deputy: ueda", "deputy: ueta", "unknown_person", "people[0].deputy"
    ),
    "a person without a name": Mistake(
        "roster.yaml", "name: 佐藤 花子", "title2: x", "missing", "people[2].name", -1
    ),
    "a person twice": Mistake("roster.yaml", "id: ueda", "id: arai", "duplicate_id", "people[1].id"),
    "an id with spaces": Mistake("roster.yaml", "id: ueda", "id: Ueda San", "bad_id", "people[1].id"),
    "a number that is none": Mistake(
        "watches.yaml", "weight: 5.0", "weight: heavy", "bad_value", "sources[1].weight"
    ),
    "a deputy of one's own": Mistake(
        "roster.yaml", "deputy: ito", "deputy: sato", "deputy_cycle", "people[2].deputy"
    ),
    "a way that is none": Mistake(
        "roster.yaml", "deputy: ueda", "urgent: [fax]", "way", "people[0].urgent[0]"
    ),
    "a way without an address": Mistake(
        "roster.yaml", "mail: ishida@law.example.jp", "normal: [mail]", "no_address", "people[13].normal[0]"
    ),
    "nothing urgent at once": Mistake(
        "roster.yaml", "deputy: ueda", "urgent: [sms 1m, mail 3m]", "urgent_waits", "people[0].urgent"
    ),
    "quiet all day": Mistake(
        "roster.yaml", "deputy: ueda", "quiet: 22:00-22:00", "quiet_hours", "people[0].quiet"
    ),
    "quiet hours in words": Mistake(
        "roster.yaml", "deputy: ueda", "quiet: 夜", "quiet_hours", "people[0].quiet"
    ),
    "a rotation without people": Mistake(
        "roster.yaml",
        "default_engages:",
        "rotations: [{id: a, name: a, people: [], starts: 2026-09-07}]\ndefault_engages:",
        "empty",
        "rotations[0].people",
    ),
    "a rotation of somebody unknown": Mistake(
        "roster.yaml",
        "default_engages:",
        "rotations: [{id: a, name: a, people: [arai, nobody], starts: 2026-09-07}]\ndefault_engages:",
        "unknown_person",
        "rotations[0].people[1]",
    ),
    "a rotation of somebody without its role": Mistake(
        "roster.yaml",
        "default_engages:",
        "rotations: [{id: a, name: a, people: [arai, mori], starts: 2026-09-07, role: desk}]\n"
        "default_engages:",
        "rotation_role",
        "rotations[0].people[1]",
    ),
    "turns of a minute": Mistake(
        "roster.yaml",
        "default_engages:",
        "rotations: [{id: a, name: a, people: [arai], starts: 2026-09-07, every: 1m}]\ndefault_engages:",
        "turn_too_short",
        "rotations[0].every",
    ),
    "a hand-over at no time": Mistake(
        "roster.yaml",
        "default_engages:",
        "rotations: [{id: a, name: a, people: [arai], starts: 月曜}]\ndefault_engages:",
        "moment",
        "rotations[0].starts",
    ),
    "an absence of somebody unknown": Mistake(
        "roster.yaml",
        "default_engages:",
        "absences: [{person: nobody, since: 2026-08-10, until: 2026-08-16}]\ndefault_engages:",
        "unknown_person",
        "absences[0].person",
    ),
    "an absence that ends before it begins": Mistake(
        "roster.yaml",
        "default_engages:",
        "absences: [{person: arai, since: 2026-08-16, until: 2026-08-10}]\ndefault_engages:",
        "ends_before_it_begins",
        "absences[0].until",
    ),
    "a category that does not exist": Mistake(
        "roster.yaml", "  misconduct: [", "  misconducts: [", "one_of", "engages.misconducts"
    ),
    "a cap on nothing": Mistake(
        "settings.yaml",
        "{within: 15m, at_most: 5}",
        "{within: 15m, at_most: 0}",
        "out_of_range",
        "message_caps[1].at_most",
    ),
    "a chat of a service that we do not post to": Mistake(
        "settings.yaml",
        "chats: []",
        "chats: [{id: ops, kind: irc, secret: hikeshi/chat/ops}]",
        "one_of",
        "chats[0].kind",
    ),
    "a chat whose secret is not one for chats": Mistake(
        "settings.yaml",
        "chats: []",
        "chats: [{id: ops, kind: slack, secret: link-keys}]",
        "chat_secret",
        "chats[0].secret",
    ),
    "a chat twice": Mistake(
        "settings.yaml",
        "chats: []",
        "chats: [{id: a, kind: slack, secret: hikeshi/chat/a}, {id: a, kind: line, secret: hikeshi/chat/b}]",
        "duplicate_id",
        "chats[1].id",
    ),
    "an unknown role of a step": Mistake(
        "escalation.yaml",
        "roles: [lead, legal]",
        "roles: [chef]",
        "one_of",
        "ladders.warning.steps[1].roles[0]",
    ),
    "an unknown person in a step": Mistake(
        "escalation.yaml",
        "people: [ueda, ito]",
        "people: [ueda, itoh]",
        "unknown_person",
        "ladders.warning.steps[1].people[1]",
    ),
    "a wait without a unit": Mistake(
        "escalation.yaml", "wait: 5m", "wait: 5", "duration", "ladders.critical.steps[0].wait"
    ),
    "a wait too short to answer": Mistake(
        "escalation.yaml", "wait: 5m", "wait: 1s", "span_out_of_range", "ladders.critical.steps[0].wait"
    ),
    "a wait of more than a week": Mistake(
        "escalation.yaml", "wait: 5m", "wait: 8d", "span_out_of_range", "ladders.critical.steps[0].wait"
    ),
    "an acknowledgement that lapses before anybody can move": Mistake(
        "escalation.yaml",
        "    ack_expires_after: 1h",
        "    ack_expires_after: 5m",
        "span_out_of_range",
        "ladders.critical.ack_expires_after",
    ),
    "an acknowledgement that hardly ever lapses": Mistake(
        "escalation.yaml",
        "    ack_expires_after: 1h",
        "    ack_expires_after: 8d",
        "span_out_of_range",
        "ladders.critical.ack_expires_after",
    ),
    "a roll-call of nobody": Mistake(
        "escalation.yaml",
        "      roles: [executive]\n      every",
        "      roles: []\n      every",
        "empty_roll_call",
        "ladders.critical.roll_call.roles",
    ),
    "a roll-call without an end": Mistake(
        "escalation.yaml",
        "      repeats: 3",
        "      repeats: 400",
        "out_of_range",
        "ladders.critical.roll_call.repeats",
    ),
    "an unknown rotation": Mistake(
        "escalation.yaml",
        "people: [ueda, ito]",
        "rotations: [nobodys-night]",
        "unknown_rotation",
        "ladders.warning.steps[1].rotations[0]",
    ),
    "hours that are none": Mistake(
        "escalation.yaml",
        "people: [ueda, ito]",
        'when: {hours: "22:00"}',
        "hours",
        "ladders.warning.steps[1].when.hours",
    ),
    "a condition that is not known": Mistake(
        "escalation.yaml",
        "people: [ueda, ito]",
        "when: {raining: true}",
        "unknown_field",
        "ladders.warning.steps[1].when.raining",
    ),
    "steps that all have a condition": Mistake(
        "escalation.yaml",
        "\n        - roles: [customer_support, lead]\n          wait: 15m\n        - roles: [pr]\n",
        "\n        - roles: [pr]\n          when: {raised: true}\n",
        "only_conditions",
        "overrides.complaint.warning.steps",
    ),
    "a stage of the clock that takes no time": Mistake(
        "escalation.yaml",
        "found: 20m, told: 10m, facts",
        "found: 20m, told: 1s, facts",
        "span_out_of_range",
        "response_clock.warning.told",
    ),
    "an executive who is asked for after the target": Mistake(
        "escalation.yaml",
        "executive: 30m",
        "executive: 4h",
        "after_the_target",
        "response_clock.critical.executive",
    ),
    "a stage of the clock that is left out": Mistake(
        "escalation.yaml",
        "told: 10m, executive: 30m, facts: 90m",
        "told: 10m, executive: 30m",
        "missing",
        "response_clock.critical.facts",
    ),
    "nobody may stand still for less than an hour": Mistake(
        "escalation.yaml", "calming: 3d", "calming: 5m", "span_out_of_range", "standstill.calming"
    ),
    "an unknown channel": Mistake(
        "escalation.yaml",
        "departments: true",
        "channels: [fax]",
        "one_of",
        "ladders.warning.steps[0].channels[0]",
    ),
    "a repeat from a step that is not there": Mistake(
        "escalation.yaml", "repeat_from: 0", "repeat_from: 7", "repeat_from", "ladders.warning.repeat_from"
    ),
    "an empty last resort": Mistake(
        "escalation.yaml", "last_resort: [executive]", "last_resort: []", "empty", "last_resort"
    ),
    "a level nobody knows": Mistake(
        "escalation.yaml", "  warning:", "  alarming:", "unknown_field", "ladders.alarming"
    ),
    "a source of an unknown brand": Mistake(
        "watches.yaml", "weight: 5.0", "brand: hinodee", "unknown_brand", "sources[1].brand"
    ),
    "a source whose host may not be connected to": Mistake(
        "watches.yaml", "hosts: [news.example.jp]", "hosts: [example.jp]", "host", "sources[1].hosts"
    ),
    "a source that is not on the web": Mistake(
        "watches.yaml", "url: https://news", "url: ftp://news", "url", "sources[1].url"
    ),
    "a source that is read too often": Mistake(
        "watches.yaml", "every_minutes: 5", "every_minutes: 0", "out_of_range", "sources[1].every_minutes"
    ),
    "a query that is in most posts": Mistake(
        "watches.yaml", "      ひので製菓 OR ", "      の OR ", "query_too_wide", "brands[0].query", -1
    ),
    "a query whose bracket stays open": Mistake(
        "watches.yaml", "焼き菓子))", "焼き菓子)", "query", "brands[0].query", -2
    ),
    "a field nobody knows": Mistake(
        "settings.yaml", "after_care: 30d", "aftercare: 30d", "unknown_field", "aftercare"
    ),
    "a row of the level table that lifts nothing": Mistake(
        "settings.yaml",
        "reposts: 300, level: critical",
        "reposts: 300, level: warning",
        "level_not_above",
        "levels[0].level",
    ),
    "a row of the level table that never decides": Mistake(
        "settings.yaml", "[warning], posts: 30", "[warning], reposts: 400", "unreachable_row", "levels[1]"
    ),
    "a level that does not exist": Mistake(
        "settings.yaml", "{content: [notice]", "{content: [mild]", "one_of", "levels[4].content[0]"
    ),
    "a row without its reason": Mistake(
        "settings.yaml", "because: 投稿が30件以上", "becuse: 投稿が30件以上", "missing", "levels[1].because"
    ),
    "somebody who is lost if two SMS fail": Mistake(
        "roster.yaml", "    mail: nakano@example.jp\n", "", "sms_only", "people[6]", -6
    ),
    "a task nobody would own": Mistake(
        "roster.yaml",
        "roles: [hr]",
        "roles: [expert]",
        "no_owner",
        "categories.misconduct.departments.hr",
    ),
    "a task twice": Mistake(
        "playbooks.yaml",
        "{id: inquiries, ",
        "{id: statement, ",
        "duplicate_id",
        "default.departments.customer_support.tasks[0].id",
    ),
    "a title as long as a book": Mistake(
        "playbooks.yaml",
        "公表文の案をまとめる",
        "長" * 201,
        "too_long",
        "default.departments.pr.tasks[0].title",
    ),
    "a department that does not exist": Mistake(
        "playbooks.yaml",
        "    quality:\n",
        "    kitchen:\n",
        "one_of",
        "categories.contamination.departments.kitchen",
    ),
    "a department that is paged and has no card": Mistake(
        "playbooks.yaml",
        "    quality:\n",
        "    executive:\n",
        "no_card",
        "categories.contamination.departments",
        -1,
    ),
    "a task without a due time": Mistake(
        "playbooks.yaml",
        "公表文の案をまとめる, due: 60m",
        "公表文の案をまとめる",
        "missing",
        "default.departments.pr.tasks[0].due",
    ),
    "a task due at once": Mistake(
        "playbooks.yaml",
        "公表文の案をまとめる, due: 60m",
        "公表文の案をまとめる, due: 1m",
        "span_out_of_range",
        "default.departments.pr.tasks[0].due",
    ),
    "a reminder before the task": Mistake(
        "playbooks.yaml",
        "公表文の案をまとめる, due: 60m",
        "公表文の案をまとめる, due: 60m, remind: 2h",
        "remind_too_early",
        "default.departments.pr.tasks[0].remind",
    ),
    "a department without a card": Mistake(
        "playbooks.yaml",
        "      card:\n        - 取材と公表の窓口を一人に決める\n"
        "        - 確認した事実だけを話す。推測は話さない\n"
        "        - 公式アカウントの予約投稿を止める\n",
        "      card: []\n",
        "empty",
        "default.departments.pr.card",
    ),
    "more first steps than anybody reads": Mistake(
        "playbooks.yaml",
        "    - 次に状況を確かめる時刻を決める\n",
        "    - 次に状況を確かめる時刻を決める\n    - もう一つ\n",
        "too_long",
        "default.first_steps",
        -5,
    ),
    "no skeleton of a holding statement": Mistake(
        "playbooks.yaml",
        "    holding:\n      opening: このたび",
        "    later:\n      opening: このたび",
        "missing",
        "default.statements.holding",
        -1,
    ),
    "s4_12 a skeleton that does not protect the poster": Mistake(
        "playbooks.yaml",
        "care: 投稿された方への誹謗中傷はお控えくださいますよう、お願いいたします。",
        "care: ご理解をお願いいたします。",
        "skeleton",
        "default.statements.holding",
        -5,
    ),
    "an apology where the fault is not ours": Mistake(
        "playbooks.yaml",
        "opening: 当社に関する投稿について、皆様にご心配をおかけしております。",
        "opening: 深くお詫び申し上げます。",
        "skeleton",
        "refinements[8].statements.holding",
        -1,
    ),
    "an approver who may never approve": Mistake(
        "playbooks.yaml",
        "    approve: [legal, executive]",
        "    approve: [legal, quality]",
        "role_may_not",
        "categories.leak.approve",
    ),
    "approvers who are not two": Mistake(
        "playbooks.yaml",
        "    approve: [legal, executive]",
        "    approve: [legal]",
        "nobody_approves",
        "categories.leak.approve",
    ),
    "deciders whom nobody is": Mistake(
        "playbooks.yaml",
        "    decide: [lead, executive]",
        "    decide: [pr]",
        "nobody_decides",
        "categories.leak.decide",
    ),
}


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
    assert [p.one_line("en") for p in problems()] == [
        "roster.yaml: the file is missing → start from infra/config/roster.yaml"
    ]


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


def test_s0_7_a_seat_that_nobody_holds_is_named_before_it_is_needed(edit: Edit, problems: Problems) -> None:
    edit("roster.yaml", "roles: [hr]", "roles: [expert]")
    found = {problem.field for problem in problems() if problem.kind == "no_owner"}
    assert "categories.misconduct.departments.hr" in found
