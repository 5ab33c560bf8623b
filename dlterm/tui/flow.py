"""How much may be on its way to the terminal: as much as it takes in a twentieth of a second.

A terminal behind a slow line (ssh, a serial port) looks idle from here: kernel and ssh take what is written and keep
it. So the terminal is asked where its cursor is after every piece; when it answers, it has shown all that came before.
"""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

QUESTION: Final = (
    "\x1b[6n"  # DSR 6, whose answer every terminal since the VT100 knows and no parser takes for a key
)
LEAST: Final = 16 * 1024  # bytes on their way, at least
_MOST = 1024 * 1024
_SOON, _LATE = (
    0.05,
    0.1,
)  # seconds: an answer sooner than this widens the window, one later than that narrows it
_MUTE_SECONDS = 1.0  # a terminal that has not answered by then does not answer
_LOST_SECONDS = (0.5, 3.0)  # an answer that has not come by then is lost, or the line stands still
_LOST_TIMES = 3  # as long as the last one took, between these


class Flow:
    """The bytes on their way, the questions among them, and the window that both must fit in.

    The window doubles with every answer that comes soon while the window is in use, and halves with every late one.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._sent = self._shown = 0
        # what had been sent before each, when it was asked, and whether no other was under way then
        self._questions: deque[tuple[int, float, bool]] = deque()
        self._window = LEAST
        self._took = 0.0  # seconds that the last answer took
        self._has_answered = self._is_mute = self._has_lost = False

    @property
    def in_flight(self) -> int:
        """Bytes that were sent and of which the terminal has not said that it has them; 0 where it never says."""
        self._give_up()
        return 0 if self._is_mute else self._sent - self._shown

    @property
    def room(self) -> int:
        """Bytes that may be sent now; less than 1 where none may."""
        in_flight = self.in_flight
        return _MOST if self._is_mute else self._window - in_flight

    @property
    def is_mute(self) -> bool:
        """Whether the terminal has never answered, long after it was asked."""
        self._give_up()
        return self._is_mute

    @property
    def is_slow(self) -> bool:
        """Whether the last answer was long in coming."""
        return self._took > _SOON

    def seconds_for(self, count: int) -> float:
        """The time to wait after so many bytes on a slow line: a burst would delay the next key."""
        return self._took * count / self._window if self.is_slow else 0.0

    def sent(self, count: int) -> None:
        """Note that so many bytes were sent."""
        self._sent += count

    def ask(self) -> bool:
        """Whether to send the question now; then it is noted. Not where nothing is new, or nobody answers.

        A terminal may answer two that it reads together only once, so a fast line has one question at a time, and so
        has a terminal of which an answer was lost. On a slow line, where pieces are sent at a distance, waiting for
        each answer would leave the line empty.
        """
        self._give_up()
        asked = self._questions[-1][0] if self._questions else self._shown
        can_wait = self.is_slow and not self._has_lost
        if self._is_mute or asked == self._sent or (self._questions and not can_wait):
            return False
        self._questions.append((self._sent, self._clock(), not self._questions))
        return True

    def answered(self) -> None:
        """Note an answer; answers come in the order of the questions."""
        self._is_mute, self._has_answered = False, True
        if self._questions:
            sent, asked, _ = self._questions.popleft()
            took = self._clock() - asked
        else:  # it was given up
            sent, took = self._sent, _LATE  # neither soon nor late
        in_flight, self._took = self._sent - self._shown, took
        self._shown = max(self._shown, sent)
        if self._took > _LATE:
            self._window = max(self._window // 2, LEAST)
        elif self._took < _SOON and 2 * in_flight > self._window:
            self._window = min(self._window * 2, _MOST)

    def forget(self) -> None:
        """Begin again with a terminal that may be another one."""
        self._questions.clear()
        self._shown, self._window, self._took = self._sent, LEAST, 0.0
        self._has_answered = self._is_mute = self._has_lost = False

    def _give_up(self) -> None:
        """Stop waiting for what is overdue, so that a lost answer never holds the pictures for ever."""
        if not self._questions:
            return
        _, asked, was_alone = self._questions[0]
        waited = self._clock() - asked
        least, most = _LOST_SECONDS
        lost = min(max(_LOST_TIMES * self._took, least), most) if self._has_answered else _MUTE_SECONDS
        if waited > lost:
            self._has_lost = self._has_lost or not was_alone
            self._questions.clear()
            self._shown, self._is_mute = self._sent, not self._has_answered
