"""Where the local stack keeps its files, and what it remembers between two commands."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
REGION = "ap-northeast-1"
STACK_NAME = "hikeshi-local"


class LocalStackError(Exception):
    """The local stack could not do what was asked; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningProcess:
    """A process we started; ``created`` tells it from a later one with the same number."""

    pid: int
    created: float


@dataclass(frozen=True, kw_only=True, slots=True)
class StackState:
    """What ``stack.json`` holds while the stack is up."""

    emulator: RunningProcess
    desk: RunningProcess
    endpoint_url: str
    inbox_url: str
    link_base_url: str
    api_url: str
    region: str
    stack_name: str
    environment: str
    outputs: dict[str, str]
    started_at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """A directory that holds everything of one local stack; removing it forgets the stack."""

    root: Path

    @property
    def state(self) -> Path:
        """What the emulator keeps between two starts."""
        return self.root / "state"

    @property
    def logs(self) -> Path:
        """Output of the processes and of sam."""
        return self.root / "logs"

    @property
    def scratch(self) -> Path:
        """Unpacked functions; emptied at every start."""
        return self.root / "tmp"

    @property
    def feed(self) -> Path:
        """Posts that the feed server publishes."""
        return self.root / "feed.json"

    @property
    def messages(self) -> Path:
        """Every SMS and mail that arrived."""
        return self.root / "messages.sqlite"

    @property
    def configuration(self) -> Path:
        """The configuration that was published last."""
        return self.root / "config.json"

    def prepare(self) -> None:
        """Make the directories."""
        for directory in (self.state, self.logs, self.scratch):
            directory.mkdir(parents=True, exist_ok=True)

    def ports(self) -> dict[str, int]:
        """Return the ports used last time, so that links in old messages still open."""
        path = self.root / "ports.json"
        return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}

    def remember_ports(self, ports: dict[str, int]) -> None:
        """Keep the ports for the next start."""
        (self.root / "ports.json").write_text(json.dumps(ports), "utf-8")

    def remembered(self) -> StackState | None:
        """Return the state of the last start, None if it was stopped."""
        try:
            held = json.loads(self._stack_file.read_text("utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        emulator, desk = (RunningProcess(**held.pop(name)) for name in ("emulator", "desk"))
        return StackState(emulator=emulator, desk=desk, **held)

    def remember(self, state: StackState) -> None:
        """Keep the state."""
        text = json.dumps(asdict(state), ensure_ascii=False, indent=1)
        self._stack_file.write_text(text, "utf-8")

    def forget(self) -> None:
        """Note that nothing runs."""
        self._stack_file.unlink(missing_ok=True)

    @property
    def _stack_file(self) -> Path:
        return self.root / "stack.json"


def default_home() -> Home:
    """Return the home that the commands use unless told otherwise."""
    return Home(root=REPOSITORY / ".local")
