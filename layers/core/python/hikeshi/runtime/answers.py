"""What comes in from a browser and what goes back, for every page behind a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hikeshi.adapters.pages.renderer import PageRenderer
from hikeshi.domain.masking import NOBODY
from hikeshi.services.facts.evidence_desk import Copy

FAULT = 500
"""From here on the fault is ours."""

_SAME = frozenset({"same-origin", "none"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What goes back to the browser; ``location`` is relative, so that it holds under any path.

    ``download`` is a file that goes back instead of a page.
    """

    status: int
    body: str = ""
    location: str | None = None
    download: Copy | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """A form as it arrived; ``body`` is None if it could not even be decoded."""

    body: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_foreign(self) -> bool:
        """Tell whether a page of somebody else sent it, as far as the browser says."""
        site = self.headers.get("sec-fetch-site")
        if site:
            return site not in _SAME
        # A page with the policy "no-referrer", as ours, is given the origin "null" by browsers.
        origin = self.headers.get("origin", "null")
        return origin != "null" and urlsplit(origin).netloc != self.headers.get("host", "")


def error_page(renderer: PageRenderer, status: int) -> Answer:
    """Say that there is nothing here, or that we failed: one page for each, whatever the cause."""
    kind = "failed" if status >= FAULT else "not_found"
    return Answer(status=status, body=renderer.render("plain.html", mask=NOBODY, kind=kind))


def download_headers(copy: Copy) -> dict[str, str]:
    """Return the headers under which a file is saved, and neither shown in place nor run."""
    return {
        "Content-Type": copy.media_type,
        "Content-Disposition": f'attachment; filename="{copy.name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    }
