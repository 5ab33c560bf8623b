"""The record of a session: the lines of its training, in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.training.line import MOST_CHANGES, Keyframe, Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlterm.training.learner import Learner
    from dlterm.training.line import Place

OTHERS = 4  # lines that are kept beside the one that is trained


class Record:
    """Lines and their keyframes, `limit` bytes of them at most; `line` is the one that is trained.

    Where there are too many keyframes, every second of the line that has them closest goes. So a run of any length has
    them at even distances: the longest replay is a share of the run's own time.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.lines: list[Line] = []
        self._bytes = 0  # of keyframes, each once
        self._fixed = 0  # of the rest; counted when a line or a change comes
        self._named = 0

    @property
    def line(self) -> Line:
        """The line that is trained, the last of the list: others are in the order in which they were left."""
        return self.lines[-1]

    @property
    def nbytes(self) -> int:
        """The bytes of all lines."""
        return self._bytes + self._fixed

    def begin(self) -> Line:
        """The first line."""
        self.lines.append(Line(self._name()))
        return self.line

    def fork(self, place: Place, epochs: float) -> Line:
        """A new line from a place of the present one on; the oldest goes where there are too many."""
        line = self.line.fork(self._name(), place, epochs)
        for keyframe in line.keyframes:
            keyframe.lines += 1
        self.lines.append(line)
        while len(self.lines) > OTHERS + 1:
            self._release(self.lines.pop(0).keyframes)
        self.changed()
        return line

    def switch(self, name: str) -> None:
        """Train another line from now on. Raises KeyError."""
        found = {line.name: line for line in self.lines}[name]
        self.lines.remove(found)
        self.lines.append(found)

    def note(self, learner: Learner, at: int, *, due: bool = False) -> None:
        """Keep the moment, which is the newest; if it is not `due` only where the last one is far enough away."""
        line, place = self.line, (at, len(self.line.log))
        last = line.keyframes[-1] if line.keyframes else None
        if last and (last.place == place or (not due and at - last.at < line.spacing)):
            return
        if (
            learner.moment_bytes > self.limit // 4
        ):  # of such a few would fit, and a copy takes as long as a step
            return
        keyframe = Keyframe(*place, learner.save(), lines=1)
        line.keyframes.append(keyframe)
        self._bytes += keyframe.moment.nbytes
        if self.nbytes > self.limit:
            self._thin()

    def take_back(self) -> None:
        """Take the present line's last change back."""
        self._release(self.line.without_last())
        self.changed()

    def changed(self) -> None:
        """Count anew what does not count itself: to be called after a change, and after a new line."""
        self._fixed = sum(line.nbytes for line in self.lines)
        if self.nbytes > self.limit:
            self._thin()

    def shorten(self, learner: Learner, at: int) -> int:
        """Where there are too many changes forget the older half; how many."""
        line = self.line
        before = len(line.log)
        if before <= MOST_CHANGES:
            return 0
        half = [keyframe for keyframe in line.keyframes if keyframe.changes >= before // 2]
        self._release(line.forget(half[0] if half else Keyframe(at, before, learner.save())))
        self.changed()
        return before - len(line.log)

    def _thin(self) -> None:
        """Keyframes go until what is left fits; then whole lines, the oldest first; then all keyframes."""
        while self.nbytes > self.limit:
            dense = [line for line in self.lines if len(line.keyframes) > 2]
            if dense:
                self._release(min(dense, key=lambda line: line.spacing).thinned())
            elif len(self.lines) > 1:
                self._release(self.lines.pop(0).keyframes)
                self._fixed = sum(line.nbytes for line in self.lines)
            else:
                self._release(self.line.keyframes)
                self.line.keyframes = []
                break

    def _release(self, keyframes: Iterable[Keyframe]) -> None:
        for keyframe in keyframes:
            keyframe.lines -= 1
            if keyframe.lines == 0:
                self._bytes -= keyframe.moment.nbytes

    def _name(self) -> str:
        self._named += 1
        return f"run {self._named}"
