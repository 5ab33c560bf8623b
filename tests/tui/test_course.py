"""The course in the app: lessons are read, their figures train where they are seen, and the place is kept."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from dlterm.course import library
from dlterm.course.places import place_of
from dlterm.course.shelf import shelf
from dlterm.settings.config import Config
from dlterm.settings.state import Reading
from dlterm.tui.preferences import Preferences
from dlterm.tui.widgets.contents import Contents
from dlterm.tui.widgets.lab_figure import LabFigure
from dlterm.tui.widgets.lesson_view import LessonView
from dlterm.tui.widgets.passage import Passage
from tests.tui.course_support import course_of
from tests.tui.support import Lab, settled, shows

SIZE = (120, 40)
HEAD = '+++\nid = "{id}"\ntitle = "{title}"\nchapter = "Basics"\nminutes = 5\nquestion = "Why?"\n+++\n'
FLOW = '```flow\nboxes = ["one", "two"]\ncaption = "Steps."\n```\n'
TRAINS = '```lab\nrecipe = "xor?hidden=4&lr=0.03"\ncaption = "It learns."\nseconds = 60\n```\n'
FILLER = "".join(f"Paragraph {k} fills the page with words.\n\n" for k in range(30))
LESSONS = {
    "01-first.md": HEAD.format(id="first", title="The first")
    + f"A [weight](term:weight) [^rosenblatt1958], see [xor](lab:xor?hidden=3).\n\n{FLOW}\n## Middle\n\n{FILLER}"
    + f"{TRAINS}\n## Last\n\nThe end has a word: zephyr.\n\n{FILLER.replace('words', 'more')}",
    "02-second.md": HEAD.format(id="second", title="The second")
    + "Back to [the first](lesson:first), or to the [chips](table:chips).\n",
}
QUESTION = """
[[question]]
id = "{id}"
type = "truefalse"
objective = "know"
difficulty = 1
prompt = "Is it so?"
answer = true
explain = "It is."
"""


@pytest.fixture(autouse=True)
def pack(tmp_path, monkeypatch):
    with course_of(LESSONS, tmp_path, monkeypatch):
        yield


def page(pilot):
    return pilot.app.page.query_one(LessonView)


def contents(pilot):
    return pilot.app.page.query_one(Contents)


async def opened(pilot, *keys):
    """The course as it is after these keys, all of its lesson there."""
    await settled(pilot)
    for key in keys:
        await pilot.press(key)
        await settled(pilot)
    for _ in range(100):
        view = page(pilot)
        if view._has_arrived and len(view._shown) == len(view.walk.blocks) and view._shown[-1].is_attached:
            break
        await pilot.pause(0.02)
    await settled(pilot)
    return page(pilot)


async def remembered(pilot):
    await pilot.pause(0.5)
    return pilot.app.memory.state.reading


async def test_the_first_lesson_is_there_and_the_next_follows():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        await shows(pilot, lab, "The first", "weight [1]", "╭")
        await opened(pilot, "]")
        assert page(pilot).lesson.head.id == "second"
        await opened(pilot, "[")
        assert page(pilot).lesson.head.id == "first"


async def test_a_figure_trains_when_it_is_seen_and_rests_when_it_is_not():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        await opened(pilot)
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
        await pilot.press("7")
        await settled(pilot)
        assert lab.session.told[-1] == ("pause",)


async def at_the_figure(pilot):
    """Go to the figure by key, and take hold of it."""
    view = await opened(pilot, "enter")
    view.walk.to(next(k for k, block in enumerate(view.walk.blocks) if "learns" in block.text))
    view.arrive(at_top=True)
    await settled(pilot)
    await pilot.press("enter")
    await settled(pilot)
    return pilot.app.screen.query_one(LabFigure)


async def test_a_figures_keys_stop_it_and_open_it_in_the_lab():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        assert (await at_the_figure(pilot)).has_focus
        await pilot.press("space", "r")
        assert ("pause",) in lab.session.told
        assert ("reset",) in lab.session.told
        await pilot.press("o")
        await settled(pilot)
        assert pilot.app.current_mode == "lab"
        assert str(pilot.app.screen.player.recipe) == "xor?hidden=4&lr=0.03"


async def test_a_figure_of_no_seconds_waits_to_be_told(tmp_path):
    file = tmp_path / "lessons" / "01-first.md"
    file.write_text(file.read_text().replace("seconds = 60", "seconds = 0"))
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        await at_the_figure(pilot)
        assert [told for told in lab.session.told if told in [("play",), ("pause",)]][-1] == ("pause",)
        assert "‖" in lab.text
        await pilot.press("space")
        assert lab.session.told[-1] == ("play",)


async def test_a_figures_settings_are_turned_in_place_and_taken_along_to_the_lab():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        await at_the_figure(pilot)
        await pilot.press("space", "plus")
        await pilot.pause(0.1)
        assert lab.session.told[-2:] == [("change", lab.session.told[-2][1]), ("play",)]
        assert lab.session.told[-2][1].hidden == (4, 4)
        assert "hidden layers ‹ 2 ›" in lab.text
        await pilot.press("v", "v", "minus")
        await pilot.pause(0.1)
        assert "learning rate ‹ 0.01 ›" in lab.text
        await pilot.press("o")
        await settled(pilot)
        assert str(pilot.app.screen.player.recipe) == "xor?hidden=4,4&lr=0.01"


async def test_a_figure_says_how_good_it_is_however_long_its_recipe(tmp_path):
    file = tmp_path / "lessons" / "01-first.md"
    long = "spirals?noise=1&hidden=8,8,8&activation=tanh&lr=0.03&batch=20&epochs=400"
    file.write_text(file.read_text().replace("xor?hidden=4&lr=0.03", long))
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        await at_the_figure(pilot)
        await pilot.press("space", "escape")
        await pilot.pause(0.1)
        assert "test 90.4%" in lab.text
        assert "‖  spirals" in lab.text


async def test_a_figures_caption_tells_its_keys():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        await at_the_figure(pilot)
        assert "space plays" in lab.text
        await pilot.press("escape")
        assert page(pilot).has_focus


@pytest.mark.parametrize(
    ("keys", "leads"),
    [
        ("l", "term:weight"),
        ("ll", "source:rosenblatt1958"),
        ("lll", "lab"),
        ("llL", "term:weight"),
        ("]lll", "shelf"),
    ],
)
async def test_links_are_followed_by_key_and_lead_where_they_say(keys, leads):
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        await opened(pilot, "enter")
        for key in keys:
            await opened(pilot, key)
        await pilot.press("enter")
        await settled(pilot)
        if ":" in leads:
            assert lab.app.beside.place == leads
            assert pilot.app.screen.card.display
        else:
            for _ in range(100):
                if pilot.app.current_mode == leads:
                    break
                await pilot.pause(0.05)
            assert pilot.app.current_mode == leads


async def test_a_link_is_followed_by_a_click():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot)
        await pilot.click(view._shown[0], offset=(5, 0))
        await settled(pilot)
        assert lab.app.beside.place == "term:weight"


# --- progress ---------------------------------------------------------------------------------------------------------


async def test_a_link_to_a_lesson_opens_it_and_the_place_is_kept():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot)
        view.scroll_to(y=30, animate=False)
        await remembered(pilot)
        top = view.walk.blocks[view._at_top()[0]].text
        lab.app.read("second")
        await opened(pilot)
        assert view.lesson.head.id == "second"
        assert lab.app.memory.state.reading["first"].place.text == top
        lab.app.read("first")
        await opened(pilot)
        assert view.walk.blocks[view._at_top()[0]].text == top
        assert view._at_top()[1] == 0


async def test_where_one_stopped_is_found_again_after_the_lesson_was_edited(pack, tmp_path):
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot)
        place = place_of(next(block for block in view.walk.blocks if "Paragraph 12" in block.text))
    text = LESSONS["01-first.md"].replace("## Middle", "Much was added.\n\n" * 20 + "## Middle")
    (tmp_path / "lessons" / "01-first.md").write_text(text)
    library.lessons.cache_clear()
    lab = Lab(start="course")
    lab.app.memory.read_on("first", place, 0.5)
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot)
        assert view.walk.block.text.startswith("Paragraph 12")
        assert "Paragraph 12 fills" in lab.text.splitlines()[1]


async def test_where_nothing_is_to_be_restored_a_lesson_begins_at_its_beginning():
    lab = Lab(start="course", preferences=Preferences(Config(restore=False)))
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot)
        lab.app.memory.read_on("first", place_of(view.walk.blocks[12]), 0.5)
        await opened(pilot, "]", "[")
        assert view.scroll_y == 0


async def test_what_is_read_is_told_by_signs_and_a_bar():
    lab = Lab(start="course", preferences=Preferences(Config(animation=False)))
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot)
        reading = await remembered(pilot)
        assert 0 < reading["first"].share < 1
        assert f"{reading['first'].share:.0%}" in lab.text
        assert "0/2" in lab.text
        assert "◔ The first" in lab.text or "◑ The first" in lab.text
        view.scroll_end(animate=False)
        reading = await remembered(pilot)
        assert not reading["first"].is_done  # what is jumped over is not read
        view.scroll_home(animate=False)
        for _ in range(10):
            await pilot.press("space")
            await pilot.pause(0.1)
        reading = await remembered(pilot)
        assert reading["first"].is_done
        assert "✓ The first" in lab.text
        assert "1/2" in lab.text
        assert "○ The second" in lab.text


async def test_minutes_are_never_cut_off():
    lab = Lab(start="course")
    async with lab.app.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        rows = [line for line in lab.text.splitlines() if "The first" in line or "The second" in line]
        assert all(" 5 min" in row[:40] for row in rows[:2])


async def test_home_leads_to_where_one_stopped():
    lab = Lab(start="home")
    lab.app.memory.change(reading={"second": Reading(share=0.4)})
    async with lab.app.run_test(size=SIZE) as pilot:
        for _ in range(100):
            await pilot.pause(0.02)
            if "Read on" in lab.text:
                break
        assert "The second, 40% read" in lab.text
        assert "0/2" in lab.text
        lab.app.screen.entries.highlighted = next(
            k
            for k in range(lab.app.screen.entries.option_count)
            if getattr(lab.app.screen.entries.get_option_at_index(k), "leads", "") == "lesson:second"
        )
        await pilot.press("enter")
        await opened(pilot)
        assert page(pilot).lesson.head.id == "second"


# --- marks and notes --------------------------------------------------------------------------------------------------


async def test_a_paragraph_is_marked_listed_gone_to_and_unmarked():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot, "enter")
        view.walk.to(next(k for k, block in enumerate(view.walk.blocks) if "Paragraph 20" in block.text))
        view.arrive()
        await pilot.press("m")
        await settled(pilot)
        assert "◆ Paragraph 20" in lab.text
        await opened(pilot, "]", "b")
        assert "The first" in lab.text
        await pilot.press("enter")
        view = await opened(pilot)
        assert view.walk.block.text.startswith("Paragraph 20")
        await opened(pilot, "m")
        assert lab.app.notes.all == ()
        assert "◆" not in lab.text


async def test_a_note_is_written_shown_at_its_place_and_removed():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot, "enter", "a")
        await pilot.press(*"mind", "enter", *"this", "escape")
        await settled(pilot)
        (note,) = lab.app.notes.all
        assert (note.text, note.place) == ("mind\nthis", place_of(view.walk.block))
        assert "✎ mind" in lab.text
        await pilot.press("a", "ctrl+g")
        assert lab.app.notes.all == (note,)
        await opened(pilot, "b", "d", "escape")
        assert lab.app.notes.all == ()
        assert "✎" not in lab.text


async def test_a_mark_is_gone_to_from_the_contents():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot)
        lab.app.notes.put("first", place_of(view.walk.blocks[20]), "here it is")
        await opened(pilot, "]", "[", "down")
        assert contents(pilot).chosen == "note:0"
        await opened(pilot, "enter")
        assert view.walk.at == 20
        assert view.has_focus


# --- finding one's way ------------------------------------------------------------------------------------------------


async def test_pages_are_turned_while_the_contents_have_the_focus():
    lab = Lab(start="course", preferences=Preferences(Config(animation=False)))
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot)
        for key, further in (("pagedown", True), ("space", True), ("pageup", False)):
            before = view.scroll_y
            await opened(pilot, key)
            assert contents(pilot).has_focus
            assert (view.scroll_y > before) is further


async def test_one_goes_from_heading_to_heading_and_from_paragraph_to_paragraph():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot, "enter", "}", "}")
        assert view.walk.block.text == "Last"
        assert "Last" in lab.text.splitlines()[2]
        await opened(pilot, "j")
        assert "zephyr" in view.walk.block.text
        await opened(pilot, "k", "{")
        assert view.walk.block.text == "Middle"


async def test_words_are_searched_in_the_lesson_and_in_everything():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot, "enter", "/")
        await pilot.press(*"zeph")
        await pilot.pause(0.1)
        assert "In this lesson" in lab.text
        await pilot.press("enter")
        await opened(pilot)
        assert "zephyr" in view.walk.block.text
        await shows(pilot, lab, "epoch")  # the figure that came in sight trains
        assert "zephyr" in lab.text
        await opened(pilot, "/")
        assert pilot.app.screen.words.value == "zeph"
        pilot.app.screen.words.value = "early stopping"
        await pilot.pause(0.1)
        assert "Everywhere" in lab.text
        await pilot.press("enter")
        await settled(pilot)
        assert lab.app.beside.place.startswith("term:")


async def test_a_lesson_that_was_searched_opens_where_the_words_are():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot, "]")
        lab.app.read("first", "paragraph 17")
        await opened(pilot)
        assert "Paragraph 17" in view.walk.block.text
        await opened(pilot, "n")
        assert "Paragraph 17 fills the page with more" in view.walk.block.text
        await opened(pilot, "N")
        assert "Paragraph 17 fills the page with words" in view.walk.block.text


async def test_the_text_has_the_width_that_is_set():
    lab = Lab(start="course")
    async with lab.app.run_test(size=(200, 40)) as pilot:
        view = await opened(pilot, "enter")
        widths = {}
        for _ in range(3):
            widths[lab.app.config.text_width] = view._shown[0].size.width
            await opened(pilot, "w")
        assert widths["narrow"] < widths["normal"] < widths["wide"]
        assert widths["normal"] == 74


async def test_what_is_read_stays_in_sight_when_the_terminal_changes():
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot, "enter")
        view.scroll_to(y=40, animate=False)
        await pilot.pause(0.1)
        top = view._at_top()[0]
        await pilot.resize_terminal(80, 24)
        await opened(pilot)
        assert view._at_top()[0] == top


async def test_a_narrow_terminal_shows_the_text_or_the_contents():
    lab = Lab(start="course")
    async with lab.app.run_test(size=(80, 24)) as pilot:
        view = await opened(pilot)
        assert (view.display, contents(pilot).display) == (True, False)
        await opened(pilot, "escape")
        assert (view.display, contents(pilot).display) == (False, True)
        await opened(pilot, "down", "enter")
        assert view.has_focus
        assert view.lesson.head.id == "second"


# --- what the text is -------------------------------------------------------------------------------------------------


async def test_all_sources_are_named_at_the_end_and_the_questions_there_are(tmp_path):
    head = 'format_version = 1\nlesson = "first"\n'
    (tmp_path / "lessons" / "01-first.quiz.toml").write_text(
        head + "".join(QUESTION.format(id=f"q{k}") for k in "abcdef")
    )
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        (await opened(pilot)).scroll_end(animate=False)
        await settled(pilot)
        assert str(shelf().sources["rosenblatt1958"])[:30] in lab.text
        assert "q 5 questions about this lesson; all 6: dlterm quiz first" in lab.text


async def test_lessons_that_are_turned_fast_are_not_mixed():
    async with Lab(start="course").app.run_test(size=SIZE) as pilot:
        view = await opened(pilot)
        first, second = library.lessons().values()
        whole = len(view.query(Passage))
        await view.show(second)
        await view.show(first)
        await view.show(first)
        await opened(pilot)
        assert len(view.query(Passage)) == whole
        await view.show(first)
        await view.show(second)
        await opened(pilot)
        (passage,) = view.query(Passage)
        assert passage.block.text.startswith("Back to the first")
        assert len(view.query(Static)) == 3


async def test_a_lesson_says_what_one_can_do_after_it_and_what_to_read_before(tmp_path):
    file = tmp_path / "lessons" / "02-second.md"
    head = 'question = "Why?"\nable = ["count to two"]\nneeds = ["first"]\n'
    file.write_text(file.read_text().replace('question = "Why?"\n', head))
    lab = Lab(start="course")
    async with lab.app.run_test(size=SIZE) as pilot:
        view = await opened(pilot, "enter", "]")
        about = view.query_one(".about", Static)
        assert "count to two" in str(about.content)
        await pilot.click(about, offset=(2 + len("To be read before: "), 2))
        await settled(pilot)
        assert view.lesson.head.id == "first"


async def test_escape_closes_a_card_before_it_leaves_the_text():
    lab = Lab(start="course")
    async with lab.app.run_test(size=(80, 24)) as pilot:
        view = await opened(pilot)
        await pilot.press("l", "enter")
        await settled(pilot)
        assert pilot.app.screen.card.display
        await pilot.press("escape")
        await settled(pilot)
        assert not pilot.app.screen.card.display
        assert pilot.app.focused is view
        await pilot.press("escape")
        await settled(pilot)
        assert pilot.app.focused is pilot.app.screen.contents
