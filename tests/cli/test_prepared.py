"""A teacher's presets: what is right comes out in its order, what is wrong is told with its line and how to mend it."""

from __future__ import annotations

import pytest

from dlterm.course.prepared import read_prepared
from dlterm.errors import DltermError
from dlterm.tui.preparing import prepared

GOOD = """\
[[preset]]
id = "one"
title = "One"
note = "See."
recipe = "xor?hidden=4"
lesson = "neuron"

[[preset]]
id = "two"
title = "Two"
note = "See more."
recipe = "xor?hidden=8"
"""
WRONG = {
    "not TOML": ("[[preset]]\nid = ", 2, "not TOML"),
    "nothing": ("", 1, "no list of presets"),
    "another list": ("[[experiment]]\nid = 'x'\n", 1, "no list of presets"),
    "a field too few": (
        GOOD.replace('note = "See more."\n', ""),
        8,
        '"two": Object missing required field `note`',
    ),
    "a field too many": (GOOD.replace("note = ", "notes = ", 1), 4, "notes"),
    "an id twice": (GOOD.replace('"two"', '"one"'), 9, "there twice"),
    "a lesson that is not": (GOOD.replace('"neuron"', '"neurons"'), 6, 'no lesson has the id "neurons"'),
    "a recipe that is none": (GOOD.replace("hidden=8", "hiden=8"), 12, "hiden"),
    "a network without a picture": (GOOD.replace("xor?hidden=8", "digits?model=cnn"), 12, "cnn"),
    "a control character": (GOOD.replace("See more", "See \x1b[2J"), 11, "control character"),
}


def test_presets_come_out_in_their_order(tmp_path):
    (tmp_path / "presets.toml").write_text(GOOD)
    for place in (tmp_path, tmp_path / "presets.toml"):
        assert [(preset.id, preset.lesson) for preset in prepared(place)] == [("one", "neuron"), ("two", "")]


@pytest.mark.parametrize(("text", "line", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, line, said):
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(DltermError) as error:
        prepared(file)
    assert error.value.exit_code == 65
    assert f"mine.toml:{line}: " in error.value.message
    assert said in error.value.message
    assert error.value.hint


def test_all_that_is_wrong_is_found_at_once(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(GOOD.replace("note = ", "notes = "))
    assert [problem.line for problem in read_prepared(file)[1]] == [4, 11]


@pytest.mark.parametrize("name", ["gone.toml", "x" * 5000, "\x1b[2J"])
def test_a_file_that_is_not_there_is_66(tmp_path, name):
    with pytest.raises(DltermError) as error:
        prepared(tmp_path / name)
    assert error.value.exit_code == 66
    assert "\x1b" not in error.value.message


def test_the_command_checks_and_lists_them(shell, tmp_path):
    (tmp_path / "mine.toml").write_text(GOOD)
    done = shell("presets", "mine.toml")
    assert done.returncode == 0
    assert "One. See." in done.stdout
    (tmp_path / "mine.toml").write_text(GOOD.replace('"One"', '"One?"'))
    assert "One? See." in shell("presets", "mine.toml").stdout
    (tmp_path / "mine.toml").write_text(GOOD.replace("hidden=4", "hidden=x"))
    done = shell("presets", "mine.toml")
    assert done.returncode == 65
    assert "mine.toml:5: its recipe" in done.stderr
