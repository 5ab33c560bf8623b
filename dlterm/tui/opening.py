"""What the app begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.course.content import Preset
    from dlterm.quiz.opening import Wish
    from dlterm.training.recipe import Recipe
    from dlterm.tui.app import DltermApp


@dataclass(frozen=True)
class Opening:
    """A mode, one of `MODES` ("": the user's choice), and what is to be seen there.

    `recipe` is what the lab opens on (None: what it was left with), `presets` are a teacher's own, with the first of
    which the lab begins; a `wish` is what the quiz begins to ask. `then` is done as soon as the mode stands, such as
    watching a run.
    """

    mode: str = ""
    recipe: Recipe | None = None
    presets: tuple[Preset, ...] = ()
    wish: Wish | None = None
    then: Callable[[DltermApp], object] | None = None
