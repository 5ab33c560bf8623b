"""The quiz: how soon it asks, what a long past costs, what being killed costs, what checking by running costs."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.learners import Learner, kill_learners
from benchmarks.measure import REPETITIONS, Row, at_least, at_most, seconds
from benchmarks.process import dlterm, environment, run_dlterm
from benchmarks.quiz_sitting import quiz_sitting
from dlterm.course.content import root
from dlterm.quiz.bank import bank
from dlterm.quiz.results import RESULTS
from dlterm.quiz.statistics import statistics
from dlterm.quiz.store import Store
from dlterm.settings.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWERS, KILLS = 100_000, 200
_A_DAY = 100  # answers
_SITTINGS = 5
_CHANGED = "lessons/01-what-is-deep-learning.quiz.toml"


def rows() -> Iterator[Row]:
    """Every measurement, one after the other."""
    with tempfile.TemporaryDirectory() as place:
        new, old = Path(place) / "new" / "p.sqlite3", Path(place) / "old" / "p.sqlite3"
        yield from _asking(new)
        _learn_for_years(old)
        yield from _a_long_past(old)
        yield from _killed(Path(place) / "killed" / "p.sqlite3")
        yield from _checking(Path(place))


def _asking(store: Path) -> Iterator[Row]:
    _first_question(store)
    starts = tuple(_first_question(store) for _ in range(REPETITIONS))
    yield Row("dlterm quiz, to the first question", "s", at_most(0.6), starts)
    learner = Learner(store, 1)
    learner.wait(10)
    time.sleep(2.0)
    learner.kill()
    yield Row(
        "an answer, to the next question", "ms", at_most(50), tuple(1000 * each for each in learner.seconds)
    )
    quiz_sitting(store)
    sat = [quiz_sitting(store) for _ in range(_SITTINGS)]
    first = tuple(each.first_question for each in sat)
    yield Row("dlterm quiz on a terminal, to the first question on screen", "s", at_most(0.6), first)
    after = tuple(1000 * seconds for each in sat for seconds in each.next_questions)
    yield Row("an answer on screen, to the next question", "ms", at_most(50), after)


def _first_question(store: Path) -> float:
    """Seconds from the start of the process to its first line."""
    begun = time.perf_counter()
    with subprocess.Popen(
        dlterm("quiz neuron --json --seed 1"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(DLTERM_PROGRESS=str(store)),
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        took = time.perf_counter() - begun
        process.kill()
    return took


def _learn_for_years(path: Path) -> None:
    """A store of as many answers as a diligent learner gives in three years."""
    chance, now = random.Random(0), datetime.now().astimezone()
    entries, today = list(bank()), now.date().toordinal()
    answers: list[dict[str, Any]] = []
    for number in range(ANSWERS):
        before = (ANSWERS - number) // _A_DAY
        entry, right = chance.choice(entries), chance.random() < 0.85
        answers.append({
            "uid": f"{number:016x}", "origin": "", "question": entry.id, "lesson": entry.lesson.id,
            "kind": entry.kind, "mode": "review", "session": "s",
            "at": int((now - timedelta(days=before)).timestamp() * 1000), "zone": 60,
            "clock": today - before, "day": today - before, "given": '"a"', "credit": float(right),
            "confidence": chance.choice(["", "sure", "unsure"]), "hints": 0, "seconds": 12.5, "seed": 1,
            "misconceptions": "" if right else "bias-scales", "rating": 3 if right else 1,
            "elapsed": chance.choice([None, 1, 3, 9, 20]), "undone": 0,
        })  # fmt: skip
    with Store.open(path) as store:
        store.merge(answers)


def _a_long_past(path: Path) -> Iterator[Row]:
    starts = tuple(_first_question(path) for _ in range(REPETITIONS))
    yield Row(f"the same with {ANSWERS:,} answers in the past", "s", at_most(0.6), starts)
    with Store.open(path) as store:
        now = datetime.now().astimezone()
        took = [1000 * seconds(lambda: statistics(store, bank(), Config(), now)) for _ in range(REPETITIONS)]
    yield Row("all statistics of them", "ms", at_most(200), tuple(took))


def _killed(path: Path) -> Iterator[Row]:
    done = kill_learners(path, KILLS, random.Random(0))
    with Store.open(path) as store:
        kept = {row["uid"] for row in store.rows()}
        faults = len(store.notices) + (store.kept.value("PRAGMA integrity_check") != "ok")
        faults += store.cards.all() != store.cards.folded()
    yield Row("kill -9 at random moments, two instances at once", "kills", at_least(KILLS), (done.hits,))
    lost = len(set(done.acknowledged) - kept)
    yield Row(f"... of {len(done.acknowledged):,} acknowledged answers lost", "", at_most(0), (lost,))
    yield Row(
        "... faults of the store, complaints of an instance", "", at_most(0), (faults + len(done.said),)
    )


def _checking(place: Path) -> Iterator[Row]:
    """The course by running it: with nothing known; as in a new checkout; and there with one question changed."""
    pack = place / "pack"
    shutil.copytree(str(root()), pack)
    (pack / RESULTS).unlink(missing_ok=True)

    def check(cache: str) -> float:
        return run_dlterm(f"content check {pack} --run", XDG_CACHE_HOME=str(place / cache)).seconds

    def check_changed(number: int) -> float:
        _change(pack, number)
        return check("first")

    everything = check("first")
    yield Row("content check --run, everything (kernels compiled anew)", "s", None, (everything,))
    took = tuple(check(f"new-{number}") for number in range(3))
    yield Row("content check --run, nothing changed, in a new checkout", "s", at_most(5), took)
    took = tuple(map(check_changed, range(3)))
    yield Row("content check --run, one question changed (three networks, three seeds)", "s", None, took)


def _change(pack: Path, number: int) -> None:
    """Have one prediction train for some epochs longer."""
    path = pack / _CHANGED
    text, found = re.subn(
        r"lr = 0\.03, epochs = 10\d }", f"lr = 0.03, epochs = {101 + number} }}", path.read_text()
    )
    assert found == 1, path
    path.write_text(text)
