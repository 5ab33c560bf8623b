"""Opening the app on one of its modes."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from dlterm.errors import DltermError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.course.content import Preset
    from dlterm.training.recipe import Recipe
    from dlterm.training.run_info import RunInfo


def open_app(
    mode: str,
    recipe: Recipe | None = None,
    *,
    race: Sequence[str] | None = None,
    run: RunInfo | None = None,
    presets: tuple[Preset, ...] = (),
) -> int:
    """Run the app, beginning with a mode ("": the user's choice), with a race, or watching a run; its exit code.

    Presets of one's own take the place of dlterm's.

    Without a recipe, the lab takes up that of the last session. Raises DltermError (usage) without a terminal.
    """
    require_terminal()
    from dlterm.tui.app import run_app

    return int(run_app(recipe, start=mode, race=race, run=run, presets=presets))


def is_terminal() -> bool:
    """Whether a full-screen app can draw, and be left."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return (
        all(stream is not None and stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"
    )


def require_terminal() -> None:
    """Raise DltermError (usage) where a full-screen app could neither draw nor be left."""
    if is_terminal():
        return
    raise DltermError(
        "dlterm's screens need a terminal for input and output",
        hint="to train without one: dlterm train spirals; all commands: dlterm -h",
        exit_code=ExitCode.USAGE,
    )
