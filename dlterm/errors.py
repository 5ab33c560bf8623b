"""What can go wrong for a user: one exception, a documented exit code, one or two lines."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command; `dlterm help exit-codes` explains them."""

    DONE = 0
    NO = 1
    USAGE = 2
    DIVERGED = 3
    BAD_DATA = 65
    NO_INPUT = 66
    UNAVAILABLE = 69
    SOFTWARE = 70
    CANNOT_CREATE = 73
    INPUT_OUTPUT = 74
    LOCKED = 75
    PERMISSION = 77
    CONFIGURATION = 78
    HANGUP = 129
    INTERRUPTED = 130
    TERMINATED = 143


class DltermError(Exception):
    """An error written for the reader.

    `message` says what and where (`people.csv:41: "age" is "n/a"; a number was expected`), `hint` what to do
    about it, `exit_code` what the process ends with.
    """

    def __init__(self, message: str, *, hint: str = "", exit_code: ExitCode = ExitCode.BAD_DATA) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
