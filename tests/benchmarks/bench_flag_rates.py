"""How often the scorer flags what nobody called risky, and what it finds in the labelled set.

The benign sets are others' (see the NOTICE of the evaluation data); without them only the labelled
half that the lexicon was tuned on is measured. The half that is held back is another benchmark's.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
from hikeshi.domain.assessment import Level
from hikeshi.services.scoring.scorer import LexiconScorer
from infra.training.corpus import is_for_learning
from tests.builders import a_post

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
TUNED_ON = ROOT / "tests" / "fixtures" / "posts" / "labelled" / "dev.jsonl"
MOST = {
    "open2ch_posts": (20, 150),
    "asdc_utterances": (5, 50),
    "quasi_reviews": (5, 50),
    "chabsa": (5, 50),
}
"""Per 10,000: warnings or worse, and notices."""


def main() -> int:
    """Print the tables; 1 if a benign set is flagged more often than it may be."""
    scorer = LexiconScorer(tokenizer=JanomeTokenizer())
    console = Console(width=100)
    over = False
    table = Table(title="flags on 10,000 benign posts")
    for heading in ("set", "posts", "warning or worse", "most", "notice", "most"):
        table.add_column(heading, justify="left" if heading == "set" else "right")
    for name, (most_warnings, most_notices) in MOST.items():
        path = DATA / f"{name}.tsv"
        if not path.exists():
            continue
        every = [line.split("\t")[-1] for line in path.read_text("utf-8").split("\n")[1:] if line]
        texts = [text for text in every if not is_for_learning(text)]
        levels = Counter(scorer.assess(a_post(text=text, media=())).level for text in texts)
        warnings = (levels[Level.WARNING] + levels[Level.CRITICAL]) / len(texts) * 10_000
        notices = levels[Level.NOTICE] / len(texts) * 10_000
        over = over or warnings > most_warnings or notices > most_notices
        table.add_row(
            name,
            f"{len(texts):,}",
            f"{warnings:.1f}",
            str(most_warnings),
            f"{notices:.1f}",
            str(most_notices),
        )
    console.print(table)
    console.print(labelled(scorer))
    return int(over)


def labelled(scorer: LexiconScorer) -> str:
    """Say what the scorer makes of the half of the labelled set that it was tuned on."""
    rows = [json.loads(line) for line in TUNED_ON.read_text("utf-8").splitlines()]
    judged = [(row, scorer.assess(a_post(text=row["text"], media=()))) for row in rows]
    risks = [(row, found) for row, found in judged if row["level"] != "none"]
    calm = [found for row, found in judged if row["level"] == "none"]
    severe = [found for row, found in risks if row["level"] in {"warning", "critical"}]
    flagged = [(row, found) for row, found in risks if found.is_risk]
    rates = {
        "found": (len(flagged), len(risks)),
        "false alarms": (sum(found.is_risk for found in calm), len(calm)),
        "grave ones at warning": (sum(f.level.at_least(Level.WARNING) for f in severe), len(severe)),
        "right category": (sum(f.category == row["category"] for row, f in flagged), len(flagged)),
    }
    parts = [f"{name} {part}/{whole} ({part / whole:.2f})" for name, (part, whole) in rates.items()]
    return "labelled set, tuned-on half: " + ", ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
