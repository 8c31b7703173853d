"""Every page as a browser lays it out: nothing is wider than the screen, cut off or too small to press."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from tests.e2e.chromium import chromium
from tests.unit.pages.preview import pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

FAULTS = """
const faults = [], wide = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > wide)
  faults.push('scrolls sideways: ' + document.documentElement.scrollWidth);
for (const pressed of document.querySelectorAll('button, summary, .button, select, textarea, input')) {
  const whole = /radio|checkbox/.test(pressed.type) ? pressed.closest('label') : pressed;
  const box = whole.getBoundingClientRect();
  if (box.height && box.height < 44) faults.push('too small to press: ' + whole.outerHTML.slice(0, 80));
}
const words = 'h1, h2, h3, p, li, dd, .clock td, button, .button, .claim, .ask';
for (const said of document.querySelectorAll(words)) {
  if (!said.checkVisibility() || said.closest('.unseen') || said.textContent.includes('://')) continue;
  const lines = new Map(), texts = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const letters = texts.currentNode.textContent;
    for (let at = 0; at < letters.length; at++) {
      const range = document.createRange();
      range.setStart(texts.currentNode, at);
      range.setEnd(texts.currentNode, at + 1);
      const box = range.getBoundingClientRect();
      if (box.width && letters[at].trim()) {
        const line = Math.round(box.bottom / 8);
        lines.set(line, (lines.get(line) ?? '') + letters[at]);
      }
    }
  }
  if (lines.size > 1 && [...lines.values()].at(-1).length === 1)
    faults.push('one letter alone on a line: ' + [...lines.values()].join(' / '));
}
return faults;
"""
"""What is wrong with the page that is shown."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("pages")
    for name, body in pages():
        (directory / f"{name}.html").write_text(body, encoding="utf-8")
    return directory


@pytest.fixture
def chrome(tmp_path: Path) -> Iterator[Chrome]:
    with chromium(tmp_path / "profile") as browser:
        yield browser


@pytest.mark.parametrize(
    ("width", "height"),
    [
        pytest.param(360, 640, id="a small phone"),
        pytest.param(206, 458, id="a phone at twice the size"),
        pytest.param(1280, 900, id="a desk"),
    ],
)
def test_every_page_fits_the_screen_and_can_be_pressed(
    written: Path, chrome: Chrome, width: int, height: int
) -> None:
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    faults = {}
    for page in sorted(written.glob("*.html")):
        chrome.get(page.as_uri())
        if found := chrome.execute_script(FAULTS):
            faults[page.stem] = found
    assert faults == {}
