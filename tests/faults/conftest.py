from __future__ import annotations

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
        code = failures.report(raised.value, arguments)
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
