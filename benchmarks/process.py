"""dlterm as its users start it: a process of its own, by the clock, with its peak memory.

Imports nothing large: on Linux a child's peak memory is never reported as less than its parent's was.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MEGABYTE = 2**20 if sys.platform == "darwin" else 2**10  # in what ru_maxrss counts


@dataclass(frozen=True)
class Finished:
    """A process that ended well."""

    seconds: float
    peak_megabytes: float
    output: str


def dlterm(arguments: str) -> list[str]:
    """The command line: the installed command beside this Python, else the module."""
    script = Path(sys.executable).with_name("dlterm")
    return [*([str(script)] if script.exists() else [sys.executable, "-m", "dlterm"]), *arguments.split()]


def environment(**changed: str) -> Mapping[str, str]:
    """This process's variables, changed: this checkout is first on the path, and bytecode is kept as in an install."""
    checkout = str(Path(__file__).parent.parent)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": checkout, **changed}


def at_home(directory: str) -> Mapping[str, str]:
    """The variables of somebody new, whose settings and state are in a directory, at a terminal of all colours."""
    return environment(
        TERM="xterm-256color",
        COLORTERM="truecolor",
        XDG_STATE_HOME=directory,
        XDG_CONFIG_HOME=directory,
        XDG_DATA_HOME=directory,
    )


def run_dlterm(arguments: str, **variables: str) -> Finished:
    """Run a command to its end in an empty directory. Raises RuntimeError where it fails."""
    with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryFile("w+") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            dlterm(arguments),
            stdout=output,
            stderr=subprocess.DEVNULL,
            cwd=directory,
            env=environment(**variables),
        )
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise RuntimeError(f"dlterm {arguments} ended with {process.returncode}")
        output.seek(0)
        return Finished(took, usage.ru_maxrss / MEGABYTE, output.read())
