"""The modes: each is come to by key, by mouse and from the palette, and keeps what it showed."""

from __future__ import annotations

import pytest
from textual.widgets import DataTable, Input, OptionList, Static

from dlterm.course.shelf import shelf
from dlterm.training.recipe import Recipe
from dlterm.tui.modes import MODES
from dlterm.tui.widgets.pane import Pane
from tests.tui.support import Lab, settled, snapshot


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def app(start="home"):
    lab = Lab(start=start)
    return lab.app


async def shown(pilot):
    await settled(pilot)
    return pilot.app.current_mode


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
async def test_a_mode_is_come_to_by_its_key_from_every_other(mode):
    for start in MODES:
        async with app(start.id).run_test(size=(120, 40)) as pilot:
            await settled(pilot)
            await pilot.press(mode.key)
            assert await shown(pilot) == mode.id


async def test_a_mode_is_come_to_by_the_mouse():
    async with app().run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        bar = " dlterm   1 Home  2 Lab  3 Course  4 Experiments  5 Quiz  6 Progress  7 S"
        await pilot.click("ModeBar", offset=(len(bar), 0))
        assert await shown(pilot) == "shelf"


async def test_the_palette_goes_everywhere():
    async with app().run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        titles = [command.title for command in pilot.app.get_system_commands(pilot.app.screen)]
        assert all(any(mode.title in title for title in titles) for mode in MODES)


async def test_a_digit_that_is_typed_into_the_search_goes_nowhere():
    async with app("shelf").run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("slash", "1", "9", "8", "6")
        assert await shown(pilot) == "shelf"
        assert pilot.app.screen.query_one(Input).value == "1986"
        assert pilot.app.screen.query_one(OptionList).option_count > 1


async def test_home_leads_to_the_presets_of_the_lab():
    lab = Lab(start="home")
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        entries = pilot.app.screen.query_one(OptionList)
        leads = [getattr(entries.get_option_at_index(k), "leads", "") for k in range(entries.option_count)]
        entries.highlighted = next(k for k, place in enumerate(leads) if place.startswith("recipe:xor"))
        await pilot.press("enter")
        assert await shown(pilot) == "lab"
        assert pilot.app.screen.player.recipe.data == "xor"


@pytest.mark.parametrize("start", ["home", "lab"])
async def test_below_a_dialog_nothing_is_drawn(start):
    lab = Lab(start=start)
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        page = lab.screen
        assert page.is_seen
        await pilot.press("f1")
        await pilot.pause()
        assert lab.screen is not page
        assert not page.is_seen
        pictures = [pane.raster for pane in page.query(Pane) if pane.raster is not None]
        before = [picture.frame for picture in pictures]
        page.player.newest = snapshot(page.player.recipe, number=2)
        page.draw()
        assert all(picture.frame is frame for picture, frame in zip(pictures, before, strict=True))
        await pilot.press("escape")
        await pilot.pause()
        assert page.is_seen


async def test_what_home_trains_rests_where_nobody_looks():
    lab = Lab(start="home")
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        home = pilot.app.screen
        assert home.player.playing
        await pilot.press("7")
        await settled(pilot)
        assert not home.player.playing
        await pilot.press("1")
        await settled(pilot)
        assert home.player.playing


async def test_the_runs_are_listed_and_open_in_the_lab(dlterm_run):
    async with app("runs").run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert "precision" in str(pilot.app.screen.query_one("#card", Static).content)
        await pilot.press("o")
        assert await shown(pilot) == "lab"
        assert pilot.app.screen.player.recipe == Recipe(data="xor", count=100, epochs=2)


@pytest.fixture
def dlterm_run(tmp_path, capsys):
    from dlterm.cli.main import main

    assert main(["train", "xor?count=100&epochs=2", "--out", "runs/one", "-q"]) == 0
    capsys.readouterr()


async def test_without_runs_it_says_how_to_make_one():
    async with app("runs").run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert "dlterm train spirals" in card(pilot)
        assert "So does S in the lab (2)." in card(pilot)


def card(pilot):
    return str(pilot.app.screen.query_one("#card", Static).content)


async def test_the_shelf_shows_what_the_cursor_is_on():
    async with app("shelf").run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        first, second, *_ = sorted(shelf().terms.values(), key=lambda term: term.name.casefold())
        assert first.text in card(pilot)
        await pilot.press("down")
        await pilot.pause()
        assert second.text in card(pilot)


async def test_the_sections_follow_each_other_and_a_table_is_sorted_by_a_column():
    async with app("shelf").run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("]")
        await settled(pilot)
        assert "1943" in card(pilot)
        await pilot.press("]")
        await settled(pilot)
        table = pilot.app.screen.query_one(DataTable)
        assert table.row_count > 10
        years = lambda: [str(table.get_row_at(k)[2].value) for k in range(5)]  # noqa: E731
        before = years()
        for turn in (1, 2):
            pilot.app.screen.on_data_table_header_selected(
                DataTable.HeaderSelected(table, list(table.columns)[2], 2, None)
            )
            column = [table.get_row_at(k)[2].value for k in range(table.row_count)]
            assert column == sorted(column, reverse=turn == 2)
        assert before


async def test_a_table_is_sorted_by_keys_and_tells_by_what_and_the_source_of_the_row_under_the_cursor():
    async with app("shelf").run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        screen = pilot.app.screen
        screen.open("table:accelerators")
        await settled(pilot)
        table, found = screen.query_one(DataTable), shelf().tables["accelerators"]
        await pilot.press("s", "s", "s")
        assert table.display
        assert "sorted by year ▲" in card(pilot)
        await pilot.press("S")
        assert "sorted by year ▼" in card(pilot)
        years = [table.get_row_at(k)[2].value for k in range(table.row_count)]
        assert years == sorted(years, reverse=True)
        await pilot.press("tab")
        table.focus()
        await pilot.press("down")
        await pilot.pause()
        name = table.get_row_at(1)[0].value
        keys = next(row["source"] for row in found.records() if row["name"] == name).split()
        assert all(str(shelf().sources[key]) in card(pilot) for key in keys)


async def test_a_search_finds_as_it_is_typed_and_escape_forgets_it():
    async with app("shelf").run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        everything = pilot.app.screen.query_one(OptionList).option_count
        await pilot.press("slash", *"softmax")
        await settled(pilot)
        assert card(pilot).startswith("Softmax")
        await pilot.press("enter", "escape")
        await settled(pilot)
        assert pilot.app.screen.query_one(OptionList).option_count == everything
        await pilot.press("slash", *"qqqq")
        await settled(pilot)
        assert "nothing found" in card(pilot)


async def test_a_card_leads_to_what_it_mentions():
    async with app("shelf").run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        term = next(term for term in shelf().terms.values() if term.see)
        pilot.app.screen.entry.action_open(f"term:{term.see[0]}")
        await pilot.pause()
        assert shelf().terms[term.see[0]].text in card(pilot)
