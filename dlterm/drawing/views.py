"""What there is to show, as data: arrays, numbers and text, with no word of where or how large.

`dlterm.drawing.draw` makes cells of any of these, `dlterm.drawing.show` text, Rich output and JSON. Values that are
not finite are gaps; text may come from outside, it is made safe where it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dlterm.training.snapshot import Points

Style = Literal["text", "muted", "negative", "positive", "train", "test"]  # names of a theme's colours
Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Something to show; `title` is a line above it, where there is room."""

    title: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True, eq=False)
class Field(View):
    """A network's answer over a plane, and examples on it.

    `values` are [1, height, width] in -1..1 or [classes, height, width] of probabilities, the first row the top of
    `domain` (x0, x1, y0, y1); None for points alone. `target_range` is the values that -1 and 1 stand for in a
    regression.
    """

    values: NDArray[np.float32] | None
    domain: tuple[float, float, float, float] = (-1.0, 1.0, -1.0, 1.0)
    points: Points | None = None
    target_range: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One curve: [n] values of y over [n] of x, in any order; `joined` by lines, or points alone.

    Without a `style` it has a colour that no other curve beside it has.
    """

    name: str
    x: NDArray[np.floating]
    y: NDArray[np.floating]
    joined: bool = True
    style: Style | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A place worth a word: an upright line at x, or with a `y` a single point."""

    x: float
    label: str = ""
    y: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Curves(View):
    """Series over one pair of axes, each linear or logarithmic.

    Where y is not above 0, a curve lies at the bottom of a logarithmic axis; a point is left out, and so is what x is
    not. The axis is linear where no y is above 0. The axis of y ends at `y_most`, above which no value can be.
    """

    series: tuple[Series, ...]
    x_label: str = ""
    y_label: str = ""
    log_x: bool = False
    log_y: bool = False
    marks: tuple[Mark, ...] = ()
    y_most: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Bars(View):
    """A value a label, [n]; with `log` the bars' lengths are logarithms, and what is not above 0 has none."""

    labels: tuple[str, ...]
    values: NDArray[np.floating]
    unit: str = ""
    log: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Network(View):
    """A network of dense layers: weights [outputs, inputs] and biases [outputs] a layer.

    `maps` are [units, height, width] in -1..1 for the inputs and each layer, or none at all.
    """

    weights: tuple[NDArray[np.float32], ...]
    biases: tuple[NDArray[np.float32], ...]
    maps: tuple[NDArray[np.float32], ...] = ()
    features: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Images(View):
    """A grid of images, each [height, width] grey or [height, width, 3] RGB: uint8, or floats 0..1.

    `signed` images are grey ones in -1..1, drawn blue to orange: filters, differences. `columns` is how many stand
    side by side, 0 as many as fit.
    """

    images: tuple[NDArray[np.floating] | NDArray[np.uint8], ...]
    titles: tuple[str, ...] = ()
    columns: int = 0
    signed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap(View):
    """A matrix [rows, columns] with a colour a value: blue below 0, orange above, full at the largest magnitude.

    The values are written into their cells where they fit.
    """

    values: NDArray[np.floating] | NDArray[np.integer]
    row_labels: tuple[str, ...] = ()
    column_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Landscape(View):
    """Values [height, width] over a plane, the first row the top of `domain` (x0, x1, y0, y1), as a map of heights.

    On it a `path` of places [k, 2], which leads to the place `here` [2], and a `cursor` (shares of the width and the
    height). `names` are those of the two axes; with `log` the colours go by the logarithm. What is not finite is high.
    """

    values: NDArray[np.floating]
    domain: tuple[float, float, float, float]
    path: NDArray[np.floating]
    here: NDArray[np.floating]
    names: tuple[str, str] = ("", "")
    log: bool = False
    cursor: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """How many numbers lie between two edges: `counts` [bins] between `edges` [bins + 1], ascending.

    `note` stands behind the name, `brief` where there is no room for that.
    """

    name: str
    edges: NDArray[np.floating]
    counts: NDArray[np.integer]
    note: str = ""
    brief: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Histograms(View):
    """Histograms side by side, each with a scale of its own; what lies below 0 is blue, above it orange."""

    histograms: tuple[Histogram, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Graph(View):
    """Nodes at `positions` [n, 2] (y upwards) with `classes` [n], and `edges` [m, 2] between their numbers."""

    positions: NDArray[np.floating]
    edges: NDArray[np.integer]
    classes: NDArray[np.integer] | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph and the theme's colour it has."""

    text: str
    style: Style = "text"


@dataclass(frozen=True, slots=True)
class Text(View):
    """Lines to read, wrapped at words."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Waveform(View):
    """Samples [n] over time; with a `rate` (in Hz) the axis is in seconds, else in samples."""

    samples: NDArray[np.floating]
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a year; events of one `kind` look alike."""

    year: int
    label: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Timeline(View):
    """Events, shown from the first year to the last; `year` is one that is marked."""

    events: tuple[Event, ...]
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Table(View):
    """Rows of cells under the names of their columns; columns of numbers are aligned at the right.

    Where there is no room columns are narrowed, or with `whole` left out at the right.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Flow(View):
    """Steps, one leading to the next; where they do not fit side by side they stand below each other."""

    boxes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number(View):
    """One number with its unit and what it is; `verdict` says how it compares with what it is measured against."""

    value: float | None
    unit: str = ""
    label: str = ""
    verdict: Literal["", "better", "worse"] = ""
