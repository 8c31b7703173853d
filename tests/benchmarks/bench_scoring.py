"""Posts a second of the scorer beside janome over the full text, in the same run on one core.

Two streams: short board posts (median 18 characters) and posts of about 74 characters, made by
joining short ones. The limit is one pass of the matcher over the normalised text: no scorer that looks
at every character can be faster in this language.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
from hikeshi.domain.posts import Post
from hikeshi.services.scoring.lexicon import load_lexicon
from hikeshi.services.scoring.normalise import normalise
from hikeshi.services.scoring.scorer import LexiconScorer
from tests.builders import a_post

Item = TypeVar("Item")

ROOT = Path(__file__).parents[2]
BOARD = ROOT.parent / "shared" / "data" / "open2ch_posts.tsv"
LABELLED = ROOT / "tests" / "fixtures" / "posts" / "labelled" / "dev.jsonl"
SAMPLE, JANOME_SAMPLE, ROUNDS, LONG = 6_000, 800, 3, 74
FASTER = 10
COLD = """
import time
begin = time.perf_counter()
from hikeshi.runtime import bootstrap
from hikeshi.domain.posts import Post
from datetime import datetime, UTC
now = datetime.now(UTC)
post = Post(id='1', source='s', text='パンに虫が入っていた', published_at=now, fetched_at=now)
assert bootstrap.scorer().assess(post).score
peak = next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'))
print((time.perf_counter() - begin) * 1000, int(peak) / 1024)
"""


def main() -> int:
    """Print the tables; 1 if the scorer is not ten times as fast as the full-text tokenizer."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    short = texts()
    streams = {"short board posts": short, f"about {LONG} characters": list(joined(short, LONG))}
    tokenizer = JanomeTokenizer()
    scorer = LexiconScorer(tokenizer=tokenizer)
    matcher = load_lexicon().matcher
    table = Table(title=f"posts a second, one core (median of {ROUNDS} interleaved rounds)")
    for heading in ("stream", "hikeshi", "janome, full text", "times", "matcher alone", "p99 ms"):
        table.add_column(heading, justify="left" if heading == "stream" else "right")
    least = float("inf")
    for name, stream in streams.items():
        posts = [a_post(text=text) for text in stream]
        ours, theirs, limit = [], [], []
        for _ in range(ROUNDS):
            ours.append(rate(scorer.assess, posts))
            theirs.append(rate(lambda text: list(tokenizer.tokenize(text)), stream[:JANOME_SAMPLE]))
            limit.append(rate(lambda text: matcher.find(normalise(text).text), stream))
        mine, full, bound = (statistics.median(each) for each in (ours, theirs, limit))
        least = min(least, mine / full)
        table.add_row(
            name,
            f"{mine:,.0f}",
            f"{full:,.0f}",
            f"{mine / full:.1f}",
            f"{bound:,.0f}",
            f"{p99(scorer, posts):.2f}",
        )
    console = Console(width=110)
    console.print(table)
    environment = {"PYTHONPATH": f"{ROOT}/layers/core/python:{ROOT}", "PATH": "/usr/bin:/bin"}
    cold = [
        [float(value) for value in subprocess.run(
            [sys.executable, "-c", COLD], check=True, capture_output=True, text=True, env=environment
        ).stdout.split()]
        for _ in range(6)
    ][1:]  # fmt: skip
    ms, peak = (statistics.median(each) for each in zip(*cold, strict=True))
    console.print(f"cold start to first score {ms:.0f} ms, peak {peak:.0f} MiB (median of 5 fresh processes)")
    return int(least < FASTER)


def texts() -> list[str]:
    """Return board posts, or the labelled ones where the evaluation data is not at hand."""
    if BOARD.exists():
        lines = BOARD.read_text("utf-8").splitlines()[1 : SAMPLE + 1]
        return [line.split("\t")[-1] for line in lines]
    rows = LABELLED.read_text("utf-8").splitlines()
    return [json.loads(row)["text"] for row in rows]


def joined(stream: Sequence[str], length: int) -> Iterator[str]:
    """Join short posts to posts of about a length."""
    text = ""
    for each in stream:
        text = f"{text}。{each}" if text else each
        if len(text) >= length:
            yield text
            text = ""


def rate(work: Callable[[Item], object], items: Sequence[Item]) -> float:
    """Return how many a second are worked through."""
    begin = time.perf_counter()
    for item in items:
        work(item)
    return len(items) / (time.perf_counter() - begin)


def p99(scorer: LexiconScorer, posts: Sequence[Post]) -> float:
    """Return the time in milliseconds that one post in a hundred exceeds."""
    times = []
    for post in posts:
        begin = time.perf_counter()
        scorer.assess(post)
        times.append(time.perf_counter() - begin)
    return sorted(times)[int(len(times) * 0.99)] * 1000


if __name__ == "__main__":
    sys.exit(main())
