"""What `dlterm doctor` looks at: each check by itself, so that one that fails hides none of the others."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dlterm import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

Status = Literal["ok", "warn", "fail"]

_OLDEST_PYTHON = (3, 11)
_SMALLEST = (60, 20)  # columns and lines that the app is laid out for
_LITTLE, _TOO_LITTLE = 500, 20  # MB free: all compiled kernels and some runs; not even the kernels


@dataclass(frozen=True)
class Finding:
    """What a check found, and what to do about it."""

    status: Status
    found: str
    advice: str = ""


def examined(check: Callable[[], Finding]) -> Finding:
    """What the check finds; that it cannot even be made is a finding, too."""
    try:
        return check()
    except OSError as error:
        return Finding("fail", str(error), "check the disk, and that you may read and write there")
    except Exception as error:  # whatever is broken here is what the doctor is asked about
        return Finding("fail", f"{type(error).__name__}: {error}", "install dlterm again")


def python() -> Finding:
    """Python, and the system it runs on."""
    found = f"{platform.python_version()}, {platform.system()} {platform.release()}, {platform.machine()}"
    if sys.version_info < _OLDEST_PYTHON:
        return Finding("fail", found, "dlterm needs Python 3.11 or newer")
    return Finding("ok", found)


def packages() -> Finding:
    """The versions of dlterm and of what it needs."""
    from importlib.metadata import PackageNotFoundError, requires, version

    try:
        needed = [line for line in requires("dlterm") or () if "extra ==" not in line]
    except PackageNotFoundError:
        return Finding(
            "warn", f"dlterm {__version__} runs without being installed", "python3 -m pip install ."
        )
    found, wrong = [f"dlterm {__version__}"], []
    for line in needed:
        match = re.match(r"(?P<name>[\w.\-]+)\s*(>=\s*(?P<least>[\d.]+))?", line)
        assert match is not None, line
        try:
            there = version(match["name"])
        except PackageNotFoundError:
            wrong.append(f"{match['name']} is missing")
            continue
        found.append(f"{match['name']} {there}")
        if match["least"] and _numbers(there) < _numbers(match["least"]):
            wrong.append(f"{match['name']} {there} is older than {match['least']}")
    if wrong:
        return Finding("fail", ", ".join(wrong), "install dlterm again")
    return Finding("ok", ", ".join(found))


def terminal() -> Finding:
    """What kind of terminal, and how large."""
    name = os.environ.get("TERM", "")
    around = [word for word, sign in (("tmux", "TMUX"), ("SSH", "SSH_CONNECTION")) if os.environ.get(sign)]
    found = ", ".join([f"TERM={name}", *around])
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        return Finding("warn", f"{found}, input or output is no terminal", "the lab needs one for both")
    if name in ("", "dumb"):
        return Finding("warn", found, "set TERM to the terminal's name, such as xterm-256color")
    size = os.get_terminal_size(sys.stdout.fileno())
    found = f"{found}, {size.columns}x{size.lines}"
    if size.columns < _SMALLEST[0] or size.lines < _SMALLEST[1]:
        return Finding("warn", found, f"make it {_SMALLEST[0]}x{_SMALLEST[1]} or larger, or its type smaller")
    return Finding("ok", found)


def colours() -> Finding:
    """How many colours dlterm will use, and who says so."""
    from rich.console import Console

    from dlterm.drawing.depth import wished_depth
    from dlterm.settings.config_file import ConfigFile

    console = Console(force_terminal=True)
    wish = ConfigFile.read().config.colours
    depth = wished_depth(wish, console)
    if console.no_color:
        return Finding("ok", "none, as NO_COLOR asks")
    if wish != "auto":
        return Finding("ok", f"{depth}, as the setting colours asks")
    found = (
        f"{depth}, as TERM={os.environ.get('TERM', '')} and COLORTERM={os.environ.get('COLORTERM', '')} say"
    )
    if depth == "truecolor":
        return Finding("ok", found)
    return Finding("warn", found, "where the terminal shows more: dlterm config colours true")


def text() -> Finding:
    """Whether what is written arrives as UTF-8."""
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    said = next((f"{name}={os.environ[name]}" for name in names if os.environ.get(name)), "no LANG")
    encoding = getattr(sys.stdout, "encoding", None) or "none"
    if encoding.lower().replace("-", "") != "utf8":
        return Finding("warn", f"{encoding}, {said}", "set LANG to a UTF-8 locale, such as C.UTF-8")
    return Finding("ok", f"{encoding}, {said}")


def kernels() -> Finding:
    """The cache of compiled kernels."""
    from rich.filesize import decimal

    from dlterm.engine import native
    from dlterm.engine.objects import ObjectStore

    store = ObjectStore.open(native.processor())
    if store.directory is None or store.notice:
        return Finding("warn", store.notice, "make it writable, or name another with DLTERM_CACHE_DIR")
    sizes = [file.stat().st_size for file in store.directory.glob("*.o")]
    return Finding("ok", f"{store.directory}: {len(sizes)} compiled kernels, {decimal(sum(sizes))}")


def compiler() -> Finding:
    """Whether a kernel can be compiled anew, and is taken by the engine's loader."""
    from dlterm.engine import native
    from dlterm.engine.objects import ObjectStore
    from dlterm.engine.ops import negative

    kernel = negative.kernel
    assert kernel is not None
    begun = time.perf_counter()
    try:
        native.compile_into(ObjectStore(None), kernel)
        native.load([kernel])
    except native.KernelError as error:
        return Finding(
            "fail", str(error), "training runs in NumPy, some hundred times slower; install dlterm again"
        )
    found = f"a kernel compiled in {time.perf_counter() - begun:.1f} s"
    if os.environ.get("DLTERM_ENGINE") == "reference":
        return Finding("warn", f"{found}, but DLTERM_ENGINE=reference", "unset it to train at full speed")
    return Finding("ok", found)


