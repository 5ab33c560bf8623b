from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from dlterm.cli import failures
from dlterm.cli.main import main


@pytest.fixture
def refused(tmp_path, monkeypatch, capsys):
    """Train on what must be refused: the exit code and the lines of stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def call(*arguments):
        with pytest.raises(BaseException) as raised:
            main(["train", *arguments])
        code = failures.report(raised.value, ["train", *arguments])
        captured = capsys.readouterr()
        assert captured.out == ""
        return code, captured.err.splitlines()

    return call


@pytest.fixture
def trained(tmp_path, monkeypatch, capsys):
    """Train on what must work: the lines of stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def call(*arguments):
        assert main(["train", *arguments, "--epochs", "1", "--no-save", "--json"]) == 0
        captured = capsys.readouterr()
        return (captured.out + captured.err).splitlines()

    return call


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Call `dlterm train` in this process, in an empty directory: exit code, summary, lines of stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def call(*arguments):
        try:
            code = main(["train", *arguments])
        except Exception as error:
            code = failures.report(error, ["train", *arguments])
        captured = capsys.readouterr()
        lines = captured.out.splitlines()
        return code, json.loads(lines[-1]) if lines else None, captured.err.splitlines()

    return call


@pytest.fixture
def shell(tmp_path):
    """Run a line of bash, in which `dlterm` is this dlterm, in an empty directory; a variable that is None is unset."""

    def call(line, **changed):
        dlterm = f'dlterm() {{ {sys.executable} -m dlterm "$@"; }}; '
        variables = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), **changed}
        return subprocess.run(
            ["bash", "-c", dlterm + line],
            cwd=tmp_path,
            env={name: value for name, value in variables.items() if value is not None},
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=60,
            check=False,
        )

    return call
