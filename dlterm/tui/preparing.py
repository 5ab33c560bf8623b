"""A teacher's file of presets, as the lab steps through it: named in a command, or in the settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from dlterm.course.prepared import NAME, read_prepared
from dlterm.errors import DltermError, ExitCode
from dlterm.settings.config_file import config_path
from dlterm.text import safe
from dlterm.training.recipe import Recipe
from dlterm.training.session import check_drawable

if TYPE_CHECKING:
    from dlterm.course.content import Preset
    from dlterm.settings.config import Config


def prepared(path: Path) -> tuple[Preset, ...]:
    """The presets of a file, or of a directory's presets.toml.

    Raises DltermError: none there (66); or bad data (65), the first problem with its line, and how many more there are.
    """
    file = path / NAME if os.path.isdir(path) else path  # noqa: PTH112 - Path.is_dir raises for a name too long
    if not os.path.lexists(file):
        raise DltermError(
            f"{safe(str(file))}: no such file",
            hint="name a file of presets; dlterm help presets says how one is written",
            exit_code=ExitCode.NO_INPUT,
        )
    found, problems = read_prepared(file, _fault)
    if problems:
        first, *others = problems
        place = f"{file}:{first.line}" if first.line else str(file)
        more = f" (and {len(others)} more)" if others else ""
        raise DltermError(f"{safe(place)}: {first.what}{more}", hint=first.mend)
    return tuple(found)


def own_presets(config: Config) -> tuple[tuple[Preset, ...], str]:
    """The presets of the file that the user's settings name, and what to say where they cannot be had."""
    if not config.presets:
        return (), ""
    try:
        return prepared(config_path().parent / Path(config.presets).expanduser()), ""
    except (DltermError, RuntimeError) as error:  # RuntimeError: a ~user that there is not
        return (), f"presets: {error}"


def _fault(recipe: str) -> str:
    """What the lab has against a recipe's text; "" where it takes it."""
    try:
        check_drawable(Recipe.parse(recipe))
    except DltermError as error:
        return error.message
    return ""
