"""Figures of a lesson: what is written between fences, as TOML, in the place of a paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import tomli
from msgspec import Meta

from dlterm.course.runnable import experiments
from dlterm.course.schema import Expected, Form, Id, Key, Line, Year

if TYPE_CHECKING:
    from dlterm.course.problem import Problem
    from dlterm.course.shelf import Shelf
    from dlterm.course.shelf import Table as Facts

_Count = Annotated[int, Meta(ge=1, le=64)]


class _Figure(Form, frozen=True, kw_only=True):
    """What every figure has: a line below it that says what is to be seen."""

    caption: Line


class Lab(_Figure, frozen=True, kw_only=True):
    """A network that trains in the text; `show` is what is seen of it, `seconds` how long it trains by itself.

    `expect` is what the caption says of it, as requirements that the trained network meets whatever the seed, such as
    `test_accuracy >= 0.95`, or DIVERGES. `dlterm content check --run` trains it and looks.
    """

    recipe: Line
    expect: Expected = ()
    show: Literal["output", "network", "loss"] = "output"
    seconds: Annotated[int, Meta(ge=0, le=60)] = 5


class Experiment(_Figure, frozen=True, kw_only=True):
    """An experiment that runs in the text; of its views, those that are named, or all."""

    id: Id
    views: Annotated[tuple[Line, ...], Meta(max_length=4)] = ()


class Chart(_Figure, frozen=True, kw_only=True):
    """The chart that a table of the shelf declares."""

    table: Id


class Table(_Figure, frozen=True, kw_only=True):
    """Rows of a table of the shelf: those whose first cell is one of `rows` (all without), in these `columns`."""

    table: Id
    columns: Annotated[tuple[Line, ...], Meta(max_length=6)] = ()
    rows: Annotated[tuple[Line, ...], Meta(max_length=40)] = ()


class Timeline(_Figure, frozen=True, kw_only=True):
    """The events of the shelf's timeline from one year to another."""

    first: Year
    last: Year


class Bars(_Figure, frozen=True, kw_only=True):
    """Numbers side by side, with where they are from."""

    labels: Annotated[tuple[Line, ...], Meta(min_length=2, max_length=12)]
    values: Annotated[tuple[float, ...], Meta(min_length=2, max_length=12)]
    unit: str = ""
    log: bool = False
    sources: tuple[Key, ...] = ()


class Network(_Figure, frozen=True, kw_only=True):
    """A diagram of layers, with so many units each, the inputs first; the words say what each layer is."""

    layers: Annotated[tuple[_Count, ...], Meta(min_length=2, max_length=10)]
    words: Annotated[tuple[Line, ...], Meta(max_length=10)] = ()


class Flow(_Figure, frozen=True, kw_only=True):
    """Boxes with arrows between them, from left to right, each with a line or two in it."""

    boxes: Annotated[tuple[Line, ...], Meta(min_length=2, max_length=7)]


Figure = Lab | Experiment | Chart | Table | Timeline | Bars | Network | Flow
FORMS: dict[str, type[Figure]] = {
    "lab": Lab,
    "experiment": Experiment,
    "chart": Chart,
    "table": Table,
    "timeline": Timeline,
    "bars": Bars,
    "network": Network,
    "flow": Flow,
}


def read_figure(kind: str, text: str) -> Figure:
    """Read what stands between a figure's fences. Raises ValueError, with what is wrong."""
    try:
        found: Figure = msgspec.convert(tomli.loads(text), FORMS[kind])
    except msgspec.ValidationError as error:
        fields = ", ".join(FORMS[kind].__struct_fields__)
        raise ValueError(f"{str(error).replace(' - at `$.', ': `')}; the fields are {fields}") from None
    except RecursionError:
        raise ValueError("too deeply nested") from None
    return found


def figure_fault(figure: Figure, shelf: Shelf) -> str:
    """What is wrong with a figure where it speaks of the shelf or of experiments, or ""."""
    match figure:
        case Experiment(id=name) if name not in experiments():
            return f'there is no experiment "{name}"'
        case Chart(table=name) | Table(table=name) if name not in shelf.tables:
            return f'there is no table "{name}"'
        case Table():
            return _table_fault(figure, shelf.tables[figure.table])
        case Bars():
            return _bars_fault(figure, shelf)
        case Timeline() if figure.first > figure.last:
            return "it ends before it begins"
        case Network() if figure.words and len(figure.words) != len(figure.layers):
            return "as many words as layers are needed"
    return ""


def _table_fault(figure: Table, table: Facts) -> str:
    unknown = [name for name in figure.columns if name not in table.columns]
    if unknown:
        return f"{table.name} has no column {unknown[0]}"
    missing = set(figure.rows) - set(table.column(table.columns[0]))
    return f"{table.name} has no row {min(missing)}" if missing else ""


def _bars_fault(figure: Bars, shelf: Shelf) -> str:
    if len(figure.labels) != len(figure.values):
        return "as many labels as values are needed"
    return next((f"no source {key}" for key in figure.sources if key not in shelf.sources), "")


def problem_of(file: str, line: int, what: str) -> Problem:
    """A figure's problem."""
    from dlterm.course.problem import Problem

    return Problem(file, line, f"figure: {what}", "see docs/writing-content.md")
