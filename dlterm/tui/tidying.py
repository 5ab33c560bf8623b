"""When garbage is collected: while nobody waits for the answer to a key, as a collection takes up to 50 ms."""

from __future__ import annotations

import gc
from time import monotonic

_LEFT_LYING = 100_000  # objects that may come together before they are collected, whoever waits
_QUIET = 0.7  # seconds without a key
_ALL = 30  # collections of what is young between two of everything
EVERY = 1.0  # seconds


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
        """Collect what is young, or everything, unless somebody waits; to be called every so often."""
        if gc.isenabled() and monotonic() >= self._busy_until:
            gc.collect(2 if gc.get_count()[2] >= _ALL else 1)
