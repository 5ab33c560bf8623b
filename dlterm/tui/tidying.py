"""When garbage is collected: while nobody waits for the answer to a key, as a collection takes up to 50 ms."""

from __future__ import annotations

import gc
from time import monotonic

_LEFT_LYING = 100_000  # objects that may come together before they are collected, whoever waits
_FEW = 10_000  # objects that are collected in 5 ms, between two keys
_QUIET = 0.7  # seconds without a key
_ALL = 150  # collections of what is young between two of everything
EVERY = 0.2  # seconds


class Tidying:
    """Python's own collector comes when enough is made, which is when a page is opened: it held up keys for 100 ms.

    Only for an app that has the process, and its collector, for itself.
    """

    def __init__(self) -> None:
        self._busy_until = 0.0

    def settle(self) -> None:
        """Never look at what is there by now again."""
        gc.freeze()
        gc.set_threshold(_LEFT_LYING)
        gc.enable()

    def note_key(self) -> None:
        """Somebody waits for an answer."""
        self._busy_until = monotonic() + _QUIET

    def tidy(self) -> None:
        """Collect what is young, or now and then everything; to be called every so often.

        While somebody waits, what has come since the last time, if that is little: of a page that was just opened it
        is not, and where a key is held down for seconds it would be, once enough of it lay there.
        """
        if not gc.isenabled():
            return
        young, _, collections = gc.get_count()
        if monotonic() >= self._busy_until:
            gc.collect(2 if collections >= _ALL else 1)
        elif young <= _FEW:
            gc.collect(0)
