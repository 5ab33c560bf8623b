"""How fast dlterm trains: against PyTorch, against C, as a whole program."""

from __future__ import annotations

import importlib.util
import json
import shutil
from typing import TYPE_CHECKING

from benchmarks import networks
from benchmarks.in_c import WIDE, InC
from benchmarks.measure import Bar, Row, at_least, at_most, ratios, seconds, seconds_each, turns
from benchmarks.ours import Ours
from benchmarks.process import run_dlterm
from benchmarks.task import EXAMPLES, Contestant, Task, check_agreement
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_TORCH, _C, _WIDE = "PyTorch", "C", "C, 512-bit registers"
_NARROW, _DEEP, _BROAD = (2, 4, 2, 1), (2, 8, 8, 8, 1), (2, 32, 32, 1)
_RACES: list[tuple[Task, Mapping[str, Bar | None]]] = [
    (Task(_NARROW, 10), {_TORCH: at_least(300), _C: at_least(0.8), _WIDE: None}),
    (Task(_DEEP, 10), {_TORCH: at_least(300), _C: at_least(0.8), _WIDE: None}),
    (Task(_NARROW, 32), {_TORCH: at_least(200), _C: at_least(0.6), _WIDE: None}),
    (Task(_DEEP, 32), {_TORCH: at_least(200), _C: at_least(0.6), _WIDE: None}),
    (Task(_BROAD, 32), {_C: at_least(1), _WIDE: None}),
    (
        Task((2, 8, 8, 8, 2), 10, activation="relu", loss="cross_entropy", optimizer="adam", dropout=0.1),
        {_TORCH: at_least(200)},
    ),
]
_DIGITS, _IMAGES = (8, 16, "pool"), (16, "pool", 32, "pool")
_NETWORKS: list[tuple[networks.Network, Bar]] = [
    (networks.cnn("CNN conv 8, conv 16, pool on 8x8, batch 32", (1, 8, 8), _DIGITS, 32), at_least(3)),
    (
        networks.cnn("CNN conv 16, pool, conv 32, pool on 28x28, batch 64", (1, 28, 28), _IMAGES, 64),
        at_least(1.3),
    ),
    (networks.mlp(), at_least(2)),
    (networks.lstm(), at_least(1.3)),
    (networks.transformer(), at_least(1)),
]
_PAIRS = 7
_SHORT, _LONG = 500, 8000  # epochs
_LEARNING = "train spirals --hidden 8,8,8"
_PROGRAM = f"{_LEARNING} --batch 10 --optimizer sgd --no-save --json"


def rows() -> Iterator[Row]:
    """Every measurement, one after the other."""
    for task, bars in _RACES:
        yield from _race(task, bars)
    for network, bar in _NETWORKS:
        yield from _network_race(network, bar)
    yield _whole_program()
    yield from _until_learned()
    yield from _until_digits_are_read()
    yield _replanning()


def _network_race(network: networks.Network, bar: Bar) -> Iterator[Row]:
    ours = networks.Ours(network)
    trainers = {"ours": ours.train}
    if why := _missing(_TORCH):
        yield Row(f"{network.name}: against {_TORCH}", "x", bar, skipped=why)
    else:
        networks.check_agreement(network)
        trainers["theirs"] = networks.Theirs(network, ours).train
    took = turns({name: seconds_each(train) for name, train in trainers.items()})
    yield Row(f"{network.name}: dlterm", "us/step", None, tuple(value * 1e6 for value in took["ours"]))
    if "theirs" in took:
        yield Row(f"{network.name}: against {_TORCH}", "x", bar, ratios(took["theirs"], took["ours"]))