def config() -> Finding:
    """The file of settings."""
    from dlterm.settings.config_file import ConfigFile

    file = ConfigFile.read()
    if file.faults:
        more = f" (and {len(file.faults) - 1} more)" if len(file.faults) > 1 else ""
        return Finding("fail", file.faults[0].what + more, file.faults[0].mend)
    return Finding("ok", f"{file.path}" + ("" if file.path.exists() else ", not there: all defaults"))


def presets() -> Finding:
    """The file of presets that the settings name."""
    from dlterm.settings.config_file import ConfigFile
    from dlterm.tui.preparing import own_presets

    config = ConfigFile.read().config
    if not config.presets:
        return Finding("ok", "dlterm's own: the settings name no file")
    found, wrong = own_presets(config)
    if wrong:
        return Finding(
            "fail",
            wrong.removeprefix("presets: "),
            "mend it, or have dlterm's own again: dlterm config --reset presets",
        )
    return Finding("ok", f"{len(found)} in {config.presets}")


def state() -> Finding:
    """The file of what the app remembers."""
    from dlterm.settings.state import fault, state_path

    path = state_path()
    if wrong := fault(path):
        return Finding(
            "warn", wrong, "a damaged file is set aside when the app opens, a newer one left as it is"
        )
    return _directory(path.parent, f"{path}" + ("" if path.exists() else ", not there yet"))


def progress() -> Finding:
    """The file of answers: a look that changes nothing."""
    import contextlib

    from dlterm.errors import DltermError
    from dlterm.quiz.backups import backups
    from dlterm.quiz.database import DamagedError, connect_to_read, examine, store_path

    path = store_path()
    if not path.exists():
        return _directory(path.parent, f"{path}, not there yet")
    try:
        with contextlib.closing(examine(path, connect_to_read)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM answers").fetchone()
    except DamagedError as error:
        return Finding("warn", str(error), "dlterm quiz sets it aside, and restores what it can")
    except DltermError as error:
        return Finding("fail", error.message, error.hint)
    kept = backups(path)
    latest = f", backup of {kept[0].time:%Y-%m-%d}" if kept else ""
    return _directory(path.parent, f"{path}: {count:,} answers{latest}")


def notes() -> Finding:
    """The file of the user's bookmarks and notes."""
    from dlterm.settings.notes import fault, notes_path

    path = notes_path()
    if wrong := fault(path):
        return Finding(
            "warn", wrong, "a damaged file is set aside at the next use, a newer one left as it is"
        )
    return _directory(path.parent, f"{path}" + ("" if path.exists() else ", not there yet"))


def log() -> Finding:
    """Where crash reports go."""
    from dlterm.cli.crash import log_directory

    directory = log_directory()
    reports = len(list(directory.glob("crash-*.txt")))
    return _directory(directory, f"{directory}: {reports or 'no'} crash report{'s' * (reports != 1)}")


def runs() -> Finding:
    """The runs below the current directory."""
    from dlterm.training.run_info import find_runs

    found = find_runs(Path("runs"))
    damaged = [run.path.name for run in found if run.problem]
    if damaged:
        return Finding("warn", f"unreadable: {', '.join(damaged[:3])}", f"dlterm runs {damaged[0]} says why")
    return _directory(Path("runs"), f"{len(found) or 'no'} run{'s' * (len(found) != 1)} in ./runs")


def content() -> Finding:
    """The course's own texts."""
    from dlterm.course.check import check
    from dlterm.course.content import root

    problems = check(Path(str(root())))
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return Finding("fail", f"{problems[0]}{more}", "install dlterm again; dlterm content check lists all")
    return Finding("ok", "lessons, questions, glossary and tables are sound")


def disk() -> Finding:
    """The room on the disks that are written to."""
    from dlterm.cli.crash import log_directory
    from dlterm.settings.state import state_path

    places = (Path.cwd(), state_path(), log_directory(), Path(tempfile.gettempdir()))
    free = min(shutil.disk_usage(_nearest(place)).free for place in places) / 1e6
    found = f"{free:,.0f} MB free"
    if free < _LITTLE:
        return Finding("fail" if free < _TOO_LITTLE else "warn", found, "make room, or runs cannot be saved")
    return Finding("ok", found)


CHECKS: dict[str, Callable[[], Finding]] = {
    check.__name__: check
    for check in (
        python, packages, terminal, colours, text, kernels, compiler, config, presets, state, progress, notes, log,
        runs, content, disk
    )
}  # fmt: skip


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def _nearest(path: Path) -> Path:
    """The path itself, or the nearest directory above it that is there."""
    return next(place for place in (path.absolute(), *path.absolute().parents) if place.exists())


def _directory(path: Path, found: str) -> Finding:
    """A finding about a directory that should be writable, or one that can be made."""
    place = _nearest(path)
    try:
        with tempfile.TemporaryFile(dir=place):
            return Finding("ok", found)
    except OSError as error:
        return Finding("warn", f"{place}: {error.strerror}", "nothing can be kept there; make it writable")
