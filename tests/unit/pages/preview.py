"""Write every page as a file and photograph it: ``python -m tests.unit.pages.preview DIRECTORY``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from hikeshi.domain.actions import Action
from hikeshi.domain.assessment import CrisisType, Fault
from hikeshi.domain.japan_time import JST
from hikeshi.domain.links import CONTACT, DRILL, DUTY, EXPERT
from hikeshi.domain.peril import Peril
from hikeshi.domain.rotations import Absence, Rotation, ShiftOverride
from hikeshi.domain.standings import address_digest
from hikeshi.runtime.answers import Submission, error_page
from hikeshi.runtime.people_desk import PeopleAction
from hikeshi.services.room.action_pages import SubPage
from infra.configuring.reading import read_directory
from tests.builders import a_configuration, a_person, a_roster
from tests.contract.test_drills import DRILL as DRILL_HELD
from tests.unit.pages import scenes
from tests.unit.pages.protected import looked_after
from tests.unit.pages.scenes import Scene
from tests.unit.pages.stage import NUMBER, Stage

FORM = {"content-type": "application/x-www-form-urlencoded"}
_WRONG = "reason=他社の商品でした&check_number=11"
_APPROVE = f"version=1&check_number={NUMBER}"
_BACKWARDS = f"person=sato&since=2026-05-20T09:00&until=2026-05-19T09:00&deputy=&check_number={NUMBER}"
LONG = "長い名前の部署と製品" * 4
SIZES = {"phone": (412, 915), "desk": (1280, 900)}


def pages(a_stage: Callable[[], Stage] = Stage) -> Iterator[tuple[str, str]]:
    """Yield every state of every page, by name, on stages as ``a_stage`` sets them up."""
    shown = {
        "found": scenes.found(),
        "just-taken": scenes.just_taken(),
        "dropped": scenes.dropped(),
        "lapsed": scenes.lapsed(),
        "checking": scenes.checking(),
        "responding": scenes.responding(),
        "calming": scenes.calming(),
        "reporting": scenes.reporting(),
        "to-sign": scenes.to_sign(),
        "closed": scenes.closed(),
        "dismissed": scenes.dismissed(),
        "notice": scenes.quiet_notice(),
        "self-harm": scenes.endangering(scenes.found(), Peril.SELF_HARM),
        "violence": scenes.endangering(scenes.checking(), Peril.VIOLENCE),
        "both-perils": scenes.endangering(scenes.found(), Peril.VIOLENCE, Peril.SELF_HARM),
        "no-danger": scenes.found_safe(scenes.checking()),
    }
    seen_by = {
        "found": ("sato", "takahashi"),
        "just-taken": ("sato", "takahashi"),
        "lapsed": ("sato", "ito"),
        "checking": ("sato", "ito"),
        "responding": ("sato", "ito", "tanaka", "takahashi", "yoshida"),
        "reporting": ("suzuki",),
        "to-sign": ("tanaka",),
        "self-harm": ("takahashi",),
    }
    for name, scene in shown.items():
        for person in seen_by.get(name, ("sato",)):
            set_up = a_stage().play(scene)
            yield f"{name}-{person}", set_up.desk().show(set_up.link(person)).body
    yield from _refusals(a_stage)
    yield from _below(a_stage)
    set_up = a_stage().play(scenes.closed())
    yield "report", set_up.desk().report(set_up.link()).body
    for name, scene in (
        ("open", scenes.reporting()),
        ("to-sign", scenes.to_sign()),
        ("closed", scenes.closed()),
    ):
        set_up = a_stage().play(scene)
        body = set_up.desk().sub_page(set_up.link("suzuki"), SubPage.REPORT_EDIT).body
        yield f"report-edit-{name}", body
    yield "nothing", a_stage().desk().show("x").body
    yield "failed", error_page(a_stage().desk().renderer, 500).body
    late = replace(scenes.responding(), at=scenes.minute(240))
    set_up = a_stage().play(late)
    yield "read-only", set_up.desk().show(set_up.link(age=timedelta(hours=80))).body
    set_up = Stage(language="en").play(scenes.found())
    yield "english", set_up.desk().show(set_up.link()).body
    yield from _people(a_stage)
    yield from _playbook(a_stage)
    yield from _outside(a_stage)
    yield from _strained(a_stage)


def _people(a_stage: Callable[[], Stage]) -> Iterator[tuple[str, str]]:
    """Yield the pages about people: addresses, duties and absences."""
    about = f"sms:{address_digest(a_person().phone or '')}"
    for name, stage in (("duty", a_stage()), ("duty-english", Stage(language="en"))):
        duties = duty_stage(stage)
        yield name, duties.desk().show(duties.link("nakano", purpose=DUTY, about="")).body
    duties = duty_stage(a_stage())
    wrong = Submission(body=_BACKWARDS.encode(), headers=FORM)
    token = duties.link("nakano", purpose=DUTY, about="")
    yield "duty-wrong", duties.people_desk().act(token, PeopleAction.ADD_ABSENCE, wrong).body
    quiet = a_stage()
    yield "duty-none", quiet.desk().show(quiet.link("nakano", purpose=DUTY, about="")).body
    yield "duty-reader", duties.desk().show(duties.link("ito", purpose=DUTY, about="")).body
    token = quiet.link("sato", purpose=CONTACT, about=about)
    yield "contact", quiet.desk().show(token).body
    number = Submission(body=f"check_number={NUMBER}".encode(), headers=FORM)
    quiet.people_desk().act(token, PeopleAction.CONFIRM_CONTACT, number)
    yield "contact-done", quiet.desk().show(token).body


def duty_stage(stage: Stage) -> Stage:
    """Two rotations, one of them handed over for a day, and somebody away."""
    monday = datetime(2026, 5, 11, 9, 0, tzinfo=JST)
    turns = (
        Rotation(id="desk", name="監視デスク当番", people=("nakano", "suzuki"), starts_at=monday),
        Rotation(id="lead", name="対策本部長当番", people=("sato", "takahashi", "tanaka"), starts_at=monday),
    )
    stage.configuration = a_configuration(roster=a_roster(rotations={each.id: each for each in turns}))
    at = stage.clock.now()
    absence = Absence(
        id="away",
        person_id="sato",
        begins_at=at - timedelta(hours=20),
        ends_at=at + timedelta(days=4),
        made_at=at,
        made_by="nakano",
        deputy="suzuki",
    )
    stage.directory.put(absence)
    stage.directory.put(
        replace(absence, id="later", person_id="ito", begins_at=at + timedelta(days=2), deputy=None)
    )
    stage.directory.put(
        ShiftOverride(
            id="swap",
            rotation_id="desk",
            person_id="watanabe",
            begins_at=at + timedelta(days=1),
            ends_at=at + timedelta(days=2),
            made_at=at,
            made_by="nakano",
        )
    )
    return stage


def _below(a_stage: Callable[[], Stage]) -> Iterator[tuple[str, str]]:
    """Yield the pages below the room."""
    for person in ("kato", "takahashi"):
        set_up = a_stage().play(looked_after(scenes.checking(), blurting=False))
        yield f"care-{person}", set_up.desk().sub_page(set_up.link(person), SubPage.CARE).body
    for name, scene in (("attended", scenes.attended()), ("responding", scenes.responding())):
        set_up = a_stage().play(scene)
        yield f"aftercare-{name}", set_up.desk().sub_page(set_up.link("watanabe"), SubPage.AFTERCARE).body
    for person in ("ito", "sato"):
        set_up = a_stage().play(scenes.proven())
        yield f"facts-{person}", set_up.desk().sub_page(set_up.link(person), SubPage.FACTS).body
    for person in ("ito", "tanaka"):
        set_up = a_stage().play(scenes.with_files())
        yield f"facts-files-{person}", set_up.desk().sub_page(set_up.link(person), SubPage.FACTS).body
        page = set_up.desk().sub_page(set_up.link(person), SubPage.EVIDENCE, number="fact-8")
        yield f"evidence-{person}", page.body
    for person, scene in (
        ("watanabe", scenes.gathered()),
        ("sato", scenes.gathered()),
        ("ito", scenes.found()),
    ):
        set_up = a_stage().play(scene)
        yield f"hq-{person}", set_up.desk().sub_page(set_up.link(person), SubPage.HEADQUARTERS).body
        yield f"hq-room-{person}", set_up.desk().show(set_up.link(person)).body
    for name, scene, person in (
        ("blank", scenes.proven(statement=None), "suzuki"),
        ("waiting", scenes.proven(), "tanaka"),
        ("released", scenes.proven(released=True), "suzuki"),
        ("flagged", scenes.proven(fallen=True), "suzuki"),
    ):
        set_up = a_stage().play(scene)
        body = set_up.desk().sub_page(set_up.link(person), SubPage.STATEMENT).body
        yield f"statement-{name}-{person}", body
    set_up = a_stage().play(scenes.proven())
    harsh = scenes.HOLDING | {"said_opening": "投稿者様の勘違いでした。"}
    form = Submission(body=urlencode(harsh).encode(), headers=FORM)
    yield "statement-refused", set_up.desk().act(set_up.link("suzuki"), Action.DRAFT_STATEMENT, form).body


def _playbook(a_stage: Callable[[], Stage]) -> Iterator[tuple[str, str]]:
    """Yield the playbook as it ships, before the response, in it, and for a rumour."""
    found = read_directory(Path("infra/config")).document
    books = found.to_configuration().playbooks if found else None
    scene = scenes.responding()
    rumour = replace(scene.room.incident, fault=Fault.NOT_OURS, crisis_type=CrisisType.COMPETITOR_ATTACK)
    for name, played, person in (
        ("checking", scenes.checking(), "sato"),
        ("responding", scene, "ito"),
        ("rumour", replace(scene, room=replace(scene.room, incident=rumour)), "tanaka"),
    ):
        set_up = a_stage().play(played)
        set_up.configuration = replace(
            set_up.configuration, playbooks=books or set_up.configuration.playbooks
        )
        yield f"playbook-{name}-{person}", set_up.desk().sub_page(set_up.link(person), SubPage.PLAYBOOK).body
        yield f"room-{name}-{person}", set_up.desk().show(set_up.link(person)).body
    body = set_up.desk().sub_page(set_up.link("suzuki"), SubPage.STATEMENT, number="full").body
    yield "statement-skeleton-suzuki", body


def _outside(a_stage: Callable[[], Stage]) -> Iterator[tuple[str, str]]:
    """Yield what is asked of people and hosts outside, and how a drill went."""
    set_up = a_stage().play(scenes.checking())
    asked = {"expert": "kobayashi", "question": "回収の届け出は要りますか", "shared_facts": "1", "days": "3"}
    form = Submission(body=urlencode(asked | {"check_number": NUMBER}).encode(), headers=FORM)
    set_up.desk().act(set_up.link("tanaka"), Action.ASK_EXPERT, form)
    (consultation,) = next(iter(set_up.incidents.rooms.values())).consultations
    token = set_up.link("kobayashi", purpose=EXPERT, nonce=consultation.nonce)
    yield "expert", set_up.desk().show(token).body
    wrong = Submission(body=b"opinion=%E8%A6%81%E3%82%8A%E3%81%BE%E3%81%99&check_number=11", headers=FORM)
    yield "expert-wrong", set_up.expert_desk().act(token, wrong).body
    yield "experts-tanaka", set_up.desk().sub_page(set_up.link("tanaka"), SubPage.EXPERTS).body
    for person in ("suzuki", "tanaka"):
        set_up = a_stage().play(scenes.taking_down())
        yield f"takedowns-{person}", set_up.desk().sub_page(set_up.link(person), SubPage.TAKEDOWNS).body
    scene = scenes.responding()
    practised = replace(scene.room.incident, drill=DRILL_HELD.id)
    set_up = a_stage().play(replace(scene, room=replace(scene.room, incident=practised)))
    set_up.drills.start(DRILL_HELD)
    yield "drill-room", set_up.desk().show(set_up.link()).body
    yield "drill", set_up.desk().show(set_up.link(purpose=DRILL, about=DRILL_HELD.id)).body
    grave = scenes.endangering(scene, Peril.VIOLENCE)
    practised = replace(grave.room.incident, drill=DRILL_HELD.id)
    set_up = a_stage().play(replace(grave, room=replace(grave.room, incident=practised)))
    yield "drill-life-room", set_up.desk().show(set_up.link()).body
    targets = replace(DRILL_HELD.scenario.targets, called=timedelta(minutes=10))
    set_up.drills.start(replace(DRILL_HELD, scenario=replace(DRILL_HELD.scenario, targets=targets)))
    yield "drill-life", set_up.desk().show(set_up.link(purpose=DRILL, about=DRILL_HELD.id)).body


def _strained(a_stage: Callable[[], Stage]) -> Iterator[tuple[str, str]]:
    """Yield pages whose names, titles and quotes are long and nowhere broken."""
    scene = scenes.responding()
    room = scene.room
    host = "https://" + "a" * 90
    strained = replace(
        room,
        incident=replace(room.incident, title=LONG, quote=LONG * 8, source=host, brand_name=LONG),
        facts=tuple(replace(each, claim=LONG * 3, source=LONG, basis="x" * 120) for each in room.facts),
        tasks=tuple(replace(each, title=LONG * 2) for each in room.tasks),
    )
    set_up = a_stage().play(replace(scene, room=strained))
    people = set_up.configuration.roster.people
    named = {key: replace(each, name=LONG, department=LONG) for key, each in people.items()}
    set_up.configuration = replace(
        set_up.configuration, roster=replace(set_up.configuration.roster, people=named)
    )
    yield "strained", set_up.desk().show(set_up.link()).body
    for below in (SubPage.FACTS, SubPage.STATEMENT, SubPage.PLAYBOOK, SubPage.HEADQUARTERS, SubPage.EXPERTS):
        yield f"strained-{below}", set_up.desk().sub_page(set_up.link(), below).body


def _refusals(a_stage: Callable[[], Stage]) -> Iterator[tuple[str, str]]:
    def posted(scene: Scene, person: str, action: Action, body: str) -> str:
        set_up = a_stage().play(scene)
        form = Submission(body=body.encode(), headers=FORM)
        return set_up.desk().act(set_up.link(person), action, form).body

    yield "already", posted(scenes.checking(), "suzuki", Action.ACKNOWLEDGE, "")
    yield (
        "wrong-number",
        posted(scenes.found(), "sato", Action.DISMISS, _WRONG),
    )
    yield (
        "forbidden",
        posted(scenes.responding(), "ito", Action.APPROVE_STATEMENT, _APPROVE),
    )
    yield (
        "not-ready",
        posted(scenes.reporting(), "tanaka", Action.SIGN_REPORT, f"version=1&check_number={NUMBER}"),
    )
    set_up = a_stage().play(scenes.found())
    token = set_up.link()
    set_up.desk().act(token, Action.ACKNOWLEDGE, Submission(body=b"", headers=FORM))
    yield "done", set_up.desk().show(token, done="acknowledged").body


def photograph(page: Path, size: tuple[int, int], *, dark: bool, full: bool = False) -> None:
    """Take a picture of a page as Chromium shows it."""
    width, height = size
    name = f"{page.stem}-{width}{'-dark' if dark else ''}{'-full' if full else ''}.png"
    with tempfile.TemporaryDirectory() as profile:
        command = [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--no-first-run",
            "--disable-background-networking",
            f"--user-data-dir={profile}",
            f"--window-size={width},{height}",
            f"--screenshot={page.with_name(name)}",
            *(["--blink-settings=preferredColorScheme=0"] if dark else []),
            page.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=60)


def main() -> None:
    """Write the pages named on the command line, or all of them, and photograph each."""
    target, *wanted = sys.argv[1:]
    directory = Path(target)
    directory.mkdir(parents=True, exist_ok=True)
    for name, body in pages():
        page = directory / f"{name}.html"
        page.write_text(body, encoding="utf-8")
        if wanted and not any(name.startswith(prefix) for prefix in wanted):
            continue
        for width, height in SIZES.values():
            for dark in (False, True):
                photograph(page, (width, height), dark=dark)


if __name__ == "__main__":
    main()
