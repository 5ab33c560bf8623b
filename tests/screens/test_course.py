"""The course in pictures, with lessons of the tests' own: see test_lab."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dlterm.course import search
from dlterm.course.places import place_of
from dlterm.course.search import Entry
from dlterm.settings.state import Reading
from dlterm.tui.themes import DARK, LIGHT
from dlterm.tui.widgets.lab_figure import LabFigure
from dlterm.tui.widgets.pane import Pane
from tests.tui.course_support import course_of
from tests.tui.support import Lab, settled
from tests.tui.test_course import opened

SMALL, MIDDLE, LARGE = (80, 24), (120, 40), (200, 60)
HEAD = '+++\nid = "{id}"\ntitle = "{title}"\nchapter = "{chapter}"\nminutes = {minutes}\n{more}+++\n'
QUESTIONS = 'format_version = 1\nlesson = "kites"\n' + "".join(
    f"""
[[question]]
id = "kites-{name}"
type = "truefalse"
prompt = "Does it fly?"
answer = true
explain = "It does."
"""
    for name in "abcdefg"
)
KITES = """\
A [kite](lesson:winds) hangs in the wind by a [weight](term:weight) that it does not have: the air carries it, and
the line holds it back. Who flew the first is not known; who first had a machine learn is [^rosenblatt1958].

Try it yourself with [four neurons](lab:xor?hidden=4), and then with *one*; **neither** of them is a `kite`.

```flow
boxes = ["wind", "kite", "line", "hand"]
caption = "From the wind to the hand: what one end does, the other feels."
```

## What the tail is for

A tail is heavy, and yet a kite without one does not fly for long.

- It drags, and so turns the kite's head into the wind.
- It swings late, and so takes the force out of a gust.

1. Let out some line.
2. Wait for a zephyr.

> **Misconception.** A longer tail is always better. A tail that is too long pulls the kite down.

    lift = 0.5 * density * speed ** 2 * area

| wind | tail |
| --- | --- |
| light | short |
| strong | long |

```lab
recipe = "xor?hidden=4&lr=0.03"
caption = "Four neurons part what one cannot, however long its tail."
seconds = 0
```

## What the line is for

The line says where the kite must not go. A line that is cut frees the kite for as long as it falls.

A zephyr is not enough to lift it again, and so it stays where it is until someone comes. Many fields have a kite in
them, most of them in a tree, and the wind that brought it there is the same that would have carried it [^kingma2014].
"""
LESSONS = {
    "01-winds.md": HEAD.format(id="winds", title="Winds", chapter="Air", minutes=4, more="")
    + "The wind blows where it will.\n",
    "02-kites.md": HEAD.format(
        id="kites",
        title="Kites, and what holds them in the air",
        chapter="Air",
        minutes=12,
        more='question = "Why does a kite need a tail?"\nneeds = ["winds"]\n'
        'able = ["say what a tail does to a kite", "choose a tail for a wind"]\n',
    )
    + KITES,
    "02-kites.quiz.toml": QUESTIONS,
    "03-boats.md": HEAD.format(id="boats", title="Boats", chapter="Water", minutes=9, more="")
    + "A boat is a kite that is wet.\n",
}
FOUND = [
    Entry("term", "zephyr", "zephyr", "a wind from the west that lifts no kite", "light air"),
    Entry("lesson", "winds", "Winds", "what blows: a zephyr, a breeze, a gale"),
    Entry("preset", "zephyr", "A light wind", "a zephyr over two spirals"),
]

SIZES = pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=lambda size: "x".join(map(str, size)))
THEMES = pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
MIXED = pytest.mark.parametrize(  # every size and both themes, for what differs from the lesson by a box
    ("size", "theme"),
    [(SMALL, DARK.name), (MIDDLE, LIGHT.name), (LARGE, DARK.name)],
    ids=lambda value: value if isinstance(value, str) else "x".join(map(str, value)),
)


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    monkeypatch.setattr(search, "entries", lambda shelf: FOUND)
    fly = SimpleNamespace(id="kites", title="How long a tail is best", lesson="kites")
    monkeypatch.setattr("dlterm.tui.widgets.lesson_view.entries", lambda: (fly,))
    with course_of(LESSONS, tmp_path, monkeypatch):
        yield


def course_app(share=0.875):
    """The course where the first lesson is read, and such a share of the second, which is open."""
    app = Lab(start="course").app
    app.memory.change(reading={"winds": Reading(share=1.0), "kites": Reading(share=share)})
    return app


async def until(pilot, is_so):
    for _ in range(400):
        if is_so():
            break
        await pilot.pause(0.02)
    assert is_so()


async def shown(pilot, theme):
    """The lesson, all of it there, with a mark and a note."""
    pilot.app.theme = theme
    view = await opened(pilot)
    for number, text in ((4, ""), (5, "mine was a stocking")):
        pilot.app.notes.put("kites", place_of(view.walk.blocks[number]), text)
    pilot.app.page.show_notes()
    await until(pilot, lambda: len(view.query(".end")) == 3)
    await at_rest(pilot)
    return view


async def at_rest(pilot):
    """Figures in sight are drawn, and train no more; where one reads is told."""
    await settled(pilot)
    page = pilot.app.page.page
    figures = [each for each in page.query(LabFigure) if each.region.overlaps(page.region)]
    await until(pilot, lambda: all("‖" in str(each.query_one(Pane).border_title) for each in figures))
    page.tell()
    await settled(pilot)


@THEMES
@SIZES
def test_a_lesson(snap_compare, size, theme):
    """A passage is chosen, and in it the footnote."""

    async def show(pilot):
        await shown(pilot, theme)
        await pilot.press("l", "l", "l")
        await at_rest(pilot)

    assert snap_compare(course_app(), terminal_size=size, run_before=show)


@THEMES
def test_the_contents_alone(snap_compare, theme):
    async def show(pilot):
        await shown(pilot, theme)
        await pilot.press("escape")
        await at_rest(pilot)

    assert snap_compare(course_app(), terminal_size=SMALL, run_before=show)


@THEMES
def test_a_figure_at_rest(snap_compare, theme):
    async def show(pilot):
        view = await shown(pilot, theme)
        view.walk.to(next(k for k, block in enumerate(view.walk.blocks) if "Four neurons" in block.text))
        view.arrive(at_top=True)
        await pilot.press("enter")
        await at_rest(pilot)

    assert snap_compare(course_app(), terminal_size=SMALL, run_before=show)


@MIXED
def test_the_end_of_a_lesson(snap_compare, size, theme):
    async def show(pilot):
        view = await shown(pilot, theme)
        view.scroll_end(animate=False)
        await at_rest(pilot)

    assert snap_compare(course_app(share=1.0), terminal_size=size, run_before=show)


@MIXED
def test_a_search(snap_compare, size, theme):
    async def show(pilot):
        await shown(pilot, theme)
        await pilot.press("slash", *"zeph", "down")
        await pilot.pause(0.2)

    assert snap_compare(course_app(), terminal_size=size, run_before=show)


@MIXED
def test_a_note_that_is_written(snap_compare, size, theme):
    async def show(pilot):
        view = await shown(pilot, theme)
        view.walk.to(5)
        view.arrive()
        await pilot.press("a", "enter", *"and blue")
        await pilot.pause(0.2)

    assert snap_compare(course_app(), terminal_size=size, run_before=show)


def test_all_bookmarks_and_notes(snap_compare):
    async def show(pilot):
        await shown(pilot, DARK.name)
        await pilot.press("b")
        await pilot.pause(0.2)

    assert snap_compare(course_app(), terminal_size=MIDDLE, run_before=show)
