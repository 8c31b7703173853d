from __future__ import annotations

import json
from pathlib import Path

import pytest

from hikeshi.domain.configuration import LexiconFile
from infra.cli.main import run
from infra.lexicon.benign import labelled_harmless, streams
from infra.lexicon.checking import check_files
from infra.lexicon.entries import read_entries
from tests.unit.learning.test_own_lexicon import OWN

Capture = pytest.CaptureFixture[str]

PACKS = Path(__file__).parents[3] / "infra" / "config" / "lexicon"
INDUSTRIES = {"food", "retail", "medical", "school", "staffing", "finance", "it"}


def kinds(text: str, harmless: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    file = LexiconFile(name="lexicon/own.toml", text=text)
    return [(problem.kind, problem.field) for problem in check_files((file,), harmless).problems]


def edited(old: str, new: str) -> str:
    assert old in OWN
    return OWN.replace(old, new)


def test_what_proves_itself_has_no_problem() -> None:
    assert kinds(OWN, labelled_harmless()) == []


@pytest.mark.parametrize(
    ("text", "kind", "entry"),
    [
        ("[words", "lexicon_toml", ""),
        (edited("weight = 61", "weight = 610"), "lexicon_entry", "own.mascot"),
        (edited("weight = 61\n", ""), "lexicon_entry", "own.mascot"),
        (edited("weight = 61", "wieght = 61"), "lexicon_entry", "own.mascot"),
        (edited('category = "misconduct"', 'category = "mischief"'), "lexicon_entry", "own.mascot"),
        (edited('hits = "ひのまる君が壊されてた"\n', ""), "lexicon_entry", "own.mascot"),
        (edited('terms = ["壊され"]', 'terms = "壊され"'), "lexicon_entry", "words.own_act"),
        (edited("[words.own_act]", "[word.own_act]"), "lexicon_entry", "word"),
        (edited('id = "own.mascot"', 'id = "contamination.object_in_food"'), "lexicon_duplicate",
         "contamination.object_in_food"),
        (edited('"own_act"]', '"own_acts"]'), "lexicon_unknown_group", "own.mascot"),
        (edited('"壊され"', '"\\u200b"'), "lexicon_empty_term", "words.own_act"),
        ('[words.insect]\nterms = ["ひのまる虫"]', "lexicon_no_examples", "words.insect"),
        (edited("壊されてた", "置いてあった"), "lexicon_not_hit", "own.mascot"),
        (edited("に会えた", "が壊された"), "lexicon_hit", "own.mascot"),
        ("[weights]\n'no.such' = 3", "lexicon_unusable", ""),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_entry(text: str, kind: str, entry: str) -> None:
    assert (kind, entry) in kinds(text)


def test_a_term_added_to_a_shipped_group_proves_itself_by_its_own_examples() -> None:
    text = """
[words.insect]
terms = ["ヒノマルムシ"]
hits = "パンにヒノマルムシが入っていた"
misses = "ヒノマルムシの標本を見た"
"""
    assert kinds(text, labelled_harmless()) == []
    assert kinds(text.replace("標本を見た", "死骸がパンから出てきた")) == [("lexicon_hit", "words.insect")]
    assert kinds(text.replace('hits = "パンにヒノマルムシ', 'hits = "パンに虫')) == [
        ("lexicon_not_hit", "words.insect")
    ]


def test_a_short_term_that_flags_harmless_posts_is_a_trap() -> None:
    trap = edited('"own_mascot", "own_act"', '"own_mascot"').replace('"ひのまる君", ', '"ひのまる君", "い", ')
    trap = trap.replace('misses = "ひのまる君に会えた"', 'misses = "ok"')
    found = kinds(trap, labelled_harmless())
    assert ("lexicon_trap", "own.mascot") in found


def test_an_exception_that_blinds_a_shipped_rule_is_refused() -> None:
    blinding = edited(
        'terms = ["壊され"]', 'terms = ["壊され"]\nnot_in = ["サンドイッチをかじったら金属片が出てきた"]'
    )
    assert "lexicon_breaks_shipped" in {kind for kind, _ in kinds(blinding)}


def test_the_line_of_an_entry_is_told_in_both_languages() -> None:
    (problem,) = read_entries(LexiconFile(name="own.toml", text=edited("weight = 61", "weight = 0"))).problems
    assert problem.line == OWN[: OWN.index('id = "own.mascot"')].count("\n") + 1
    assert "weight" in problem.text("ja")
    assert problem.remedy("en").endswith("for the form")


# ---- harmless texts ----------------------------------------------------------------------------


def test_streams_are_read_evenly_and_are_nothing_where_they_are_not(tmp_path: Path) -> None:
    assert streams(tmp_path) == ()
    rows = "".join(f"1\t本文{n}\n" for n in range(25_000))
    (tmp_path / "chabsa.tsv").write_text("n\ttext\n" + rows, encoding="utf-8")
    found = streams(tmp_path)
    assert len(found) == 10_000
    assert found[:2] == ("本文0", "本文2")


# ---- the packs ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(INDUSTRIES))
def test_a_pack_proves_itself_and_is_no_trap(name: str) -> None:
    text = (PACKS / f"{name}.toml").read_text("utf-8")
    checked = check_files((LexiconFile(name=f"lexicon/{name}.toml", text=text),), labelled_harmless())
    assert [problem.one_line() for problem in checked.problems] == []


def test_all_packs_together_do_not_get_in_each_others_way() -> None:
    files = tuple(
        LexiconFile(name=f"lexicon/{name}.toml", text=(PACKS / f"{name}.toml").read_text("utf-8"))
        for name in sorted(INDUSTRIES)
    )
    assert [problem.one_line() for problem in check_files(files, labelled_harmless()).problems] == []


# ---- the commands ------------------------------------------------------------------------------


def command(*arguments: str) -> int:
    try:
        run(arguments)
    except SystemExit as left:
        return int(left.code or 0)
    return 0


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("infra.lexicon.benign.STREAMS", tmp_path / "none")
    folder = tmp_path / "config" / "lexicon"
    folder.mkdir(parents=True)
    (folder / "own.toml").write_text(OWN, encoding="utf-8")
    return folder


def test_checking_good_entries_succeeds_and_tells_what_was_measured(own: Path, capsys: Capture) -> None:
    assert command("lexicon", "check", str(own)) == 0
    told = capsys.readouterr()
    assert "問題ありません: 1 ファイル、3 項目" in told.out
    assert "無害な投稿" in told.err


@pytest.mark.parametrize(("lang", "said"), [("ja", "1 件の問題"), ("en", "1 problems")])
def test_checking_a_mistake_names_file_line_and_entry(
    lang: str, said: str, own: Path, capsys: Capture
) -> None:
    (own / "own.toml").write_text(edited('"own_act"]', '"own_acts"]'), encoding="utf-8")
    assert command("lexicon", "check", str(own), "--lang", lang) == 1
    told = capsys.readouterr().err
    assert f"{own}/own.toml:8: own.mascot" in told
    assert said in told


def test_checking_nothing_fails(tmp_path: Path, capsys: Capture) -> None:
    assert command("lexicon", "check", str(tmp_path)) == 2
    assert ".toml" in capsys.readouterr().err


def test_posts_are_scored_with_packs(own: Path, tmp_path: Path, capsys: Capture) -> None:
    posts = tmp_path / "posts.jsonl"
    posts.write_text('{"id":"1","text":"駅前でひのまる君が壊されてた"}\n', encoding="utf-8")
    assert command("score", str(posts)) == 0
    assert json.loads(capsys.readouterr().out)["level"] == "none"
    assert command("score", str(posts), "--packs", "own", "--config", str(own.parent)) == 0
    assert json.loads(capsys.readouterr().out)["category"] == "misconduct"
    assert command("score", str(posts), "--packs", "nothing", "--config", str(own.parent)) == 2
    assert "nothing.toml" in capsys.readouterr().err
