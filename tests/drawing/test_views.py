"""Views: whatever the numbers and the size, exactly the cells asked for; the same cells wherever they are shown."""

from __future__ import annotations

import io
import itertools
import json
import unicodedata

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from rich.console import Console

from dlterm.drawing import views
from dlterm.drawing.draw import draw
from dlterm.drawing.frame import COVERED
from dlterm.drawing.palette import CONTRAST, DARK, LIGHT, TERMINAL, TERMINAL_LIGHT
from dlterm.drawing.show import as_json, as_rich, as_text, natural_height
from dlterm.training.snapshot import Points

DEPTHS = ("truecolor", "256", "16", "none")
THEMES = (DARK, LIGHT, CONTRAST, TERMINAL, TERMINAL_LIGHT)


def floats(shape, low=-1e300, high=1e300, dtype=np.float64):
    width = 8 * np.dtype(dtype).itemsize
    odd = st.sampled_from([float("nan"), float("inf"), float("-inf"), 0.0])
    return arrays.arrays(dtype, shape, elements=st.one_of(odd, st.floats(low, high, width=width)))


TEXT = st.text(max_size=12)
COUNT = st.integers(0, 9)
STYLE = st.sampled_from([None, "muted", "train"])


@st.composite
def any_view(draw_from):
    of = draw_from
    title = of(TEXT)
    count = of(COUNT)
    kind = of(st.sampled_from(sorted(MAKERS)))
    return MAKERS[kind](of, count, title)


def _field(of, count, title):
    values = of(floats((max(1, count % 4), 5, 4), -1, 1, np.float32))
    return views.Field(values, title=title)


def _curves(of, count, title):
    series = tuple(
        views.Series(of(TEXT), of(floats(k)), of(floats(k)), of(st.booleans()), of(STYLE))
        for k in range(count % 4)
    )
    marks = tuple(
        views.Mark(of(st.floats(-9, 9)), of(TEXT), of(st.sampled_from([None, 1.0]))) for _ in range(count % 3)
    )
    log_x, log_y = of(st.booleans()), of(st.booleans())
    return views.Curves(series, of(TEXT), of(TEXT), log_x, log_y, marks, title=title)


def _bars(of, count, title):
    labels = tuple(of(TEXT) for _ in range(count))
    return views.Bars(labels, of(floats(count)), of(TEXT), of(st.booleans()), title=title)


def _network(of, count, title):
    sizes = (2, *(1 + k for k in range(count % 4)), 1)
    weights = tuple(of(floats((b, a), -9, 9, np.float32)) for a, b in itertools.pairwise(sizes))
    biases = tuple(of(floats(b, -9, 9, np.float32)) for b in sizes[1:])
    return views.Network(weights, biases, title=title)


def _histograms(of, count, title):
    histograms = tuple(
        views.Histogram(
            of(TEXT), np.sort(of(floats(k + 1))), of(arrays.arrays(np.int64, k, elements=COUNT)), of(TEXT)
        )
        for k in range(count)
    )
    return views.Histograms(histograms, title=title)


def _images(of, count, title):
    shape = of(st.sampled_from([(5, 5), (3, 7), (4, 4, 3), (1, 1)]))
    images = tuple(of(floats(shape, -2, 2)) for _ in range(count))
    return views.Images(
        images,
        tuple(of(TEXT) for _ in range(count % 3)),
        of(st.integers(0, 3)),
        of(st.booleans()),
        title=title,
    )


