"""The composition root as tests need it: another configuration, and nothing left from the test before."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType

import pytest

from hikeshi.domain.configuration import Configuration
from hikeshi.runtime import bootstrap


def use_configuration(monkeypatch: pytest.MonkeyPatch, read: Callable[[], Configuration]) -> None:
    """Let every factory read this configuration instead of the published one."""
    for module in _modules():
        for name in ("configuration", "published"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, read)


def forget_what_was_built() -> None:
    """Empty the caches of all factories: the environment has changed."""
    for module in _modules():
        for factory in vars(module).values():
            if hasattr(factory, "cache_clear"):
                factory.cache_clear()


def _modules() -> Iterator[ModuleType]:
    yield bootstrap
    for found in pkgutil.iter_modules(bootstrap.__path__):
        yield import_module(f"{bootstrap.__name__}.{found.name}")
