"""The style can be read: contrast, size, targets, focus, and labels for all that is to be filled in."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from hikeshi.adapters.pages.renderer import HERE
from tests.unit.pages.preview import pages

STYLE = (HERE / "style.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\}", STYLE, flags=re.DOTALL)[:2]
)
TEXT_ON_GROUND = [
    *((ink, ground) for ink in ("ink", "sub") for ground in ("paper", "ground", "quiet")),
    *(("ink", f"{level}-ground") for level in ("critical", "warning", "notice", "calm")),
    *(("sub", f"{level}-ground") for level in ("critical", "warning", "notice", "calm")),
    *((tone, ground) for tone in ("critical", "warning", "notice", "calm") for ground in ("paper", "quiet")),
    *((level, f"{level}-ground") for level in ("critical", "warning", "notice", "calm")),
    *(("critical", f"{level}-ground") for level in ("warning", "notice")),
    *(("calm", f"{level}-ground") for level in ("critical", "warning", "notice")),
    *(("paper", level) for level in ("critical", "warning", "notice", "calm")),
    ("act", "paper"),
    ("act", "quiet"),
    ("act", "ground"),
    ("on-act", "act"),
]
EDGE_ON_GROUND = [("field", "paper"), ("focus", "paper"), ("focus", "ground"), ("bar", "paper")]
PAGES = dict(pages())


def luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON_GROUND)
def test_text_stands_out_by_4_5_to_1(palette: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(palette[ink], palette[ground]) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_ON_GROUND)
def test_edges_and_marks_stand_out_by_3_to_1(palette: dict[str, str], edge: str, ground: str) -> None:
    assert contrast(palette[edge], palette[ground]) >= 3


def test_light_and_dark_name_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()


def test_no_text_on_a_screen_is_smaller_than_16_pixels() -> None:
    on_screen = STYLE.split("@media print")[0]
    sizes = re.findall(r"font(?:-size)?: *([\d.]+)(rem|px|em|pt|%)", on_screen)
    assert sizes
    assert all(unit == "rem" and float(size) >= 1 for size, unit in sizes)


def test_whatever_is_pressed_is_48_pixels_high_and_shows_its_focus() -> None:
    for pressed in ("button, .button", "input, textarea, select", r"details > summary", r"\.choice"):
        (rule,) = re.findall(rf"^{pressed} {{([^}}]*)}}", STYLE, flags=re.MULTILINE)
        assert float(re.findall(r"min-height: ([\d.]+)rem", rule)[0]) >= 3
    assert re.search(r":focus-visible \{ outline: 3px solid", STYLE)


def test_nothing_moves_and_nothing_is_fetched() -> None:
    assert not re.search(r"animation|transition|@import|url\(|@font-face", STYLE)
    assert "<" not in STYLE


class Outline(HTMLParser):
    """Headings, labels, ids and references of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.labelled: set[str] = set()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.fields: list[dict[str, str | None]] = []
        self.open: list[str] = []
        self.landmarks: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag in ("main", "header"):
            self.landmarks.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        for name in ("aria-labelledby", "aria-describedby", "for"):
            self.references += str(given.get(name) or "").split()
        if tag == "a" and str(given.get("href")).startswith("#"):
            self.references.append(str(given["href"])[1:])
        if tag == "label":
            self.labelled.add(str(given.get("for") or "inside"))
        if tag in ("input", "textarea", "select") and given.get("type") != "hidden":
            self.fields.append({**given, "inside": "label" if "label" in self.open else None})
        if tag not in ("meta", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_has_an_outline_and_every_field_a_label(name: str) -> None:
    html = PAGES[name]
    page = Outline(html)
    assert page.open == []
    assert re.match(r'<!doctype html>\n<html lang="(ja|en)">', html)
    assert page.landmarks.count("main") == 1
    assert page.levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.levels, page.levels[1:], strict=False))
    assert len(page.ids) == len(set(page.ids))
    assert set(page.references) <= set(page.ids)
    for field in page.fields:
        assert field["inside"] or field.get("id") in page.labelled


def test_every_figure_has_a_table_and_a_sentence() -> None:
    html = PAGES["calming-sato"]
    assert html.count("<svg") == html.count("<table>") == 1
    assert "最も多かったのは" in html


def test_the_style_travels_whole_but_for_what_only_its_authors_read() -> None:
    sent = re.findall(r"<style>(.*?)</style>", PAGES["nothing"], flags=re.DOTALL)
    written = re.sub(r"/\*.*?\*/", "", STYLE, flags=re.DOTALL)
    assert ["".join(style.split()) for style in sent] == ["".join(written.split())]
    assert len(sent[0]) < 0.9 * len(STYLE)
