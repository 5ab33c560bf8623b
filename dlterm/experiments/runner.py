"""An experiment on a thread of its own, for a screen: begun, held, stepped through, tuned, cancelled."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from dlterm.errors import DltermError
from dlterm.experiments.driving import moments

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from dlterm.experiments.driving import Result
    from dlterm.experiments.experiment import Experiment, Moment

Status = Literal["beginning", "compiling", "running", "paused", "finished", "failed"]
_CANCEL_SECONDS = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """How a run stands. Nothing of it is ever written again."""

    number: int  # counts up by one a state: a screen draws the newest and drops the others
    status: Status
    moment: Moment | None = None  # the newest, kept to the end
    message: str = ""  # what is compiled, or what failed
    result: Result | None = None


class Runner:
    """Drives one run of an experiment. Its methods may be called from any thread and return at once."""

    def __init__(
        self, experiment: Experiment, seed: int, publish: Callable[[State], None], *, playing: bool = True
    ) -> None:
        """`publish` is called with every state, on a thread of the runner's; with none that comes after `close`.

        Not `playing`, it waits before its first moment as if paused.
        """
        self.experiment, self.seed = experiment, seed
        self._publish = publish
        self._state = State(0, "beginning")
        self._changed = threading.Condition()
        self._playing, self._steps, self._tuned, self._closed = playing, 0, False, False
        self._thread = threading.Thread(target=self._work, name="dlterm-experiment", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def play(self) -> None:
        """Go on by itself."""
        self._set(playing=True)

    def pause(self) -> None:
        """Stand still after the moment that comes next."""
        self._set(playing=False)

    def step(self) -> None:
        """Go on to the next moment, and pause."""
        self._set(playing=False, steps=1)

    def tune(self, **values: Any) -> None:
        """Turn live knobs: what comes next has them, or what is explored after the end. Raises DltermError (usage)."""
        self.experiment.tune(**values)
        with self._changed:
            self._tuned = True
            self._changed.notify()

    def close(self, timeout: float = _CANCEL_SECONDS) -> None:
        """Cancel, and wait for the thread so long at most.

        A run between two moments cannot be interrupted, but nobody hears of it any more: it ends at the next one.
        """
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    # --- the runner's thread --------------------------------------------------------------------------------------

    def _work(self) -> None:
        from dlterm.engine.native import heard

        run = moments(self.experiment, self.seed)
        try:
            with heard(self._compiling):
                self._see_through(run)
        except DltermError as error:
            hint = f" ({error.hint})" if error.hint else ""
            self._tell(status="failed", message=error.message + hint)
        except Exception as error:  # a bug: tell the screen rather than freeze it
            self._tell(status="failed", message=f"{type(error).__name__}: {error}")
            raise
        finally:
            run.close()

    def _see_through(self, run: Generator[Moment, None, Result]) -> None:
        """Publish the moments, the result, and then whatever the live knobs change."""
        while self._may_go_on():
            try:
                moment = next(run)
            except StopIteration as end:
                self._tell(status="finished", result=end.value)
                self._explore()
                return
            self._tell(status="running", moment=moment, message="")
            self._linger(moment.linger)

    def _explore(self) -> None:
        """Show the views anew whenever a knob turns, as long as the experiment has any."""
        while (shown := self._state.moment) and (views := self.experiment.explore()) is not None:
            self._tell(moment=replace(shown, views=views))
            with self._changed:
                self._changed.wait_for(lambda: self._tuned or self._closed)
                self._tuned = False
                if self._closed:
                    return

    def _may_go_on(self) -> bool:
        """Wait while it is paused; False once it is closed."""
        if not self._wanted():
            self._tell(status="paused")
        with self._changed:
            self._changed.wait_for(self._wanted)
            self._steps = 0
            return not self._closed

    def _wanted(self) -> bool:
        return self._playing or self._steps > 0 or self._closed

    def _linger(self, seconds: float) -> None:
        """Let a moment be seen, unless something is wanted."""
        with self._changed:
            self._changed.wait_for(lambda: self._steps or self._closed or not self._playing, seconds)

    def _set(self, *, playing: bool, steps: int = 0) -> None:
        with self._changed:
            self._playing, self._steps = playing, steps
            self._changed.notify()

    def _compiling(self, done: int, total: int, what: str) -> None:
        message = f"compiling kernel {min(done + 1, total)} of {total} (first time only) {what}"
        self._tell(status="compiling", message=message)

    def _tell(self, **changed: Any) -> None:
        with self._changed:
            if self._closed:
                return
            self._state = state = replace(self._state, number=self._state.number + 1, **changed)
        self._publish(state)  # without the lock: a screen may be waiting for it in `close`
