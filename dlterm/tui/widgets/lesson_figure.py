"""A figure in a lesson, with its caption: drawn, or a network that trains."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import getters, work
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from dlterm.course import figures
from dlterm.course.shelf import shelf
from dlterm.tui.app import DltermApp
from dlterm.tui.widgets.lab_figure import LabFigure
from dlterm.tui.widgets.view_pane import ViewPane

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from dlterm.drawing.views import View
    from dlterm.tui.player import MakeSession
    from dlterm.tui.widgets.experiment_figure import ExperimentFigure

_KEYS = {
    "figure": {
        "play": "plays",
        "reset": "again",
        "more": "turns up",
        "less": "down",
        "knob": "what",
        "lab": "to the lab",
    },
    "inline": {"open": "opens it: predict, and turn its knobs"},
}
_GUESS = 12  # rows, before it is known what is to be drawn


class LessonFigure(Vertical):
    """A block of a lesson, as a passage is; `live` is what runs in it, if anything does."""

    app = getters.app(DltermApp)
    DEFAULT_CSS = """
    LessonFigure {
        height: auto; padding: 0 2 1 1; border-left: blank;
        &.-here { border-left: wide $primary; }
        .caption { color: $text-muted; height: auto; }
    }
    """

    def __init__(self, figure: figures.Figure, make_session: MakeSession) -> None:
        super().__init__()
        self.figure = figure
        self.live = _live(figure, make_session)

    def compose(self) -> ComposeResult:
        """The picture, and what is to be seen in it."""
        yield self.live or DrawnFigure(self.figure)
        yield Static(self._caption(), classes="caption", markup=False)

    def _caption(self) -> Content:
        """What is to be seen; of a network that trains, the keys that it answers to."""
        if self.live is None:
            return Content(self.figure.caption)
        place, words = self.live.PLACE, _KEYS[self.live.PLACE]
        keys = [(self.app.keys.first(f"{place}.{name}"), f" {title}  ") for name, title in words.items()]
        told = [part for key, title in keys for part in ((key, "$accent"), title)]
        return Content.assemble(self.figure.caption, "\n", *told)


class DrawnFigure(ViewPane):
    """A figure as tall as what it shows; what that is takes a moment to find out, and is found out on a thread."""

    DEFAULT_CSS = """
    DrawnFigure { background: $surface; }
    DrawnFigure Raster { height: 1fr; background: $surface; }
    """

    def __init__(self, figure: figures.Figure) -> None:
        super().__init__("")
        self._figure = figure
        self.styles.height = _GUESS

    def on_mount(self) -> None:
        """Find out what there is to draw."""
        self._begin()

    @work
    async def _begin(self) -> None:
        view = await asyncio.to_thread(_view, self._figure)
        if view is not None and self.is_attached:
            self.show(view)
            self._be_tall()

    def on_resize(self) -> None:
        """Be as tall as it is at this width."""
        super().on_resize()
        if self.view is not None:
            self._be_tall()

    def _be_tall(self) -> None:
        from dlterm.drawing.show import natural_height

        if self.view is not None and self.size.width:
            self.styles.height = natural_height(self.view, self.size.width)


def _live(figure: figures.Figure, make_session: MakeSession) -> LabFigure | ExperimentFigure | None:
    """What runs in the text, if anything does."""
    if isinstance(figure, figures.Lab):
        return LabFigure(figure, make_session)
    if isinstance(figure, figures.Experiment):
        from dlterm.tui.widgets.experiment_figure import ExperimentFigure

        return ExperimentFigure(figure)
    return None


def _view(figure: figures.Figure) -> View | None:
    import dlterm.drawing.show  # noqa: F401 - its import takes longer than a frame
    from dlterm.drawing.figures import figure_view

    return figure_view(figure, shelf())
