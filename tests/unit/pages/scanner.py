"""What a mail scanner that presses buttons would send."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Button:
    """A form of a page with every field filled in somehow."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Button] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            assert given["method"] == "post"
            self.found.append(Button(action=given["action"] or ""))
        elif tag in ("input", "textarea") and given.get("name"):
            name = given["name"] or ""
            self.found[-1].fields.setdefault(name, given.get("value") or "自動入力")


def buttons_of(html: str) -> list[Button]:
    forms = _Forms()
    forms.feed(html)
    return forms.found
