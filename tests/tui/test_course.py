"""The course in the app: lessons are read, their figures train where they are seen, and the place is kept."""

from __future__ import annotations

import subprocess
import sys

import pytest
from textual.widgets import Markdown

from dlterm.course import library
from dlterm.course.shelf import shelf
from dlterm.tui.widgets.lab_figure import LabFigure
from dlterm.tui.widgets.lesson_view import LessonView
from tests.tui.support import Lab, settled

SIZE = (120, 40)
HEAD = '+++\nid = "{id}"\ntitle = "{title}"\nchapter = "Basics"\nminutes = 5\nquestion = "Why?"\n+++\n'
FLOW = '```flow\nboxes = ["one", "two"]\ncaption = "Steps."\n```\n'
TRAINS = '```lab\nrecipe = "xor?hidden=4"\ncaption = "It learns."\nseconds = 60\n```\n'
FILLER = "A paragraph that fills the page with words.\n\n" * 30
LESSONS = {
    "01-first.md": HEAD.format(id="first", title="The first")
    + f"A [weight](term:weight) [^rosenblatt1958], see [xor](lab:xor?hidden=3).\n\n{FLOW}\n{FILLER}{TRAINS}\n{FILLER}",
    "02-second.md": HEAD.format(id="second", title="The second") + "Back to [the first](lesson:first).\n",
}


@pytest.fixture(autouse=True)
def pack(tmp_path, monkeypatch):
    (tmp_path / "lessons").mkdir()
    for name, text in LESSONS.items():
        (tmp_path / "lessons" / name).write_text(text)
    monkeypatch.setattr(library, "root", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    library.lessons.cache_clear()
    yield
    library.lessons.cache_clear()


def page(pilot):
    return pilot.app.screen.query_one(LessonView)


async def test_the_first_lesson_is_there_and_the_next_follows():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "The first" in lab.text
        assert "weight [1]" in lab.text.replace("\n", " ")
        assert "╭" in lab.text
        await pilot.press("]")
        await settled(pilot)
        assert page(pilot).lesson.head.id == "second"
        await pilot.press("[")
        await settled(pilot)
        assert page(pilot).lesson.head.id == "first"


async def test_a_figure_trains_when_it_is_seen_and_rests_when_it_is_not():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert lab.sessions == []
        figure = pilot.app.screen.query_one(LabFigure)
        page(pilot).scroll_to_widget(figure, animate=False)
        await settled(pilot)
        assert ("play",) in lab.session.told
        page(pilot).scroll_home(animate=False)
        await settled(pilot)
        assert lab.session.told[-1] == ("pause",)
        page(pilot).scroll_to_widget(figure, animate=False)
        await settled(pilot)
        await pilot.press("4")
        await settled(pilot)
        assert lab.session.told[-1] == ("pause",)


async def test_a_figures_keys_stop_it_and_open_it_in_the_lab():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        figure = pilot.app.screen.query_one(LabFigure)
        figure.focus()
        await settled(pilot)
        await pilot.press("space", "r")
        assert ("pause",) in lab.session.told
        assert ("reset",) in lab.session.told
        await pilot.press("o")
        await settled(pilot)
        assert pilot.app.current_mode == "lab"
        assert str(pilot.app.screen.player.recipe) == "xor?hidden=4"


@pytest.mark.parametrize(
    ("href", "leads"),
    [
        ("term:weight", "card"),
        ("source:rosenblatt1958", "card"),
        ("lab:xor?hidden=3", "lab"),
        ("table:chips", "shelf"),
    ],
)
async def test_links_lead_where_they_say(href, leads):
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        text = pilot.app.screen.query(Markdown).first()
        text.post_message(Markdown.LinkClicked(text, href))
        await settled(pilot)
        if leads == "card":
            assert lab.app.beside.place == href
            assert pilot.app.screen.card.display
        else:
            for _ in range(100):
                if pilot.app.current_mode == leads:
                    break
                await pilot.pause(0.05)
            assert pilot.app.current_mode == leads


async def test_a_link_to_a_lesson_opens_it_and_the_place_is_kept():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        page(pilot).scroll_to(y=12, animate=False)
        await pilot.pause()
        lab.app.read("second")
        await settled(pilot)
        assert page(pilot).lesson.head.id == "second"
        assert lab.app.memory.state.places["first"] == 12
        lab.app.read("first")
        await settled(pilot)
        await pilot.pause(0.2)
        assert page(pilot).scroll_y == 12


async def test_all_sources_are_named_at_the_end():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        page(pilot).scroll_end(animate=False)
        await settled(pilot)
        assert str(shelf().sources["rosenblatt1958"])[:30] in lab.text


def test_the_tables_that_markdown_is_parsed_with_are_full_before_any_thread_reads_them():
    script = """
import dlterm.tui.widgets.lesson_view
from mdurl import _decode, _encode
print({len(table) for module in (_encode.encode_cache, _decode.decode_cache) for table in module.values()})
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{128}"


async def test_lessons_that_are_turned_fast_are_not_mixed():
    async with Lab(start="course").app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        whole = len(page(pilot).children)
        first, second = library.lessons().values()
        await page(pilot).show(second)
        await page(pilot).show(first)
        await page(pilot).show(first)
        await settled(pilot)
        assert len(page(pilot).children) == whole
        await page(pilot).show(first)
        await page(pilot).show(second)
        await settled(pilot)
        assert [markdown.source for markdown in page(pilot).query(Markdown)] == [second.parts[0].text]
