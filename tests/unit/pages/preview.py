"""Write every page as a file and photograph it: ``python -m tests.unit.pages.preview DIRECTORY``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hikeshi.domain.people import Action
from hikeshi.runtime.answers import Submission, error_page
from tests.unit.pages import scenes
from tests.unit.pages.scenes import Scene
from tests.unit.pages.stage import NUMBER, Stage

FORM = {"content-type": "application/x-www-form-urlencoded"}
_WRONG = "reason=他社の商品でした&check_number=11"
_APPROVE = f"version=1&check_number={NUMBER}"
SIZES = {"phone": (412, 915), "desk": (1280, 900)}


def pages() -> Iterator[tuple[str, str]]:
    """Yield every state of every page, by name."""
    shown = {
        "found": scenes.found(),
        "just-taken": scenes.just_taken(),
        "dropped": scenes.dropped(),
        "lapsed": scenes.lapsed(),
        "checking": scenes.checking(),
        "responding": scenes.responding(),
        "calming": scenes.calming(),
        "reporting": scenes.reporting(),
        "to-sign": scenes.reporting(**scenes.WRITTEN),
        "closed": scenes.closed(),
        "dismissed": scenes.dismissed(),
        "notice": scenes.quiet_notice(),
    }
    seen_by = {
        "found": ("sato", "takahashi", "kobayashi"),
        "just-taken": ("sato", "takahashi"),
        "lapsed": ("sato", "ito"),
        "checking": ("sato", "ito"),
        "responding": ("sato", "ito", "tanaka", "takahashi", "yoshida"),
        "reporting": ("suzuki",),
        "to-sign": ("tanaka",),
    }
    for name, scene in shown.items():
        for person in seen_by.get(name, ("sato",)):
            set_up = Stage().play(scene)
            yield f"{name}-{person}", set_up.desk().show(set_up.link(person)).body
    yield from _refusals()
    set_up = Stage().play(scenes.closed())
    yield "report", set_up.desk().report(set_up.link()).body
    yield "nothing", Stage().desk().show("x").body
    yield "failed", error_page(Stage().desk().renderer, 500).body
    late = replace(scenes.responding(), at=scenes.minute(240))
    set_up = Stage().play(late)
    yield "read-only", set_up.desk().show(set_up.link(age=timedelta(hours=80))).body
    set_up = Stage(language="en").play(scenes.found())
    yield "english", set_up.desk().show(set_up.link()).body


def _refusals() -> Iterator[tuple[str, str]]:
    def posted(scene: Scene, person: str, action: Action, body: str) -> str:
        set_up = Stage().play(scene)
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
    yield "not-ready", posted(scenes.reporting(), "tanaka", Action.SIGN_REPORT, f"check_number={NUMBER}")
    set_up = Stage().play(scenes.found())
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
