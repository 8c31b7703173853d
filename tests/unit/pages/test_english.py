"""Every page in English: nothing on it is Japanese but what the data and the English catalogue say."""

from __future__ import annotations

from datetime import timedelta

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.standings import Standings
from hikeshi.domain.timeline import GENESIS, TimelineEntry, TimelineEvent, chain
from hikeshi.services.escalation.ladder_explanation import Question, as_mermaid, as_text, explain
from hikeshi.services.incidents.incident_archive import Archived, archive_files
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.final_report import report_markdown
from hikeshi.services.reports.report_alerts import Gathered
from hikeshi.services.reports.report_figures import response_figures, result_figures
from hikeshi.services.reports.report_text import ReportMaterial, report_text
from hikeshi.services.reports.timeline_text import sentence
from tests.builders import a_configuration, a_roll_call_policy
from tests.left_in_japanese import left_in_japanese, strings_in
from tests.unit.pages import scenes
from tests.unit.pages.preview import pages
from tests.unit.pages.stage import Stage

WORDS = Wording("en")
TYPED = (*scenes.HOLDING.values(), "他社の商品でした", "投稿者様の勘違いでした。")
"""What people type into the forms of the pages."""

SAID = frozenset(WORDS.template(key) for key in WORDS) | frozenset(TYPED)
CONFIGURATION = a_configuration(escalation=a_roll_call_policy())


def left(text: str, *data: object) -> frozenset[str]:
    return left_in_japanese(text, data=SAID | strings_in(*data))


def test_what_code_wrote_is_told_from_what_the_data_says() -> None:
    assert left("Taken by 佐藤 花子 in 1時間5分", "佐藤 花子") == {"1時間5分"}
    assert left('<p title="3日">佐藤、鈴木</p>', "佐藤", "鈴木") == {"3日", "佐藤、鈴木"}


def test_no_english_page_has_japanese_that_code_wrote() -> None:
    stages: list[Stage] = []

    def english() -> Stage:
        stages.append(Stage(language="en"))
        return stages[-1]

    found = {name: left(body, *stages[-2:]) for name, body in pages(english) if name != "report"}
    assert {name: pieces for name, pieces in found.items() if pieces} == {}
    assert len(found) > 80


def entries() -> tuple[TimelineEntry, ...]:
    return tuple(chain(scenes.closed().events, after_seq=0, after_digest=GENESIS))


def test_no_english_report_has_japanese_that_code_wrote() -> None:
    scene = scenes.closed()
    posts = [post for _, listed in scene.alerts for post in listed]
    material = ReportMaterial(
        room=scene.room,
        timeline=entries(),
        known=Gathered(alerts=tuple(alert for alert, _ in scene.alerts), posts=tuple(posts)),
        configuration=CONFIGURATION,
        words=WORDS,
        at=scene.at,
    )
    drafted = report_text(material) + response_figures(material) + result_figures(material)
    assert left(drafted, scene, CONFIGURATION) == frozenset()
    written = report_markdown(scene.room, timeline=entries(), roster=CONFIGURATION.roster, words=WORDS)
    assert left(written, scene, CONFIGURATION) == frozenset()


def test_no_english_archive_has_japanese_that_code_wrote() -> None:
    scene = scenes.closed()
    archived = Archived(
        room=scene.room,
        timeline=entries(),
        posts=[kept.post for _, listed in scene.alerts for kept in listed],
        records=(),
        roster=CONFIGURATION.roster,
        words=WORDS,
        at=scene.at,
    )
    page = next(file for file in archive_files(archived) if file.name == "index.html")
    assert left(page.content.decode(), scene, CONFIGURATION) == frozenset()


def test_a_ladder_that_is_explained_in_english_has_none() -> None:
    question = Question(category=Category.CONTAMINATION, level=Level.CRITICAL, at=scenes.closed().at)
    told = explain(question, configuration=CONFIGURATION, standings=Standings(), words=WORDS)
    assert left(as_text(told, WORDS) + as_mermaid(told, WORDS), CONFIGURATION) == frozenset()


def test_a_moment_of_the_timeline_is_told_in_the_words_of_its_reader() -> None:
    at = scenes.closed().at
    details = {"target": at.isoformat(), "stage": "facts"}
    event = TimelineEvent(kind="clock_behind", at=at + timedelta(minutes=1), actor="hikeshi", details=details)
    assert "Japan time" in sentence(event, words=WORDS, roster=CONFIGURATION.roster)
    assert "日本時間" in sentence(event, words=Wording(), roster=CONFIGURATION.roster)
