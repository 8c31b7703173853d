"""Fills the templates, and says what a browser may do with the result: show it, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from hikeshi.adapters.pages.hiding import hidden
from hikeshi.domain.masking import Mask

HERE = Path(__file__).parent
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AROUND_SIGNS = re.compile(r"\s*([{};])\s*")


class PageRenderer:
    """Renders pages.

    Parameters
    ----------
    text : callable
        Looks a sentence of the catalogue up; the templates hold none of their own.
    language : str
        Language of the pages, for screen readers and line breaking.
    desk_phone : callable
        Returns the telephone number of the desk, empty if none is to be shown. It stands on the pages that
        anybody may get, the same for everybody.
    """

    def __init__(
        self, *, text: Callable[..., str], language: str = "ja", desk_phone: Callable[[], str] = str
    ) -> None:
        style = _compact((HERE / "style.css").read_text(encoding="utf-8"))
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        # The style is ours and holds no "<"; escaping it would change what its hash is taken over.
        self._environment.globals.update(t=text, language=language, desk_phone=desk_phone)
        self._environment.globals["style"] = Markup(style)  # noqa: S704  # a file of the package
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self._policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
            "frame-ancestors 'none'; base-uri 'none'"
        )

    def render(self, template: str, *, mask: Mask, **values: object) -> str:
        """Return the page that a template and its values make, with every name in it hidden by the mask."""
        return hidden(self._environment.get_template(template).render(**values), mask)

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers that every answer carries, whatever it says."""
        return {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": self._policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "X-Robots-Tag": "noindex, nofollow, noarchive",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }


def _compact(style: str) -> str:
    """Return the style without what only its authors read: it travels with every page."""
    return _AROUND_SIGNS.sub(r"\1", _COMMENT.sub("", style))
