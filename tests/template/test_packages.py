"""What a function imports is in its layers, in its own requirements or in Lambda's runtime.

The embedded stack runs functions with everything that is installed beside it, so only this test notices.
"""

from __future__ import annotations

import re
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.template.imports import LAYER, ROOT, third_party

IN_THE_RUNTIME = {"boto3", "botocore"}
LAYERS_OF = {"score_posts": {"janome", "numpy"}}
FUNCTIONS = sorted(path.parent for path in (ROOT / "functions").glob("*/app.py"))


def locked(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    return set(re.findall(r"^([a-z0-9_.-]+)==", path.read_text(encoding="utf-8"), re.MULTILINE))


def distribution(package: str) -> str:
    return packages_distributions().get(package, [package])[0].lower().replace("_", "-")


@pytest.mark.parametrize("folder", FUNCTIONS, ids=lambda folder: folder.name)
def test_everything_that_a_function_imports_is_deployed_with_it(folder: Path) -> None:
    deployed = locked(LAYER / "requirements.txt") | locked(folder / "requirements.txt")
    deployed |= LAYERS_OF.get(folder.name, set())
    needed = {distribution(p) for p in third_party(folder / "app.py") - IN_THE_RUNTIME}
    assert needed <= deployed
    assert needed, "the imports were not followed"


def test_the_core_layer_carries_nothing_that_only_one_function_needs() -> None:
    users = {folder.name: {distribution(p) for p in third_party(folder / "app.py")} for folder in FUNCTIONS}
    for package in ("pydantic", "aws-lambda-powertools", "python-ulid"):
        assert sum(package in needed for needed in users.values()) > 1
