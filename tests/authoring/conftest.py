from __future__ import annotations

import json

import pytest

from dlterm.authoring.review import read_course
from tests.commands import run

HEAD = '+++\nid = "waves"\ntitle = "Waves"\nchapter = "Of one\'s own"\nminutes = 9\n+++\n\n'
SENTENCE = "A wave is a change that travels, and it carries no water with it. "  # 14 words
PARAGRAPH = 5 * SENTENCE + "\n\n"
PROSE = 12 * PARAGRAPH  # 840 words
QUIZ = 'format_version = 1\nlesson = "waves"\n'


@pytest.fixture
def pack(tmp_path):
    """Write a good pack with some files changed or added, None for one that is taken away: its directory."""
    root = tmp_path / "pack"

    def write(**changes):
        files = {"lessons/01-waves.md": HEAD + PROSE, **changes.pop("files", {})}
        assert not changes
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return root

    return write


@pytest.fixture(scope="session")
def course():
    """The course's own pack."""
    return read_course()


@pytest.fixture
def dlterm(capsys):
    """Run a command in this process: exit code, stdout and stderr."""

    return lambda *arguments: (run(*arguments), *capsys.readouterr())


@pytest.fixture
def lines():
    """JSON lines as values."""
    return lambda text: [json.loads(line) for line in text.splitlines()]
