"""What is said, and the exit code, when a command does not end well: one or two lines, never a traceback."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

import click

from dlterm.cli.catalogue import COMMANDS
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Sequence

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
_LINE = 400


def report(error: BaseException, arguments: Sequence[str] = ()) -> int:
    """Say on stderr what went wrong and return the exit code.

    Whatever is not foreseen is a bug: a crash report is written, and its path is the hint.
    """
    message, hint, code = _explain(error, arguments)
    if isinstance(error, OSError):
        _let_go_of_stdout()
    if message:
        _say(message, hint)
    return int(code)


def _explain(error: BaseException, arguments: Sequence[str]) -> tuple[str, str, int]:
    match error:
        case DltermError():
            return error.message, error.hint, error.exit_code
        case click.UsageError():
            page = error.ctx.command_path if error.ctx else " ".join(["dlterm", *_command(arguments)])
            return error.format_message().rstrip("."), f"see {page} -h", ExitCode.USAGE
        case click.ClickException():
            return error.format_message(), "", ExitCode.NO_INPUT
        case click.Abort() | KeyboardInterrupt():
            return "", "", ExitCode.INTERRUPTED
        case BrokenPipeError():  # the reader has all it wanted, as in `dlterm train xor | head -n 1`
            return "", "", ExitCode.INPUT_OUTPUT
        case MemoryError():
            return "out of memory", "use fewer examples or a smaller network", ExitCode.INPUT_OUTPUT
        case PermissionError() if error.filename:
            return f"{error.filename}: permission denied", "", ExitCode.PERMISSION
        case OSError() if error.errno in _NO_ROOM:
            where = error.filename or "standard output"  # a stream does not name itself
            return f"{where}: {error.strerror}", "make room, then try again", ExitCode.INPUT_OUTPUT
    from dlterm.cli.crash import write_report

    return (
        f"a bug in dlterm: {type(error).__name__}: {error}",
        write_report(error, arguments),
        ExitCode.SOFTWARE,
    )


def _command(arguments: Sequence[str]) -> Sequence[str]:
    """The command's name, if it is one: click does not say it where an option lacks its value."""
    return [name for name in arguments[:1] if name in COMMANDS]


def _say(message: str, hint: str) -> None:
    try:
        click.echo(f"dlterm: error: {safe(message, limit=_LINE)}", err=True)
        if hint:
            click.echo(f"hint: {safe(hint, limit=_LINE)}", err=True)
    except OSError:
        pass  # nobody is left to tell; the exit code still says it


def _let_go_of_stdout() -> None:
    """Drop what could not be written, or Python complains of it once more on the way out."""
    try:
        descriptor = sys.stdout.fileno()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, descriptor)
        os.close(null)
    except (AttributeError, OSError, ValueError):
        pass  # closed, or not a file at all
