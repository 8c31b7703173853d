"""Who never asks the encoder never pays for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hikeshi.domain.errors import ConfigError
from hikeshi.runtime import bootstrap
from tests.builders.encoders import an_encoder_file

BEFORE = """
import sys
from hikeshi.runtime import bootstrap
from tests.builders import a_post
bootstrap.encoders()
bootstrap.scorer().assess(a_post(text="今日のお弁当もおいしかった", followers=0, reposts=0, likes=0))
print("numpy" in sys.modules)
"""
AFTER = """
import os, sys
from pathlib import Path
from hikeshi.adapters.encoder import TransformerEncoder
from hikeshi.runtime import bootstrap
bootstrap.encoders()
encoder = TransformerEncoder(Path(sys.argv[1]))
print("numpy" in sys.modules)
encoder.read("虫")
print("numpy" in sys.modules, len(os.listdir("/proc/self/task")))
"""


def said_by(program: str, *arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.split()


def test_the_encoder_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIKESHI_ENCODER", "off")
    assert bootstrap.encoders.__wrapped__() is None


@pytest.mark.parametrize(("wanted", "reads_all"), [("on", False), ("every", True)])
def test_the_thorough_encoder_reads_what_is_suspected_or_all(
    wanted: str, reads_all: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIKESHI_ENCODER", wanted)
    found = bootstrap.encoders.__wrapped__()
    assert found is not None
    assert found.reads_all is reads_all


def test_a_misspelt_switch_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIKESHI_ENCODER", "maybe")
    with pytest.raises(ConfigError, match="on、off、every のどれかを設定してください"):
        bootstrap.encoders.__wrapped__()


def test_a_harmless_post_is_scored_without_numpy() -> None:
    assert said_by(BEFORE) == ["False"]


def test_the_first_text_loads_numpy_and_starts_no_thread(tmp_path: Path) -> None:
    file = an_encoder_file(tmp_path / "encoder.safetensors")
    assert said_by(AFTER, str(file)) == ["False", "True", "1"]
