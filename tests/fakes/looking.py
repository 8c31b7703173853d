"""Pages of others in memory."""

from __future__ import annotations

from hikeshi.domain.takedowns import Sight, shows


class ListedPages:
    """Shows the pages it holds, as status and text; an address that it does not know cannot be reached."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str]] = {}
        self.opened: list[str] = []

    def look(self, url: str, *, passage: str) -> Sight:
        self.opened.append(url)
        status, text = self.pages.get(url, (0, ""))
        if status in (404, 410):
            return Sight.ABSENT
        if status != 200:
            return Sight.UNREADABLE
        return Sight.SHOWN if shows(passage, text) else Sight.NOT_SHOWN