def _heat_map(of, count, title):
    names = tuple(of(TEXT) for _ in range(count))
    return views.HeatMap(of(floats((count, count))), names, names[: count // 2], title=title)


def _flow(of, count, title):
    return views.Flow(tuple(of(TEXT) for _ in range(count)), title=title)


def _graph(of, count, title):
    positions = of(floats((count, 2)))
    ends = st.integers(0, max(0, count - 1))
    edges = np.array([(of(ends), of(ends)) for _ in range(count)], int).reshape(-1, 2)
    return views.Graph(
        positions, edges, np.arange(count) % 7, tuple(of(TEXT) for _ in range(count)), title=title
    )


def _text(of, count, title):
    return views.Text(
        tuple(views.Line(of(TEXT), of(st.sampled_from(["text", "muted", "train"]))) for _ in range(count)),
        title=title,
    )


def _waveform(of, count, title):
    return views.Waveform(of(floats(count * 7)), of(st.sampled_from([0.0, 16_000.0])), title=title)


def _timeline(of, count, title):
    return views.Timeline(tuple(views.Event(1943 + k, of(TEXT), of(TEXT)) for k in range(count)), title=title)


def _table(of, count, title):
    cells = st.one_of(TEXT, st.integers(), st.floats(), st.booleans(), st.none())
    rows = tuple((of(cells), of(cells)) for _ in range(count))
    return views.Table(("a", "b"), rows, of(st.booleans()), title=title)


def _number(of, count, title):
    value = of(st.one_of(st.none(), st.floats()))
    return views.Number(value, of(TEXT), of(TEXT), of(st.sampled_from(["", "better", "worse"])), title=title)


def _landscape(of, count, title):
    values, path = of(floats((count, count))), of(floats((count, 2)))
    domain = tuple(of(st.floats(-1e9, 1e9)) for _ in range(4))
    cursor = of(st.sampled_from([None, (0.0, 0.999)]))
    return views.Landscape(
        values, domain, path, of(floats(2)), (of(TEXT), of(TEXT)), of(st.booleans()), cursor, title=title
    )


MAKERS = {
    "bars": _bars,
    "curves": _curves,
    "field": _field,
    "flow": _flow,
    "graph": _graph,
    "heat_map": _heat_map,
    "histograms": _histograms,
    "images": _images,
    "landscape": _landscape,
    "network": _network,
    "number": _number,
    "table": _table,
    "text": _text,
    "timeline": _timeline,
    "waveform": _waveform,
}


def test_every_kind_of_view_is_tried_here():
    assert len(MAKERS) == len({kind.__name__ for kind in views.View.__subclasses__()})


@settings(max_examples=250, deadline=None)
@given(any_view(), st.integers(0, 300), st.integers(0, 100), st.sampled_from(DEPTHS), st.sampled_from(THEMES))
def test_any_view_fills_any_room_exactly(view, width, height, depth, theme):
    frame = draw(view, width, height, theme, depth)
    assert (frame.columns, frame.rows) == (width, height)
    for row in frame.glyphs:
        assert len(row) == width
        printed = row.replace(COVERED, "")
        assert not any(unicodedata.category(character) == "Cc" for character in printed)


@settings(max_examples=60, deadline=None)
@given(any_view(), st.integers(1, 90))
@example(views.Flow(boxes=("0",)), 4)  # no column is left for the words of a box
def test_any_view_is_text_and_json(view, width):
    lines = as_text(view, width).split("\n")
    assert len(lines) <= natural_height(view, width)
    assert all(len(line) <= width for line in lines)
    assert json.loads(json.dumps(as_json(view), allow_nan=False))["view"] == type(view).__name__


@pytest.mark.parametrize("size", [(1, 1), (300, 100), (2, 90), (200, 1)])
def test_the_least_and_the_largest_rooms(size):
    for view in EXAMPLES.values():
        frame = draw(view, *size)
        assert (frame.columns, frame.rows) == size


EXAMPLES = {
    "number": views.Number(0.9731, "", "accuracy", "better"),
    "bars": views.Bars(("CPU", "GPU"), np.array([1.0, 4.0]), "TFLOPS"),
    "table": views.Table(("name", "year"), (("Perceptron", 1958), ("LSTM", 1997))),
    "timeline": views.Timeline((views.Event(1997, "LSTM", "idea"), views.Event(1958, "Perceptron", "idea"))),
    "text": views.Text((views.Line("Training adjusts the weights."),)),
    "heat_map": views.HeatMap(np.array([[9, 1], [2, 8]]), ("cat", "dog"), ("cat", "dog")),
    "waveform": views.Waveform(np.sin(np.linspace(0, 6.28, 100))),
    "images": views.Images((np.eye(4), 1 - np.eye(4)), ("a", "b")),
    "graph": views.Graph(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[0, 1]]), labels=("left", "right")),
    "curves": views.Curves(
        (views.Series("loss", np.arange(1.0, 9.0), 1 / np.arange(1.0, 9.0)),), "epoch", log_y=True
    ),
    "network": views.Network((np.ones((3, 2), np.float32),), (np.zeros(3, np.float32),)),
    "field": views.Field(np.linspace(-1, 1, 64, dtype=np.float32).reshape(1, 8, 8)),
}

HEIGHTS = {"heat_map": 5, "waveform": 4, "images": 5, "graph": 4, "curves": 9, "network": 8, "field": 6}

