"""Whatever `dlterm train` is started in: terminals, locales, environments, closed streams, signals, no network."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from functools import partial

import pytest

from dlterm.cli.signals import Stop
from dlterm.training.run_directory import MODEL
from tests.faults.support import COMMAND, start

TRAIN = "dlterm train 'xor?hidden=3&epochs=3'"


def in_a_terminal(*arguments, cwd, size=(80, 24), **variables):
    """Train in a pseudo-terminal: the exit code, and all that was written to it."""
    outside, inside = pty.openpty()
    columns, lines = size
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    before = termios.tcgetattr(inside)
    found = {**os.environ, "XDG_STATE_HOME": str(cwd / "state"), "TERM": "xterm-256color", **variables}
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=cwd,
        env={name: value for name, value in found.items() if value is not None},
        stdin=inside,
        stdout=inside,
        stderr=inside,
    )
    output = b""
    os.set_blocking(outside, False)
    while process.poll() is None:
        output += _read(outside)
        time.sleep(0.01)
    output += _read(outside)
    assert termios.tcgetattr(inside) == before
    os.close(inside)
    os.close(outside)
    return process.returncode, output


def _read(descriptor):
    try:
        return os.read(descriptor, 1 << 20)
    except BlockingIOError:
        return b""


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (2, 1), (1, 50), (500, 1), (1000, 500), (20, 5)], ids=str)
def test_any_terminal_is_large_enough_or_small_enough(tmp_path, size):
    code, output = in_a_terminal("xor?hidden=3&epochs=3", "--out", "r", cwd=tmp_path, size=size)
    assert code == 0, output
    assert b"Traceback" not in output
    assert (tmp_path / "r" / MODEL).exists()


TERMINALS = {
    "unset": {"TERM": None},
    "empty": {"TERM": ""},
    "dumb": {"TERM": "dumb"},
    "vt100": {"TERM": "vt100"},
    "bogus": {"TERM": "\x1b[2J"},
    "no colour": {"NO_COLOR": "1"},
    "columns that are none": {"COLUMNS": "abc", "LINES": "-1"},
    "no columns": {"COLUMNS": "0", "LINES": "0"},
    "negative columns": {"COLUMNS": "-5"},
    "too many columns": {"COLUMNS": "99999"},
}


@pytest.mark.parametrize("variables", TERMINALS.values(), ids=TERMINALS)
def test_any_kind_of_terminal_will_do(tmp_path, variables):
    code, output = in_a_terminal("xor?hidden=3&epochs=3", "--no-save", cwd=tmp_path, **variables)
    assert code == 0, output
    assert b"Traceback" not in output
    if "NO_COLOR" in variables:
        assert b"\x1b[38;" not in output


ENVIRONMENTS = {
    "the C locale": {"LC_ALL": "C"},
    "the POSIX locale": {"LC_ALL": "POSIX", "LANG": "POSIX"},
    "a locale that is not there": {"LC_ALL": "xx_BAD", "LANG": "xx_BAD"},
    "Latin-1": {"PYTHONIOENCODING": "latin-1"},
    "strict ASCII": {"PYTHONIOENCODING": "ascii:strict"},
    "no home": {"HOME": None},
    "a home that is not there": {"HOME": "/nonexistent/home"},
    "a home that is no directory": {"HOME": "/dev/null/home", "XDG_STATE_HOME": "/dev/null/state"},
    "an engine that is not there": {"DLTERM_ENGINE": "abacus"},
    "no bytecode": {"PYTHONDONTWRITEBYTECODE": "1"},
}


@pytest.mark.parametrize("variables", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_any_environment_will_do(shell, tmp_path, variables):
    (tmp_path / "mäuse.csv").write_text("größe,art\n" + "1,wühlmaus\n2,feldmaus\n" * 9, encoding="utf-8")
    result = shell("dlterm train mäuse.csv --epochs 1 --no-save", **variables)
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    assert "\x1b" not in result.stdout + result.stderr


def test_a_name_that_the_locale_cannot_say_is_refused_in_words(shell, tmp_path):
    (tmp_path / "mäuse.csv").touch()
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    result = shell("dlterm train mäuse.csv", **plain)
    assert (result.returncode, len(result.stderr.splitlines())) == (2, 2)
    assert "which is not UTF-8" in result.stderr


@pytest.mark.parametrize("redirection", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", "</dev/null", "2>/dev/full"])
def test_streams_that_are_closed_or_full_cost_nothing_that_was_learned(shell, tmp_path, redirection):
    result = shell(f"{TRAIN} --out r {redirection}")
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    assert (tmp_path / "r" / MODEL).exists()


def test_a_full_standard_output_is_74_once_all_is_saved(shell, tmp_path):
    result = shell(f"{TRAIN} --out r --quiet >/dev/full")
    assert result.returncode == 74
    assert result.stderr.splitlines()[0] == "dlterm: error: standard output: No space left on device"
    assert (tmp_path / "r" / MODEL).exists()


def test_a_reader_who_leaves_is_no_error_to_speak_of(shell, tmp_path):
    result = shell(
        "dlterm train 'xor?hidden=3&epochs=30000' --out r --quiet | head -n 1; exit ${PIPESTATUS[0]}"
    )
    assert result.returncode in (74, 141)
    assert (len(result.stdout.splitlines()), result.stderr) == (1, "")
    assert (tmp_path / "r" / MODEL).exists()


def test_standard_input_that_is_closed_is_no_data(shell):
    result = shell("dlterm train - --no-save <&-")
    assert result.returncode == 66
    assert "standard input is closed" in result.stderr


def test_the_output_of_a_pipe_holds_no_escape_sequence_even_with_colours_forced(shell):
    result = shell(TRAIN + " --out r", FORCE_COLOR="1", CLICOLOR_FORCE="1", TERM="xterm-256color")
    assert result.returncode == 0
    assert "\x1b" not in result.stdout + result.stderr


NETWORK = (
    "import sys; seen = [];"
    "sys.addaudithook(lambda name, _: name.startswith('socket.') and seen.append(name));"
    "from dlterm.cli.main import main; code = main(sys.argv[1:]);"
    "print(seen, file=sys.stderr); sys.exit(bool(seen) or code)"
)


@pytest.mark.parametrize("data", ["xor?hidden=3", "digits?hidden=4"])
def test_no_socket_is_opened(tmp_path, data):
    command = [sys.executable, "-c", NETWORK, "train", data, "--epochs", "1", "--quiet"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_a_second_signal_ends_at_once():
    with Stop() as stop:
        stop.gentle = True
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.requested
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)


def test_a_run_that_is_stopped_and_continued_is_the_run_that_never_was(tmp_path):
    line = "xor?hidden=3&epochs=60000"
    assert start(line, "--out", "whole", cwd=tmp_path).wait() == 0
    process = start(line, "--out", "paused", cwd=tmp_path)
    for _ in range(3):
        time.sleep(0.2)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGSTOP)
            time.sleep(0.05)
            os.kill(process.pid, signal.SIGCONT)
    assert process.wait(timeout=60) == 0
    assert (tmp_path / "paused" / MODEL).read_bytes() == (tmp_path / "whole" / MODEL).read_bytes()


def test_a_hang_up_under_nohup_is_ignored(tmp_path):
    process = subprocess.Popen(
        [*COMMAND, "xor?hidden=3&epochs=60000", "--out", "r", "--quiet"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        preexec_fn=partial(signal.signal, signal.SIGHUP, signal.SIG_IGN),  # noqa: PLW1509 - no threads here
    )
    while not (tmp_path / "r" / "config.toml").exists() and process.poll() is None:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGHUP)
    assert process.wait(timeout=60) == 0
