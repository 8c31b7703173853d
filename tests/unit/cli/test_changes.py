from __future__ import annotations

from pathlib import Path

import pytest

from infra.cli.main import run


def test_a_change_is_not_put_into_a_folder_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "confg"
    with pytest.raises(SystemExit) as ended:
        run(["changes", "apply", "1-1-watch_word", "--config", str(nowhere)])
    assert ended.value.code == 2
    assert f"--config {nowhere}: フォルダーがありません" in capsys.readouterr().err
    assert not nowhere.exists()
