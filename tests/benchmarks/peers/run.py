"""Run one contender: ``python -m tests.benchmarks.peers.run NAME [score|time|start|start-harmless]``.

``score`` reads one JSON string a line and answers with one JSON list a line, in order. ``time`` reads
commands: ``load`` with a list of texts, ``round`` to judge them all and report nanoseconds (of processor
time) a text, ``peak``
for the peak resident set in KiB. ``start`` judges one text and ends, to be timed from outside: one that all
stages of hikeshi look at, or one that is harmless.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
from typing import Any

from tests.benchmarks.peers.verdict import Judge

FIRST = {
    "start": "〇〇のお弁当に虫が入ってた。写真も撮った",
    "start-harmless": "〇〇のお弁当を買って帰った。今日もおいしかった",
}


def main(name: str, mode: str = "score") -> None:
    """Answer until the input ends."""
    judge: Judge = importlib.import_module(f"tests.benchmarks.peers.adapters.{name}").build()
    if mode in FIRST:
        _answer(judge(FIRST[mode]))
        sys.stdout.flush()
        # What is asked is when the answer is there, not how long taking everything down lasts.
        os._exit(0)
    elif mode == "time":
        _time(judge)
    else:
        for line in sys.stdin:
            _answer(judge(json.loads(line)))
    sys.stdout.flush()


def _time(judge: Judge) -> None:
    texts: list[str] = []
    for line in sys.stdin:
        command = json.loads(line)
        if command["do"] == "load":
            texts = command["texts"]
            for text in texts[:200]:
                judge(text)
            _answer("ready")
        elif command["do"] == "round":
            _answer(_round(judge, texts))
        else:
            _answer(_peak_kib())
        sys.stdout.flush()


def _round(judge: Judge, texts: list[str]) -> list[int]:
    gc.collect()
    # Processor time: what other work the machine does meanwhile is not the contender's.
    clock = time.process_time_ns
    spent = []
    for text in texts:
        begin = clock()
        judge(text)
        spent.append(clock() - begin)
    return spent


def _peak_kib() -> int:
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123  # as light as can be: this process is weighed
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def _answer(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