def _race(task: Task, bars: Mapping[str, Bar | None]) -> Iterator[Row]:
    ours = Ours(task)
    peers = {name: _peer(name, task) for name in bars if not _missing(name)}
    trainers: dict[str, Callable[[int], object]] = {"dlterm": ours.train}
    trainers |= {name: peer.train for name, peer in peers.items()}
    took = turns({name: seconds_each(train) for name, train in trainers.items()})
    steps = -(-EXAMPLES // task.batch)
    yield Row(f"{task}: dlterm", "us/step", None, tuple(value / steps * 1e6 for value in took["dlterm"]))
    for name, bar in bars.items():
        samples = ratios(took[name], took["dlterm"]) if name in took else ()
        yield Row(f"{task}: against {name}", "x", bar, samples, _missing(name))


def _peer(name: str, task: Task) -> Contestant:
    """A peer that begins where dlterm begins and, chance aside, comes to the same. Raises RuntimeError if not."""
    ours = Ours(task)
    begin = [value.copy() for value in ours.parameters()]
    if name == _TORCH:
        from benchmarks.in_torch import InTorch

        peer: Contestant = InTorch(task, begin)
    else:
        peer = InC(task, begin, *([WIDE] if name == _WIDE else []))
    if not task.dropout:
        check_agreement(ours, peer, f"{name}, {task},")
    return peer


def _missing(name: str) -> str:
    """Why a peer cannot race; empty if it can."""
    if name == _TORCH:
        return "" if importlib.util.find_spec("torch") else "PyTorch is not installed"
    return "" if shutil.which("gcc") else "gcc is not installed"


def _whole_program() -> Row:
    """Examples a second, between two lengths of training, so that starting counts for nothing."""
    measured = f"dlterm {_PROGRAM}: examples/s against {_TORCH}"
    if why := _missing(_TORCH):
        return Row(measured, "x", at_least(150), skipped=why)
    peer = _peer(_TORCH, Task(_DEEP, 10, loss="binary_cross_entropy"))
    took = turns(
        {
            "short": lambda: run_dlterm(f"{_PROGRAM} --epochs {_SHORT}").seconds,
            "long": lambda: run_dlterm(f"{_PROGRAM} --epochs {_LONG}").seconds,
            "peer": seconds_each(peer.train),
        },
        _PAIRS,
    )
    examples = Learner(Recipe(data="spirals")).examples * (_LONG - _SHORT)
    ours = [(long - short) / examples for long, short in zip(took["long"], took["short"], strict=True)]
    peers = [epoch / EXAMPLES for epoch in took["peer"]]
    return Row(measured, "x", at_least(150), ratios(peers, ours))


def _until_learned() -> Iterator[Row]:
    run_dlterm(_LEARNING)
    runs = [run_dlterm(f"{_LEARNING} --seed {seed}") for seed in range(10)]
    summaries = [json.loads(run.output.splitlines()[-1]) for run in runs]
    measured = f"dlterm {_LEARNING}, seeds 0 to 9"
    yield Row(f"{measured}: whole process", "s", at_most(3), tuple(run.seconds for run in runs))
    accuracies = tuple(summary["test_accuracy"] for summary in summaries)
    yield Row(f"{measured}: test accuracy", "", at_least(0.98), accuracies)


def _until_digits_are_read() -> Iterator[Row]:
    for model, most, least in (("mlp", 4, 0.97), ("cnn", 20, 0.985)):
        command = f"train digits --model {model}"
        run_dlterm(command)
        runs = [run_dlterm(f"{command} --seed {seed}") for seed in range(10)]
        accuracies = tuple(json.loads(run.output.splitlines()[-1])["test_accuracy"] for run in runs)
        measured = f"dlterm {command}, seeds 0 to 9"
        yield Row(f"{measured}: whole process", "s", at_most(most), tuple(run.seconds for run in runs))
        yield Row(f"{measured}: test accuracy", "", at_least(least), accuracies)


def _replanning() -> Row:
    """What a change of architecture, batch and optimiser takes, parameters adopted: as the lab makes it."""
    wanted = Recipe(hidden=(8, 8, 8))
    learner = Learner(wanted.with_(hidden=(8, 8), batch=32, optimizer="sgd"))
    took = turns({"change": lambda: seconds(lambda: learner.changed(wanted)) * 1e3})
    return Row("re-planning to 2-8-8-8-1, batch 10, Adam", "ms", at_most(5), tuple(took["change"]))
