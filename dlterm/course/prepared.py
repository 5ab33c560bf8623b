"""Presets that a teacher has prepared: a file like content/presets.toml, checked, with the line of what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.course.content import Preset
from dlterm.course.library import lessons
from dlterm.course.pack import Pack
from dlterm.course.problem import Problem, ProblemError
from dlterm.course.shelf import convert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dlterm.course.pack import Text

NAME = "presets.toml"
_HEADER = "preset"
_SHAPE = 'begin each with [[preset]], then id = "...", title = "...", note = "..." and recipe = "..."'


def read_prepared(
    path: Path, fault_of: Callable[[str], str] = lambda _: ""
) -> tuple[list[Preset], list[Problem]]:
    """The presets of a file, or of the presets.toml of a pack's directory, in their order; and all that is wrong.

    `fault_of` says what is wrong with a recipe's text, "" where nothing is.
    """
    path = path / NAME if path.is_dir() else path
    problems: list[Problem] = []
    found: list[Preset] = []
    try:
        text, values = Pack(path.parent).read_toml(path.name)
    except ProblemError as error:
        return [], [error.problem]
    listed = values.pop(_HEADER, [])
    if values or not isinstance(listed, list) or not listed:
        problems.append(text.problem(1, "no list of presets, or more than that", _SHAPE))
        return [], problems
    for number, value in enumerate(listed):
        line = text.line_of(_HEADER, number)
        preset = convert(value, Preset, text, line, problems)
        if preset is not None:
            problems += _faults(preset, found, text, line, fault_of)
            found.append(preset)
    return found, problems


def _faults(
    preset: Preset, before: list[Preset], text: Text, line: int, fault_of: Callable[[str], str]
) -> Iterator[Problem]:
    def line_of(key: str) -> int:
        return text.line_of_key(line, key)

    if preset.id in {other.id for other in before}:
        yield text.problem(line_of("id"), f'the id "{preset.id}" is there twice', "give each its own")
    if preset.lesson and preset.lesson not in lessons():
        yield text.problem(
            line_of("lesson"), f'no lesson has the id "{preset.lesson}"', "dlterm read lists them"
        )
    if fault := fault_of(preset.recipe):
        yield text.problem(line_of("recipe"), f"its recipe: {fault}", "dlterm help recipes says what one is")
