"""A lesson on paper: its text, its figures drawn and trained, its questions with room for answers, its sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dlterm.authoring.sheet import asked
from dlterm.authoring.trainee import trained
from dlterm.course import figures
from dlterm.course.library import cited, require_sound
from dlterm.drawing.draw import draw
from dlterm.drawing.figures import figure_view
from dlterm.drawing.palette import LIGHT, with_middle
from dlterm.drawing.show import natural_height
from dlterm.drawing.svg import as_svg
from dlterm.drawing.trained import trained_view
from dlterm.drawing.views import Table, View
from dlterm.experiments.registry import entry
from dlterm.quiz.bank import bank

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.authoring.sheet import Asked
    from dlterm.course.figures import Figure
    from dlterm.course.lesson import Lesson
    from dlterm.course.schema import LessonHead
    from dlterm.course.shelf import Shelf

PAPER = replace(LIGHT, background=0xFFFFFF, ramp=with_middle(LIGHT.ramp, 0xFFFFFF))
_WIDTH = 88  # cells of a drawing
_TRAINED = {
    "output": (96, 42, 0.6),
    "network": (76, 24, 1.0),
    "loss": (76, 20, 1.0),
}  # cells, and their scale


@dataclass(frozen=True)
class Text:
    """A stretch of Markdown, with links and citations still in it."""

    markdown: str


@dataclass(frozen=True)
class Drawing:
    """A picture, as SVG, and what is said below it; of a network that was trained, how to train it again."""

    svg: str
    caption: str
    command: str = ""


@dataclass(frozen=True)
class Cells:
    """A table, and what is said below it."""

    table: Table
    caption: str


@dataclass(frozen=True)
class Handout:
    """What is printed. `keys` and `sources` are in the order of their citation."""

    head: LessonHead
    parts: tuple[Text | Drawing | Cells, ...]
    keys: list[str]
    sources: tuple[str, ...]
    questions: tuple[Asked, ...]


def handout(lesson: Lesson, shelf: Shelf, say: Callable[[str], None] = lambda _: None) -> Handout:
    """Draw a lesson's figures, train its networks, and gather the rest; `say` is told what is trained.

    Raises DltermError where a figure cannot be drawn or trained.
    """
    require_sound(lesson, shelf)
    keys = cited(lesson)
    parts = (
        Text(part.text) if part.figure is None else _drawn(part.figure, shelf, say) for part in lesson.parts
    )
    return Handout(
        lesson.head,
        tuple(parts),
        keys,
        tuple(str(shelf.sources[key]) for key in keys),
        tuple(asked(entry.question) for entry in bank().lesson(lesson.head.id)),
    )


def _drawn(figure: Figure, shelf: Shelf, say: Callable[[str], None]) -> Text | Drawing | Cells:
    if isinstance(figure, figures.Experiment):
        about = entry(figure.id)
        return Text(
            f"> **An experiment: {about.title}.** {about.question} It is claimed: {about.claim}. "
            f"Predict, then run it: `dlterm run {about.id}`\n>\n> {figure.caption}\n"
        )
    if isinstance(figure, figures.Lab):
        say(f"training {figure.recipe}")
        width, height, scale = _TRAINED[figure.show]
        snapshot = trained(figure, (width, 2 * height))
        epochs = f"{snapshot.epoch:,} epoch{'s' * (snapshot.epoch != 1)}"
        caption = f"{figure.caption} After {epochs}."
        svg = _svg(trained_view(snapshot, figure.show), caption, width, height, scale)
        return Drawing(svg, caption, f"dlterm lab '{figure.recipe}'")
    view = figure_view(figure, shelf)
    if isinstance(view, Table):
        return Cells(view, figure.caption)
    assert view is not None, "only a network that trains has no view of its own"
    return Drawing(_svg(view, figure.caption, _WIDTH, natural_height(view, _WIDTH)), figure.caption)


def _svg(view: View, label: str, width: int, height: int, scale: float = 1.0) -> str:
    return as_svg(draw(view, width, height, PAPER), label, PAPER.background, scale)
