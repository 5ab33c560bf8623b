import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dlterm import __version__
from dlterm.cli.catalogue import COMMANDS
from dlterm.cli.main import commands
from dlterm.errors import DltermError, ExitCode

HEAVY = ("numpy", "numba", "llvmlite", "textual", "rich", "plotext", "msgspec", "safetensors")


def imported_by(*arguments):
    """The heavy packages and the command modules that a command has imported when it ends."""
    program = (
        "import sys; from dlterm.cli.main import main; main(sys.argv[1:]);"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    modules = set(result.stderr.split())
    return {name for name in modules if name in HEAVY or name.removeprefix("dlterm.cli.") in COMMANDS}


def test_the_version_needs_no_library(shell):
    assert imported_by("--version") == set()
    assert shell("--version").stdout == f"dlterm {__version__}\n"


def test_help_imports_no_command():
    assert imported_by("-h") == set()


def test_the_help_of_train_needs_no_numbers():
    assert not imported_by("train", "-h") & {"numpy", "numba", "textual", "rich"}


def test_help_lists_only_commands_that_are_there():
    for name in COMMANDS:
        assert importlib.import_module(f"dlterm.cli.{name}").command.callback


@pytest.mark.parametrize("name", ["", *COMMANDS])
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_at_every_level_has_an_example(dlterm, name, option):
    code, stdout, _ = dlterm(*name.split(), option)
    assert code == 0
    assert "Examples:" in stdout
    assert f"  dlterm {name}".rstrip() in stdout


@pytest.mark.parametrize(
    "arguments", [["trian"], ["train"], ["train", "xor", "--nothing"], ["help", "nothing"]]
)
def test_wrong_usage_is_two_lines_and_code_2(dlterm, arguments):
    code, stdout, stderr = dlterm(*arguments)
    assert (code, stdout) == (2, "")
    error, hint = stderr.splitlines()
    assert error.startswith("dlterm: error: ")
    assert hint.startswith("hint: see dlterm")


@pytest.mark.parametrize("arguments", [[], ["lab"], ["lab", "xor"]])
def test_without_a_terminal_the_lab_names_train_and_ends_with_2(shell, arguments):
    result = shell(*arguments, stdin=subprocess.DEVNULL)
    assert (result.returncode, result.stdout) == (2, "")
    assert "dlterm train" in result.stderr
    assert len(result.stderr.splitlines()) == 2


def failing(error):
    def fail():
        raise error

    return fail


@pytest.fixture
def failure(monkeypatch, capsys, tmp_path):
    """Run the console script with a command that raises: the exit code and the lines on stderr."""
    from dlterm.cli import presets
    from dlterm.cli.main import run

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(sys, "argv", ["dlterm", "presets"])

    def call(error):
        monkeypatch.setattr(presets, "presets", failing(error))
        with pytest.raises(SystemExit) as ended:
            run()
        return ended.value.code, capsys.readouterr().err.splitlines()

    return call


def test_an_error_is_its_message_and_its_hint(failure):
    error = DltermError("people.csv:41: no number", hint="add one", exit_code=ExitCode.BAD_DATA)
    assert failure(error) == (65, ["dlterm: error: people.csv:41: no number", "hint: add one"])


def test_an_error_cannot_command_the_terminal(failure):
    _, lines = failure(DltermError("a\x1b]0;title\x07\nb"))
    assert lines == ["dlterm: error: a\ufffd]0;title\ufffd\ufffdb"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 130),
        (BrokenPipeError(32, "Broken pipe"), 74),
        (MemoryError(), 74),
        (OSError(28, "No space left on device", "metrics.jsonl"), 74),
        (PermissionError(13, "Permission denied", "runs"), 77),
    ],
)
def test_what_the_world_does_is_no_bug(failure, error, code):
    ended, lines = failure(error)
    assert ended == code
    assert not any("bug" in line for line in lines)


def test_a_bug_leaves_a_report_without_values_and_names_it(failure, tmp_path):
    secret = "the value of a variable"
    code, (error, hint) = failure(ZeroDivisionError("division by zero"))
    (report,) = (tmp_path / "state").rglob("crash-*.txt")
    assert code == 70
    assert error == "dlterm: error: a bug in dlterm: ZeroDivisionError: division by zero"
    assert str(report) in hint
    assert "Traceback" in report.read_text()
    assert secret not in report.read_text()


def test_a_bug_is_reported_where_the_log_directory_cannot_be_written(failure, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null/x")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    _, (_, hint) = failure(ZeroDivisionError())
    assert str(tmp_path / "crash-") in hint


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_under_stdout_ends_with_74():
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "dlterm", "presets"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert result.returncode == 74
    assert b"Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_a_reader_who_leaves_is_no_error():
    pipeline = f"{sys.executable} -m dlterm presets --json | true; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", pipeline], capture_output=True, text=True, check=True)
    assert result.stdout.strip() in {"0", "74"}
    assert result.stderr == ""


@pytest.mark.parametrize("command", ["presets", "tables chips", "config", "config theme light"])
@pytest.mark.parametrize("closed", [">&-", "<&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_error(command, closed, tmp_path):
    line = f"{sys.executable} -m dlterm {command} {closed}"
    environment = {**os.environ, "DLTERM_CONFIG": str(tmp_path / "config.toml")}
    result = subprocess.run(["bash", "-c", line], capture_output=True, env=environment, check=False)
    assert result.returncode == 0
    assert b"error" not in result.stderr
    assert (
        not (tmp_path / "config.toml").exists()
        or (tmp_path / "config.toml").read_text() == 'theme = "light"\n'
    )


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}])
def test_a_plain_locale_does_no_harm(shell, locale):
    assert shell("help", "data", env=locale).returncode == 0
    assert shell("train", "mäuse.csv", env=locale).returncode == 66


def test_the_commands_are_in_the_order_of_the_catalogue():
    assert commands.list_commands(commands.make_context("dlterm", [], resilient_parsing=True)) == list(
        COMMANDS
    )
