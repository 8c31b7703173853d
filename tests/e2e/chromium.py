"""Headless Chromium in the hands of a responder: opens links out of the inbox, fills forms in, presses."""

from __future__ import annotations

import shutil
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from infra.local.browsing import Form, LinkBrowser, Page, read_page

PHONE = (412, 915)
DESKTOP = (1280, 900)
PATIENCE_SECONDS, POLL_SECONDS = 30, 0.02
TALLEST = 4_000
"""Pixels of a picture of a whole page."""

REFUSALS = "network"
"""Where the browser writes down answers like 404 and 409, which are no fault of a page."""

BY_SCRIPT = frozenset({"date", "datetime-local", "select-one"})
"""Fields whose keys depend on the language of the machine."""

REMEDY = "the browser tests need chromium and chromedriver on the PATH: make browser installs them"
QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=ja",
)


@contextmanager
def chromium(profile: Path) -> Iterator[Chrome]:
    """Start a browser with an empty profile; a machine without one fails with the remedy."""
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if binary is None or driver is None:
        raise RuntimeError(REMEDY)
    options = ChromeOptions()
    options.binary_location = binary
    for argument in (*QUIET, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options=options, service=Service(driver))
    try:
        yield browser
    finally:
        browser.quit()


class Window:
    """The window of a browser: what is shown in it, and hands that type and press."""

    def __init__(self, browser: Chrome) -> None:
        self._browser = browser

    @property
    def address(self) -> str:
        """The address of what is shown."""
        return self._browser.current_url

    def go_to(self, url: str) -> Page:
        """Type an address in."""
        self._browser.get(url)
        return self.shown()

    def follow(self, url: str, *, listed_at: str) -> Page:
        """Press the link on a page that lists it; an address that stands nowhere there is typed in."""
        self._browser.get(listed_at)
        links = self._browser.find_elements(By.CSS_SELECTOR, f'a[href="{url}"]')
        if not links:
            return self.go_to(url)
        self._press(links[0])
        self._browser.switch_to.window(self._browser.window_handles[-1])
        return self.shown()

    def submit(self, page: Page, form: Form, values: Mapping[str, str]) -> Page:
        """Type into the form's fields and press its button."""
        shown = self._browser.find_elements(By.TAG_NAME, "form")[page.forms.index(form)]
        for name, value in values.items():
            self._fill(shown, name, value)
        self._browser.execute_script("window.left = false")
        self._press(shown.find_element(By.CSS_SELECTOR, "button"))
        self._wait_until_left()
        return self.shown()

    def _wait_until_left(self) -> None:
        """Wait for the next page: a busy machine takes its time, and between two pages nothing answers."""
        waiting = WebDriverWait(
            self._browser,
            PATIENCE_SECONDS,
            poll_frequency=POLL_SECONDS,
            ignored_exceptions=(WebDriverException,),
        )
        arrived = "return window.left === undefined && document.readyState === 'complete'"
        waiting.until(lambda browser: browser.execute_script(arrived))

    def shown(self) -> Page:
        """Read what is shown."""
        status = self._browser.execute_script(
            "return performance.getEntriesByType('navigation')[0].responseStatus"
        )
        return read_page(self._browser.current_url, int(status), self._browser.page_source)

    def complaints(self) -> list[str]:
        """What the browser found wrong with the pages, such as a style its policy refused."""
        log = self._browser.get_log("browser")  # type: ignore[no-untyped-call]  # selenium leaves it untyped
        return [entry["message"] for entry in log if entry["source"] != REFUSALS]

    def photograph(self, file: Path, size: tuple[int, int]) -> None:
        """Take a picture of what stands on the screen."""
        self._browser.set_window_size(*size)
        self._browser.execute_script("window.scrollTo(0, 0)")
        file.parent.mkdir(parents=True, exist_ok=True)
        assert self._browser.save_screenshot(str(file))

    def photograph_whole(self, file: Path, size: tuple[int, int]) -> None:
        """Take a picture of all of the page, from top to bottom, as wide as the window."""
        self._browser.set_window_size(*size)
        tall = int(self._browser.execute_script("return document.documentElement.scrollHeight"))
        clip = {"x": 0, "y": 0, "width": size[0], "height": min(tall, TALLEST), "scale": 1}
        wanted = {"format": "webp", "quality": 40, "clip": clip, "captureBeyondViewport": True}
        taken = self._browser.execute_cdp_cmd("Page.captureScreenshot", wanted)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b64decode(taken["data"]))

    def is_too_wide(self, size: tuple[int, int]) -> bool:
        """Tell whether a thumb would have to push the page about to read it."""
        self._browser.set_window_size(*size)
        wider = "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return bool(self._browser.execute_script(wider))

    def _fill(self, form: WebElement, name: str, value: str) -> None:
        fields = form.find_elements(By.NAME, name)
        assert fields, f"the form has no field {name!r}"
        kind = fields[0].get_attribute("type")
        if kind == "radio":
            chosen = next(field for field in fields if field.get_attribute("value") == value)
            self._browser.execute_script("arguments[0].click()", chosen)
        elif kind == "checkbox":
            if fields[0].is_selected() != bool(value):
                self._browser.execute_script("arguments[0].click()", fields[0])
        elif kind == "file":
            fields[0].send_keys(value)
        elif kind == "hidden":
            assert fields[0].get_attribute("value") == value
        elif kind in BY_SCRIPT:
            self._browser.execute_script("arguments[0].value = arguments[1]", fields[0], value)
        else:
            self._show(fields[0])
            fields[0].clear()
            fields[0].send_keys(value)

    def _press(self, element: WebElement) -> None:
        self._show(element)
        element.click()

    def _show(self, element: WebElement) -> None:
        self._browser.execute_script(
            "for (let at = arguments[0].closest('details'); at; at = at.parentElement.closest('details'))"
            " at.open = true; arguments[0].scrollIntoView({block: 'center'})",
            element,
        )


class ChromiumBrowser(LinkBrowser):
    """Does in a real browser what :class:`LinkBrowser` does over HTTP.

    ``inbox_url`` is where links are found: each one is opened by pressing it there.
    """

    def __init__(self, browser: Chrome, *, inbox_url: str, client: httpx.Client) -> None:
        super().__init__(client)
        self.window = Window(browser)
        self._inbox_url = inbox_url

    def open(self, url: str) -> Page:
        """Press the link in the inbox."""
        return self.window.follow(url, listed_at=self._inbox_url)

    def submit(
        self, page: Page, form: Form, values: Mapping[str, str], *, file: tuple[str, bytes] | None = None
    ) -> Page:
        """Type into the form's fields, choose the file, and press the button."""
        if file is None:
            return self.window.submit(page, form, values)
        name, content = file
        with TemporaryDirectory() as folder:
            chosen = Path(folder, name)
            chosen.write_bytes(content)
            return self.window.submit(page, form, {**values, "file": str(chosen)})

    def complaints(self) -> list[str]:
        """What the browser found wrong with the pages."""
        return self.window.complaints()

    def photograph(self, file: Path, size: tuple[int, int]) -> None:
        """Take a picture of what stands on the screen."""
        self.window.photograph(file, size)
