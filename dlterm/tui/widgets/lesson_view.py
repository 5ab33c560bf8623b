"""A lesson to be read: text, figures that are drawn, and figures that train."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it.common.normalize_url import normalizeLink, normalizeLinkText
from textual import getters
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Markdown, Static

from dlterm.course import figures
from dlterm.course.library import CITED, cited
from dlterm.course.shelf import shelf
from dlterm.tui.app import DltermApp
from dlterm.tui.widgets.lab_figure import LabFigure
from dlterm.tui.widgets.view_pane import ViewPane

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.widget import Widget

    from dlterm.course.lesson import Lesson, Part
    from dlterm.tui.player import MakeSession

# Textual parses each part on a thread of its own, and markdown-it's tables of characters are read by one thread while
# another still fills them: that ended the app in one of six visits to the course. So they are filled here.
normalizeLink("link")
normalizeLinkText("link")

_FIRST = 4  # parts that are there at once; the others follow after the first paint


class _Drawn(ViewPane):
    """A figure as tall as what it shows."""

    def __init__(self, figure: figures.Figure) -> None:
        super().__init__("")
        self._figure = figure

    def begin(self) -> None:
        """Find out how tall it is, and draw it."""
        from dlterm.drawing.figures import figure_view

        view = figure_view(self._figure, shelf())
        if view is not None:
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


class LessonView(VerticalScroll, can_focus=True):
    """Shows a lesson; figures begin when they are scrolled to."""

    PLACE = "course"
    DEFAULT_CSS = """
    LessonView {
        width: 1fr; height: 1fr; padding: 0 1 0 2; background: $surface;
        scrollbar-size-vertical: 1; scrollbar-color: $border; scrollbar-background: $surface;
        Markdown { max-width: 92; padding: 0; margin: 0; background: $surface; }
        .title { text-style: bold; color: $accent; padding: 0 0 0 2; }
        .question { text-style: italic; padding: 0 0 1 2; max-width: 92; }
        .caption { color: $text-muted; padding: 0 2 1 2; max-width: 92; }
        _Drawn { max-width: 92; margin: 0 2 0 2; background: $surface; }
        _Drawn Raster { height: 1fr; background: $surface; }
    }
    """

    app = getters.app(DltermApp)

    def __init__(self, make_session: MakeSession) -> None:
        super().__init__()
        self._make_session = make_session
        self.lesson: Lesson | None = None
        self._rest: list[Widget] = []

    async def show(self, lesson: Lesson, line: int = 0) -> None:
        """Show a lesson, from a row on; the first parts at once."""
        widgets = list(self._widgets(lesson))
        self.lesson, self._rest = lesson, widgets[2 * _FIRST :]
        await self.remove_children()
        await self.mount_all(widgets[: 2 * _FIRST])
        self.scroll_to(y=0, animate=False)
        self.call_after_refresh(self._mount_rest, self._rest, line)

    async def _mount_rest(self, widgets: list[Widget], line: int) -> None:
        for start in range(0, len(widgets), _FIRST):
            if self._rest is not widgets:  # another lesson is shown by now
                return
            await self.mount_all(widgets[start : start + _FIRST])
        for drawn in self.query(_Drawn):
            drawn.begin()
        self.call_after_refresh(self._arrive, line)

    def _arrive(self, line: int) -> None:
        if line:
            self.scroll_to(y=line, animate=False)
        self._look()

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Begin what has come in sight."""
        super().watch_scroll_y(old, new)
        self.call_after_refresh(self._look)

    def look(self, *, seen: bool) -> None:
        """Have figures train where they are seen, and rest where they are not."""
        self._look(seen=seen)

    def _look(self, *, seen: bool = True) -> None:
        for figure in self.query(LabFigure):
            figure.see(seen=seen and figure.region.overlaps(self.region))

    def _widgets(self, lesson: Lesson) -> Iterator[Widget]:
        keys = cited(lesson)
        yield Static(lesson.head.title, classes="title", markup=False)
        yield Static(lesson.head.question, classes="question", markup=False)
        for part in lesson.parts:
            yield from self._part(part, keys)
        if keys:
            sources = [f"[{number}] {shelf().sources[key]}" for number, key in enumerate(keys, start=1)]
            yield Static(Content("\n".join(sources)), classes="caption")

    def _part(self, part: Part, keys: list[str]) -> Iterator[Widget]:
        if part.figure is None:
            text = CITED.sub(
                lambda match: f"[[{keys.index(match['key']) + 1}]](source:{match['key']})", part.text
            )
            yield Markdown(text, open_links=False)
            return
        if isinstance(part.figure, figures.Lab):
            yield LabFigure(part.figure, self._make_session)
        else:
            yield _Drawn(part.figure)
        yield Static(part.figure.caption, classes="caption", markup=False)

    def on_markdown_link_clicked(self, message: Markdown.LinkClicked) -> None:
        """Follow a link: words and sources open beside the text."""
        message.stop()
        scheme, _, name = message.href.partition(":")
        if scheme in ("term", "source"):
            self.app.explain(message.href)
        elif scheme == "lesson":
            self.app.read(name.partition("#")[0])
        elif scheme == "lab":
            self.app.open_in_lab(name)
        elif scheme == "table":
            self.app.look_up(message.href)
