"""A program whose terminal is at the other end of a slow line, such as ssh over a phone."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from benchmarks.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PACKET = 1024  # bytes that arrive together


class SlowTerminal(Terminal):
    """Takes what the program writes at once, as ssh does; brings it to the screen later, and no faster than the line.

    `most_in_flight` is the most bytes that were on their way to the screen at any time.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        columns: int = 120,
        rows: int = 40,
        directory: str = ".",
        bytes_per_second: float = 200_000,
        round_trip: float = 0.3,
    ) -> None:
        self.most_in_flight = self._in_flight = 0
        self._rate, self._half = bytes_per_second, round_trip / 2
        self._free = 0.0  # when the line has carried all that it was given
        self._to_screen: deque[tuple[float, bytes]] = deque()
        self._to_program: deque[tuple[float, bytes]] = deque()
        super().__init__(command, environment, columns=columns, rows=rows, directory=directory)

    def _read(self, timeout: float) -> bool:
        self._deliver()
        due = [queue[0][0] for queue in (self._to_screen, self._to_program) if queue]
        alive = super()._read(max(0.0, min([timeout, *(when - self.now for when in due)])))
        self._deliver()
        return alive

    def _take(self, data: bytes) -> None:
        for begin in range(0, len(data), _PACKET):
            packet = data[begin : begin + _PACKET]
            self._free = max(self._free, self.now) + len(packet) / self._rate
            self._to_screen.append((self._free + self._half, packet))
        self._in_flight += len(data)
        self.most_in_flight = max(self.most_in_flight, self._in_flight)

    def _send(self, data: bytes) -> None:
        self._to_program.append((self.now + self._half, data))

    def _deliver(self) -> None:
        while self._to_screen and self._to_screen[0][0] <= self.now:
            _, data = self._to_screen.popleft()
            self._in_flight -= len(data)
            super()._take(data)
        while self._to_program and self._to_program[0][0] <= self.now:
            super()._send(self._to_program.popleft()[1])
