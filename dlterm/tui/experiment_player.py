"""An experiment's player: its run, the seed, the knobs, and how it stands. It knows no Textual."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from dlterm.errors import DltermError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dlterm.experiments.experiment import Experiment
    from dlterm.experiments.runner import Runner, State

_SEEDS = 2**20
_OVER = {"finished", "failed"}


@dataclass(frozen=True)
class Trial:
    """An experiment that is to be opened: its id, the seed, knobs as text by their names."""

    id: str
    seed: int = 0
    settings: Mapping[str, str] = field(default_factory=dict)


class ExperimentPlayer:
    """Runs one experiment, as often as is asked for, and keeps the newest state.

    Every method but `load` returns at once. `values` is what the knobs are to stand at: those that are not live hold
    from the next run on.
    """

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.seed = trial.seed
        self.newest: State | None = None
        self.playing = False
        self.experiment: Experiment | None = None  # that is run, or is to be
        self.values: dict[str, Any] = {}
        self._runner: Runner | None = None
        self._run = 0  # counts up: what a run before this one still has to say is not heard

    def load(self) -> None:
        """Import the experiment, which takes up to a second: not for a thread that draws. Raises DltermError."""
        import dlterm.experiments.runner  # noqa: F401
        from dlterm.experiments.registry import find

        self.experiment = find(self.trial.id).of(self.trial.settings)
        self.values = dict(self.experiment.values)

    @property
    def status(self) -> str:
        """As the runner tells it, or "loading" before there is one."""
        return self.newest.status if self.newest else "loading" if self._runner is None else "beginning"

    @property
    def is_over(self) -> bool:
        """Whether the run has ended."""
        return self.status in _OVER

    @property
    def changed(self) -> Mapping[str, Any]:
        """What `values` differ in from the knobs' defaults, as text."""
        return type(self.experiment)(**self.values).changed if self.experiment else {}

    @property
    def pending(self) -> set[str]:
        """The knobs that the run does not have as they are to stand."""
        if self.experiment is None:
            return set()
        knobs, run = self.experiment.knobs, self.experiment.values
        return {name for name, knob in knobs.items() if knob.said(self.values[name]) != knob.said(run[name])}

    def prepare(self) -> None:
        """Begin a run and hold it at its first moment, so that nobody waits for what is compiled once he plays it."""
        from dlterm.experiments.runner import Runner

        if self.experiment is None:
            return
        self.close()
        self._run += 1
        self.newest, self.playing = None, False
        self.experiment = type(self.experiment)(**self.values)
        self._runner = Runner(self.experiment, self.seed, partial(self._take, self._run), playing=False)
        self._runner.start()
        self._runner.step()

    def play(self) -> None:
        """Go on by itself; with knobs that the run does not have yet, from its beginning."""
        if self._runner is None or self.pending:
            self.prepare()
        self.playing = True
        if self._runner is not None:
            self._runner.play()

    def again(self) -> None:
        """Begin anew, and play."""
        self.prepare()
        self.play()

    def reseed(self) -> None:
        """Begin anew on the next seed, and play."""
        self.seed = (self.seed + 1) % _SEEDS
        self.again()

    def toggle(self) -> None:
        """Play, or pause; what has ended begins anew."""
        if self.is_over:
            self.again()
        elif self.playing:
            self.rest()
        else:
            self.play()

    def rest(self) -> None:
        """Pause."""
        self.playing = False
        if self._runner is not None:
            self._runner.pause()

    def step(self) -> None:
        """On to the next moment, and pause."""
        self.playing = False
        if self._runner is not None and not self.is_over:
            self._runner.step()

    def turn(self, name: str, value: Any) -> None:
        """Have a knob stand at a value: at once where it is live, else from the next run on."""
        if self.experiment is None:
            return
        knob = self.experiment.knobs[name]
        self.values[name] = knob.check(value)
        if knob.live and self._runner is not None:
            with contextlib.suppress(DltermError):
                self._runner.tune(**{name: value})

    def close(self) -> None:
        """End the run; it is heard of no more, and ends at its next moment."""
        self._run += 1
        if self._runner is not None:
            self._runner.close(timeout=0)
            self._runner = None

    # --- on the runner's thread ---------------------------------------------------------------------------------------

    def _take(self, run: int, state: State) -> None:
        if run != self._run:
            return
        has_ended = state.result is not None and (self.newest is None or self.newest.result is None)
        self.newest = state
        if has_ended and state.result is not None:
            from dlterm.experiments.results import Store

            Store.open().keep(state.result)
