"""Commands in the process of the tests."""

from __future__ import annotations

from dlterm.cli import failures
from dlterm.cli.main import main


def run(*arguments):
    """Run a command as the program does, its errors told: the exit code."""
    try:
        return main(arguments)
    except Exception as error:
        return failures.report(error, arguments)
