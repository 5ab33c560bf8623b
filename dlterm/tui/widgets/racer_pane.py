"""A contestant's pane: its name, what it answers over the plane, how good it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import getters
from textual.content import Content
from textual.message import Message

from dlterm.text import safe
from dlterm.tui.app import DltermApp
from dlterm.tui.themes import ink
from dlterm.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from dlterm.drawing.frame import Frame
    from dlterm.training.race import RaceSnapshot
    from dlterm.training.racers import Standing

_NAME = 60  # characters
_EDGES = {True: 6, False: 4}  # cells of the upper edge beside name and news, with a frame and without one
_GAP = 2  # cells between name and news in the upper edge
MOST_PIXELS = 96  # a side of the field that is computed; the drawing smooths what is larger


class RacerPane(Pane, can_focus=True):
    """Shows one contestant by its place; to go there is to choose it."""

    topic = "boundary"
    app = getters.app(DltermApp)

    class Chosen(Message):
        """This contestant was gone to."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, place: int) -> None:
        super().__init__("")
        self._place = place
        self._heading = Content("")

    @property
    def pixels(self) -> tuple[int, int]:
        """How fine its field should be; nothing where it has no size."""
        if self.raster is None or not self.raster.size:
            return 0, 0
        width, height = self.raster.size
        return min(width, MOST_PIXELS), min(2 * height, MOST_PIXELS)

    def show(self, snapshot: RaceSnapshot, *, test_points: bool, discretised: bool) -> None:
        """Draw the contestant's field, unless that has been done."""
        if self.raster is not None and self.is_new(snapshot, test_points, discretised):
            self.raster.frame = self._drawn_frame(
                snapshot, snapshot.standings[self._place], test_points=test_points, discretised=discretised
            )

    def introduce(self, snapshot: RaceSnapshot, *, chosen: bool, leads: bool) -> None:
        """Say who it is, and how good."""
        from dlterm.drawing import race

        standing, theme = snapshot.standings[self._place], self.picture_theme
        colour = ink(getattr(theme, race.STYLES[self._place]), theme)
        news = self._news_of(standing, snapshot.task, leads=leads)
        heading = Content.assemble(
            ("▸" if chosen else "", "$accent"),
            (race.LETTERS[self._place], f"bold {colour}"),
            f" {self._called(standing.name, beside=chosen + (0 if self.framed else _GAP + news.cell_length))}",
        )
        self.tell(news)
        if not heading.is_same(self._heading):  # equal are those of one text, whatever their colours
            self._heading = heading
            self._write_frame()

    def heading(self) -> Content:
        """Return the contestant's name."""
        return self._heading

    def _news_of(self, standing: Standing, task: str, *, leads: bool) -> Content:
        from dlterm.drawing import race

        mark = f"{race.LEADS} " if self.framed else race.LEADS
        score = race.quality_text(race.quality(standing), task)
        stopped = f" {standing.status}" if standing.status in ("diverged", "failed") else ""
        return Content.assemble(
            (mark if leads else "", "$success"), (score, "$foreground"), (stopped, "$error")
        )

    def _called(self, name: str, *, beside: int) -> str:
        """The name, or where there is no room for it beside what else is told its values alone, as far as they fit."""
        from dlterm.drawing.frame import shortened
        from dlterm.drawing.race import short_name

        room = self.size.width - _EDGES[self.framed] - beside
        name = safe(name, limit=_NAME)
        return name if cell_len(name) <= room else shortened(short_name(name), max(0, room))

    def on_focus(self) -> None:
        """Tell that it was gone to."""
        self.post_message(self.Chosen(self._place))

    def _drawn_frame(
        self,
        snapshot: RaceSnapshot,
        standing: Standing,
        *,
        test_points: bool,
        discretised: bool,
    ) -> Frame:
        from dlterm.drawing import views
        from dlterm.drawing.draw import draw
        from dlterm.drawing.field import answers, field_frame
        from dlterm.drawing.frame import message

        raster, theme = self.raster, self.picture_theme
        assert raster is not None, "what is drawn is open"
        if standing.status == "failed":
            lines = views.Line("it cannot learn these data:", "muted"), views.Line(standing.message)
            return draw(views.Text(lines), *raster.size, theme, raster.depth)
        if standing.field is None:
            said = "drawing …" if standing.status == "trained" else "training …"
            return message(said, *raster.size, theme.muted, theme.background)
        values = snapshot.task == "regression"
        return field_frame(
            answers(standing.field) if discretised and not values else standing.field,
            snapshot.points,
            snapshot.domain,
            *raster.size,
            theme,
            depth=raster.depth,
            target_range=snapshot.target_range if values else None,
            test_points=test_points,
        )
