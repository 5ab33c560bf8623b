"""Learners who answer without end, two at once, and are killed at random moments."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from benchmarks.process import dlterm, environment
from dlterm.quiz.store import Store

if TYPE_CHECKING:
    import random
    from pathlib import Path

_SESSION = "quiz --mode cram --json --seed {}"
_STARTING, _LONGEST = (
    0.3,
    0.4,
)  # of the learners are killed while they start; seconds of the others' first answers


@dataclass
class Kills:
    """`hits` are learners that were killed while they lived; `said` is what they told of on stderr."""

    hits: int = 0
    acknowledged: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


class Learner:
    """A process that asks, and a thread that answers whatever comes."""

    def __init__(self, store: Path, seed: int) -> None:
        self._process = subprocess.Popen(
            dlterm(_SESSION.format(seed)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(DLTERM_PROGRESS=str(store)),
            text=True,
        )
        self.acknowledged: list[str] = []
        self.seconds: list[float] = []  # from an answer to the next question
        self._has_begun = threading.Event()
        self._thread = threading.Thread(target=self._answer)
        self._thread.start()

    def _answer(self) -> None:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        answered = None
        try:
            for line in process.stdout:
                event: dict[str, Any] = json.loads(line)
                if event["event"] == "answer":
                    self.acknowledged.append(event["uid"])
                    self._has_begun.set()
                elif event["event"] == "question":
                    if answered is not None:
                        self.seconds.append(time.perf_counter() - answered)
                    answered = time.perf_counter()
                    process.stdin.write("?\n")
                    process.stdin.flush()
        except (OSError, ValueError):  # killed in the middle of a line
            pass

    def wait(self, seconds: float) -> None:
        """Until its first answer is acknowledged, at the most so long."""
        self._has_begun.wait(seconds)

    def kill(self) -> tuple[bool, str]:
        """Whether it lived until now, and what it said on stderr."""
        lived = self._process.poll() is None
        self._process.kill()
        self._process.wait()
        self._thread.join()
        assert self._process.stderr is not None
        said = self._process.stderr.read()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):  # an answer that nobody reads any more
                    stream.close()
        return lived, said


def kill_learners(store: Path, kills: int, chance: random.Random) -> Kills:
    """Have pairs of learners answer at once, each killed at a random moment, until so many were hit."""
    done = Kills()
    Store.open(store).close()
    while done.hits < kills:
        pair = [Learner(store, chance.randrange(1000)) for _ in range(2)]
        for learner in pair:
            if chance.random() > _STARTING:
                learner.wait(10)
            time.sleep(chance.uniform(0, _LONGEST))
            lived, said = learner.kill()
            done.hits += lived
            done.acknowledged += learner.acknowledged
            done.said += [said] if said else []
    return done