DRAWN = {
    "number": ["accuracy", "0.9731  ▲ better"],
    "bars": ["CPU █████▎ 1 TFLOPS", "GPU █████████████████████ 4 TFLOPS"],
    "table": ["name        year", "Perceptron  1958", "LSTM        1997"],
    "timeline": ["1958 ● Perceptron             idea", "1997 ● LSTM                   idea"],
    "text": ["Training adjusts the weights."],
    "heat_map": ["       cat      dog", "cat     9        1", "", "dog     2        8", ""],
    "waveform": [
        "  ⣀⣠⠴⠒⠋⠉⠉⠉⠉⠓⠲⠤⣄⡀",
        "⠴⠋⠁            ⠉⠓⠦⣄⡀            ⣀⡤",
        "                   ⠉⠓⠲⠤⣄⣀⣀⣀⣀⡤⠴⠚⠉⠁",
        "0                      100 samples",
    ],
    "images": [
        "   a        b",
        "██         ██████",
        "  ██     ██  ████",
        "    ██   ████  ██",
        "      ██ ██████",
    ],
    "graph": [
        "                          ⣀right o",
        "                 ⣀⣀⠤⠤⠔⠒⠊⠉⠉",
        "        ⣀⣀⡠⠤⠔⠒⠒⠉⠉",
        "o left⠉⠉",
    ],
    "curves": [
        " ⣀⡠ loss",
        "  1┤⠠⣀",
        "   │  ⠑⠢⢄⡀",
        "   │     ⠈⠉⠒⠤⠤⣀⣀",
        "0.2┤            ⠉⠉⠑⠒⠒⠤⠤⠤⣀⣀⣀⡀",
        "   │                       ⠈⠉⠉⠉⠑⠒⠂",
        "   └─────────────────┬────────────",
        "                     5",
        "              epoch",
    ],
    "network": [
        " ▒▒▒▒▒▒ ▄▄▄▄▄▄▄▄████████████ ▒▒▒▒",
        " ▒▒▒▒▒▒ █████████▀▀▀▀▀██████ ▒▒▒▒",
        " ▒▒▒▒▒▒ ▀██████████████▀▀",
        "            ▀▀██████▀███████ ▒▒▒▒",
        "            ▄▄██████▄███████ ▒▒▒▒",
        " ▒▒▒▒▒▒ ▄██████████████▄▄",
        " ▒▒▒▒▒▒ █████████▄▄▄▄▄██████ ▒▒▒▒",
        " ▒▒▒▒▒▒ ▀▀▀▀▀▀▀▀████████████ ▒▒▒▒",
    ],
    "field": [
        "·························░░░░░░░░░",
        "░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░",
        "░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒",
        "▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▓▓▓▓▓▓▓",
        "▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓",
        "▓▓▓▓▓▓▓▓▓█████████████████████████",
    ],
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_small_views_look_as_they_are_meant_to(name):
    assert as_text(EXAMPLES[name], 34, HEIGHTS.get(name)).split("\n") == DRAWN[name]


@pytest.mark.parametrize("columns", (16, 34))
@pytest.mark.parametrize("rows", range(3, 9))
def test_curves_are_seen_in_the_least_of_rooms(rows, columns):
    text = as_text(EXAMPLES["curves"], columns, rows)
    assert any("\u2800" <= glyph <= "\u28ff" for glyph in text.split("\n", 1)[1]), text


SYSTEMS = {"truecolor": "truecolor", "256": "256", "16": "standard", "none": None}


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_same_cells_are_shown_on_a_console_in_a_frame_and_in_svg(name, depth):
    view = EXAMPLES[name]
    console = Console(
        file=io.StringIO(), width=60, record=True, force_terminal=True, color_system=SYSTEMS[depth]
    )
    shown = as_rich(view, console, height=12)
    console.print(shown)
    frame = draw(view, 60, 12, depth=depth)
    assert str(shown) == str(frame)
    assert np.array_equal(shown.foreground, frame.foreground)
    assert np.array_equal(shown.background, frame.background)
    rows = [row.rstrip() for row in str(frame).split("\n")]
    assert [line.rstrip() for line in console.export_text(clear=False).splitlines()][:12] == rows
    svg = console.export_svg()
    assert all(word in svg for row in rows for word in row.split() if word.isalpha() and word.isascii())


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_title_is_above_where_there_is_room(depth):
    view = views.Number(1.0, title="Steps")
    assert draw(view, 20, 2, depth=depth).glyphs[0].startswith("Steps")
    assert "Steps" not in str(draw(view, 20, 1, depth=depth))


def test_code_keeps_its_indentation_also_where_it_is_wrapped():
    code = views.Text(tuple(map(views.Line, ("for x in xs:", "    total += x * x", ""))))
    assert as_text(code, 40).split("\n")[:2] == ["for x in xs:", "    total += x * x"]
    assert as_text(code, 12).split("\n")[:3] == ["for x in xs:", "    total +=", "x * x"]


def test_text_from_outside_cannot_speak_to_the_terminal():
    evil = "\x1b]52;c;cm0=\x07\x9b31m\u202e"
    for view in (
        views.Text((views.Line(evil),)),
        views.Number(1.0, evil, evil),
        views.Table((evil,), ((evil,),)),
    ):
        text = as_text(view, 60)
        assert all(line.isprintable() for line in text.split("\n"))


def test_what_is_not_finite_is_a_gap_not_a_number():
    values = np.array([1.0, np.nan, np.inf, 4.0])
    assert "nan" not in as_text(views.Bars(tuple("abcd"), values), 40).lower()
    field = np.full((1, 6, 6), np.nan, np.float32)
    field[0, :3] = 1
    frame = draw(views.Field(field), 12, 6)
    assert (frame.background[-1] == DARK.background).all()
    assert (frame.background[0] != DARK.background).all()


def test_what_does_not_fit_is_counted():
    rows = tuple((f"row {k}",) for k in range(30))
    assert "+22 more" in str(draw(views.Table(("name",), rows), 40, 10))


def test_pixels_of_an_image_stay_pixels():
    frame = draw(views.Images((np.eye(4),)), 40, 12)
    assert len(set(frame.background.ravel().tolist()) | set(frame.foreground.ravel().tolist())) <= 3


def test_bars_are_apart_where_there_is_room():
    lines = as_text(EXAMPLES["bars"], 34, 3).split("\n")
    assert lines == [DRAWN["bars"][0], "", DRAWN["bars"][1]]


def test_a_block_of_a_heat_map_is_as_wide_as_its_columns_name():
    named = views.HeatMap(np.eye(2), (), ("versicolor", "virginica"))
    assert "versicolor" in as_text(named, 60, 12)


def test_a_whole_table_leaves_columns_out_at_the_right_and_says_so():
    view = views.Table(("first", "second"), (("12345678", "87654321"),), whole=True)
    assert as_text(view, 20, 2) == "first     second\n12345678  87654321"
    assert as_text(view, 12, 2) == "first      ›\n12345678"


def test_a_histogram_keeps_every_number_apart_however_narrow_it_is():
    counts = np.zeros(31, np.int64)
    counts[[0, 30]] = 1, 1000
    view = views.Histograms((views.Histogram("weights", np.linspace(-2, 2, 32), counts, "many"),))
    name, *bars, ends = as_text(view, 13, 6).split("\n")
    assert name == "weights  many"
    assert [bars[-1][0], bars[-1][-1]] == ["▁", "█"]
    assert ends.split() == ["-2", "0", "2"]


def test_what_lies_below_zero_is_blue_and_above_it_orange_and_between_neither():
    view = views.Histograms((views.Histogram("", np.linspace(-1, 1, 14), np.ones(13, np.int64)),))
    inks = draw(view, 13, 4).foreground[1:3]
    assert (inks[:, :6] == DARK.negative).all()
    assert (inks[:, 6] == DARK.muted).all()
    assert (inks[:, 7:] == DARK.positive).all()


def test_where_the_note_of_a_histogram_does_not_fit_its_number_stands_alone_and_nothing_is_cut():
    counts = views.Histogram("layer 1", np.linspace(-1, 1, 32), np.arange(31), "norm 0.012", "0.012")
    for columns, heading in ((21, "layer 1  norm 0.012"), (17, "layer 1  0.012"), (13, "layer 1")):
        assert as_text(views.Histograms((counts,)), columns, 6).splitlines()[0].strip() == heading


def test_histograms_that_do_not_fit_are_counted():
    counts = views.Histogram("layer", np.linspace(-1, 1, 32), np.arange(31))
    assert as_text(views.Histograms((counts,) * 9), 76, 9).count("layer") == 9
    told = as_text(views.Histograms((counts,) * 9), 46, 6)
    assert told.count("layer") == 3
    assert told.endswith("+6 more")


def test_a_series_has_the_style_it_is_given():
    line = np.array([0.0, 1.0])
    view = views.Curves((views.Series("a", line, line), views.Series("b", line, 1 - line, style="muted")))
    legend = draw(view, 40, 10).foreground[0]
    assert DARK.train in legend
    assert DARK.test not in legend


def test_points_without_an_answer_are_seen_by_themselves_a_colour_a_class():
    places = np.array([[-0.5, -0.5], [0.5, 0.5], [0.5, -0.5]], np.float32)
    points = Points(places, np.array([0.0, 1.0, 3.0], np.float32), np.zeros(3, np.bool_))
    frame = draw(views.Field(None, points=points), 20, 10, DARK)
    assert len(set(np.concatenate([frame.foreground.ravel(), frame.background.ravel()]).tolist())) >= 4
