"""Killed at any moment, two at once: every acknowledged answer is there, and the store is whole."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time

from dlterm.quiz.store import Store

KILLS = 30


def start(path, seed):
    """A learner who answers without end, and says of each answer that is acknowledged which it is."""
    environment = {**os.environ, "DLTERM_PROGRESS": str(path)}
    return subprocess.Popen(
        [sys.executable, "-m", "dlterm", "quiz", "neuron", "layers", "--mode", "cram", "--json", "--seed", str(seed)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True,
    )  # fmt: skip


def answer_until_killed(process, acknowledged):
    def talk():
        try:
            for line in process.stdout:
                event = json.loads(line)
                if event["event"] == "answer":
                    acknowledged.append(event["uid"])
                elif event["event"] == "question":
                    process.stdin.write("?\n")
                    process.stdin.flush()
        except (OSError, ValueError):  # killed in the middle of a line
            pass

    thread = threading.Thread(target=talk)
    thread.start()
    return thread


def test_no_acknowledged_answer_is_lost(path):
    chance, acknowledged, hits = random.Random(7), [], 0
    Store.open(path).close()
    while hits < KILLS:
        processes = [start(path, chance.randrange(1000)) for _ in range(2)]
        threads = [answer_until_killed(process, acknowledged) for process in processes]
        for process in processes:
            time.sleep(chance.uniform(0.1, 0.9))
            hits += process.poll() is None
            process.kill()
        for process, thread in zip(processes, threads, strict=True):
            said = process.stderr.read()
            process.wait()
            thread.join()
            assert said == ""
            process.stdin.close()
            process.stdout.close()
            process.stderr.close()
    with Store.open(path) as store:
        assert store.notices == []
        assert store.kept.value("PRAGMA integrity_check") == "ok"
        kept = {row["uid"] for row in store.rows()}
        assert store.cards.all() == store.cards.folded()
    assert set(acknowledged) <= kept
    assert len(acknowledged) > KILLS
    assert len(kept) - len(set(acknowledged)) <= hits  # kept, and killed before it was said
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM answers").fetchone()[0] == len(kept)
