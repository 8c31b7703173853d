"""AWS calls as botocore makes them, each under the fate: what a client sees is what AWS would show it."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import pytest
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse

from hikeshi import adapters
from tests.faults.fate import Fate

ADAPTERS = Path(adapters.__path__[0])
_XML = "<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"


@dataclass(frozen=True, kw_only=True)
class Effect:
    """A call that took effect, with what it asked for."""

    operation: str
    asked: dict[str, Any]


@dataclass
class CallFate(Fate):
    """Strikes calls between botocore and the services, and notes from which line of ours each came."""

    strikes: Any = None
    sites: set[str] = field(default_factory=set)
    effects: list[Effect] = field(default_factory=list)
    refuses: Callable[[str, dict[str, Any]], str | None] = lambda _operation, _asked: None
    resting: bool = False

    def __post_init__(self) -> None:
        super().__init__(self.strikes)

    def refuse(self, port: str) -> AWSResponse:
        """Answer as a service does that throttles; botocore tries again by itself where it may."""
        return _error(port, "Throttling" if port == "sns" else "ThrottlingException")

    def lose(self, port: str) -> AWSResponse:
        """End the connection before the answer is read."""
        raise ReadTimeoutError(endpoint_url=f"https://{port}.example.jp")

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Let the world look without being struck."""
        before, self.resting = self.resting, True
        try:
            yield
        finally:
            self.resting = before

    def answer(self, service: str, operation: str, request: Any, made: Callable[[], Any]) -> Any:
        """Stand in for the network."""
        if self.resting:
            return made()
        asked = _asked(request)
        name = f"{service}.{operation}"
        self.sites.add(f"{_caller()}:{xform_name(operation)}")

        def take_effect() -> Any:
            refused = self.refuses(name, asked)
            if refused is not None:
                return _error(service, refused)
            self.effects.append(Effect(operation=name, asked=asked))
            return made()

        return self.call(service, operation, take_effect)


@contextmanager
def struck(fate: CallFate) -> Iterator[None]:
    """Put a fate between botocore and moto; pauses between tries pass at once."""
    usual = BotocoreStubber.__call__

    def call(stubber: BotocoreStubber, event_name: str, request: Any, **kwargs: Any) -> Any:
        _, service, operation = event_name.split(".")
        return fate.answer(service, operation, request, lambda: usual(stubber, event_name, request, **kwargs))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BotocoreStubber, "__call__", call)
        patched.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _seconds: None))
        yield


def sites_of(*modules: str) -> set[str]:
    """Return every place of these adapters that calls AWS, read off their source."""
    return {site for module in modules for site in _sites(module)}


def _sites(module: str) -> Iterator[str]:
    tree = ast.parse((ADAPTERS / f"{module}.py").read_text("utf-8"))
    for owner in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        for function in (node for node in owner.body if isinstance(node, ast.FunctionDef)):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                operation = _operation(call)
                if operation:
                    yield f"{module}.{owner.name}.{function.name}:{operation}"


def _operation(call: ast.Call) -> str | None:
    """Return the operation of ``self._client.operation(…)`` or ``self._client.get_paginator("…")``."""
    match call.func:
        case ast.Attribute(attr=name, value=ast.Attribute(attr="_client")):
            first = call.args[0] if call.args else None
            paged = name == "get_paginator" and isinstance(first, ast.Constant)
            return str(first.value) if paged and isinstance(first, ast.Constant) else name
    return None


def _caller() -> str:
    frame = sys._getframe(1)
    while frame.f_back is not None:
        path = Path(frame.f_code.co_filename)
        if path.parent == ADAPTERS:
            return f"{path.stem}.{frame.f_code.co_qualname.partition('.<locals>')[0]}"
        frame = frame.f_back
    return "elsewhere"


def _asked(request: Any) -> dict[str, Any]:
    body = request.body.decode() if isinstance(request.body, bytes) else str(request.body or "")
    if body.startswith("{"):
        asked: dict[str, Any] = json.loads(body)
        return asked
    return {name: values[0] for name, values in parse_qs(body).items()}


def _error(service: str, code: str) -> AWSResponse:
    body = _XML.format(code=code) if service == "sns" else json.dumps({"__type": code, "message": "no"})
    return AWSResponse("https://example.jp", 400, {}, MockRawResponse(body))  # type: ignore[arg-type]  # as moto does
