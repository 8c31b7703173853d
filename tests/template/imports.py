"""What a function imports, followed through the source without running it.

``runtime/bootstrap`` imports inside its factories, so only the factories that a function reaches count.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from infra.cfn_rules.transforming import TEMPLATE

ROOT = TEMPLATE.parent
LAYER = ROOT / "layers" / "core" / "python"
BOOTSTRAP = "hikeshi.runtime.bootstrap"
Node = ast.AST


def third_party(entry: Path) -> frozenset[str]:
    """Return the top-level packages, outside the standard library and hikeshi, that a file may import."""
    found: set[str] = set()
    done: set[str] = set()
    waiting = [*_imports(_tree(entry))]
    factories = {*_factories_called(_tree(entry))}
    while waiting or factories:
        waiting += [name for factory in factories for name in _imports_of_factory(factory, done)]
        factories = set()
        while waiting:
            name = waiting.pop()
            root = name.split(".")[0]
            if root != "hikeshi":
                found.add(root)
            elif name not in done and (path := _path(name)) is not None:
                done.add(name)
                tree = _tree(path)
                composing = name.startswith(BOOTSTRAP)
                waiting += _imports(tree, eager_only=composing)
                factories |= set() if composing else {*_factories_called(tree)}
    return frozenset(found - set(sys.stdlib_module_names) - {"__future__"})


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _path(name: str) -> Path | None:
    base = LAYER.joinpath(*name.split("."))
    candidates = (base.with_suffix(".py"), base / "__init__.py")
    return next((path for path in candidates if path.is_file()), None)


def _imports(tree: Node, *, eager_only: bool = False) -> Iterator[str]:
    for node in _walk(tree, eager_only=eager_only):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _walk(tree: Node, *, eager_only: bool) -> Iterator[Node]:
    for node in ast.iter_child_nodes(tree):
        typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        lazy = eager_only and isinstance(node, ast.FunctionDef)
        if not typing_only and not lazy:
            yield node
            yield from _walk(node, eager_only=eager_only)


def _factories_called(tree: Node) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "bootstrap":
            yield node.attr


def _imports_of_factory(name: str, done: set[str]) -> Iterator[str]:
    pages = sorted((LAYER / "hikeshi/runtime/bootstrap").glob("*.py"))
    factories = {n.name: n for page in pages for n in _tree(page).body if isinstance(n, ast.FunctionDef)}
    if name in done or name not in factories:
        return
    done.add(name)
    yield from _imports(factories[name])
    for node in ast.walk(factories[name]):
        if isinstance(node, ast.Name):
            yield from _imports_of_factory(node.id, done)
