"""What can be taken out: the screen from every page, the network from the lab; never over a file that is there."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from dlterm.training.keeping import Standing
from dlterm.training.learner import Learner
from dlterm.training.model_file import Model
from dlterm.training.recipe import Recipe
from dlterm.training.run_info import find_runs
from dlterm.training.snapshot import Curves
from dlterm.tui.modes import MODES
from dlterm.tui.screens.export import ExportScreen
from tests.tui.support import FakeSession, Lab, settled

SIZE = (120, 40)
RECIPE = Recipe(data="moons", count=80, hidden=(3,), epochs=20)


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def learner():
    learner = Learner(RECIPE)
    learner.advance(40)
    return learner


@pytest.fixture
def lab(monkeypatch, learner):
    curves = Curves(*np.array([[0.0, 1.0, 2.0], *[[0.7, 0.6, 0.5]] * 4]))
    monkeypatch.setattr(FakeSession, "stand", lambda _, take: take(Standing(learner.apart(), curves, 100.0)))
    return Lab(RECIPE)


async def done(pilot):
    await pilot.pause(0.1)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause(0.1)


async def export(pilot, *keys):
    """Open the list, and press keys there."""
    await pilot.press("E")
    for _ in range(100):
        await pilot.pause(0.02)
        if isinstance(pilot.app.screen, ExportScreen) and pilot.app.screen.focused is not None:
            break
    await pilot.press(*keys)
    await done(pilot)


# --- the screen -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
async def test_every_page_is_written_as_a_picture_and_as_text(mode):
    lab = Lab(start=mode.id)
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        seen = lab.text
        await export(pilot, "enter")
        await export(pilot, "down", "enter")
        lines = seen.split("\n")
        text = Path(f"dlterm-{mode.id}.txt").read_text(encoding="utf-8").split("\n")
        assert len(text) == SIZE[1] + 1
        assert text[0] == lines[0].rstrip()
        svg = Path(f"dlterm-{mode.id}.svg").read_text(encoding="utf-8")
        ET.fromstring(svg)
        assert "dlterm" in svg
        assert "url(http" not in svg


async def test_the_picture_is_that_of_the_page_and_not_of_the_list_over_it(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await export(pilot, "down", "enter")
        text = Path("dlterm-lab.txt").read_text(encoding="utf-8")
        assert "Export" not in text
        assert "Network" in text
        assert "▀" in text


async def test_no_file_is_written_over_and_where_it_is_is_told(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        Path("dlterm-lab.svg").write_text("mine", encoding="utf-8")
        await pilot.press("E")
        await pilot.pause(0.2)
        assert "dlterm-lab-2.svg" in lab.text
        await pilot.press("enter")
        await done(pilot)
        assert Path("dlterm-lab.svg").read_text(encoding="utf-8") == "mine"
        assert Path("dlterm-lab-2.svg").stat().st_size > 1000
        assert any("dlterm-lab-2.svg" in note.message for note in lab.app._notifications)


async def test_another_name_can_be_written_and_one_that_is_taken_is_refused_at_once(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        Path("mine.svg").write_text("mine", encoding="utf-8")
        await pilot.press("E")
        await pilot.pause(0.1)
        lab.screen.name_line.value = "mine.svg"
        lab.screen.name_line.focus()
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert isinstance(lab.screen, ExportScreen)
        assert "mine.svg: there is such a file" in lab.text
        lab.screen.name_line.value = "nowhere/a.svg"
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert "no such directory" in lab.text
        for odd in ("x" * 400, "~nobody-here/a.svg", "a" * 300 + "/b"):
            lab.screen.name_line.value = odd
            await pilot.press("enter")
            await done(pilot)
            assert lab.app.is_running
            if not isinstance(lab.screen, ExportScreen):  # told by the one who writes
                await pilot.press("E")
                await pilot.pause(0.1)
                lab.screen.name_line.focus()
        lab.screen.name_line.value = "other.svg"
        await pilot.press("enter")
        await done(pilot)
        assert Path("other.svg").is_file()
        assert Path("mine.svg").read_text(encoding="utf-8") == "mine"


async def test_a_file_that_cannot_be_written_is_told_and_nothing_breaks(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.screen.take_out(lab.screen.offers()[0], Path("/proc/nowhere.svg"))
        await done(pilot)
        assert any("nowhere.svg" in note.message for note in lab.app._notifications)
        assert lab.app.is_running


async def test_the_list_is_left_by_escape_and_its_keys_can_be_clicked(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await export(pilot, "escape")
        assert not isinstance(lab.screen, ExportScreen)
        await pilot.press("E")
        await pilot.pause(0.2)
        rows = lab.text.split("\n")
        row = next(number for number, line in enumerate(rows) if "⏎ write" in line)
        await pilot.click(offset=(rows[row].index("⏎ write") + 2, row))
        await done(pilot)
        assert Path("dlterm-lab.svg").is_file()


async def test_the_notification_of_one_export_is_not_in_the_next():
    lab = Lab()
    async with lab.app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await export(pilot, "down", "enter")
        await pilot.pause(0.3)
        assert "written" in lab.text
        await export(pilot, "down", "enter")
        first, second = Path("dlterm-lab.txt"), Path("dlterm-lab-2.txt")
        assert second.read_text(encoding="utf-8") == first.read_text(encoding="utf-8")
        assert "written" in lab.text


# --- the network ----------------------------------------------------------------------------------------------------


async def test_one_key_keeps_the_network_as_a_run_that_answers_the_same(lab, learner):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("S")
        await done(pilot)
        (run,) = find_runs(Path("runs"))
        assert run.recipe == RECIPE
        assert run.status == "interrupted"
        assert any(str(run.path) in note.message for note in lab.app._notifications)
        inputs = learner.dataset.inputs[:9]
        answers = Model(run.path / "model.safetensors").predict(inputs)
        np.testing.assert_allclose(answers, learner.predict(inputs), atol=1e-6)
        assert "moons" in (run.path / "report.txt").read_text(encoding="utf-8")


async def test_saving_twice_keeps_two_runs(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for _ in range(2):
            await pilot.press("S")
            await done(pilot)
        assert len(find_runs(Path("runs"))) == 2


async def test_the_network_is_written_and_copied_as_source(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for downs, name in ((3, "pytorch"), (4, "keras"), (5, "sklearn")):
            await export(pilot, *["down"] * downs, "enter")
            written = Path(f"moons-{name}.py").read_text(encoding="utf-8")
            compile(written, name, "exec")
            await export(pilot, *["down"] * downs, "c")
            assert lab.app.clipboard == written


async def test_keys_pressed_quickly_mix_up_no_names(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("E")
        await pilot.pause(0.1)
        names = dict(lab.screen._names)
        await pilot.press(*["down"] * 5, *["up"] * 2)
        await pilot.pause(0.1)
        assert lab.screen._names == names
        assert lab.screen.name_line.value == "moons-pytorch.py"


async def test_a_large_network_has_its_weights_beside_its_source(lab, monkeypatch, learner):
    import dlterm.training.source as sources

    monkeypatch.setattr(sources, "INLINE", 5)
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await export(pilot, *["down"] * 3, "enter")
        assert "moons-pytorch.safetensors" in Path("moons-pytorch.py").read_text(encoding="utf-8")
        assert Path("moons-pytorch.safetensors").is_file()
        await export(pilot, *["down"] * 3, "c")
        assert any("are written out" in note.message for note in lab.app._notifications)


async def test_where_there_is_no_network_that_is_told(lab, monkeypatch):
    monkeypatch.setattr(FakeSession, "stand", lambda _, take: take(None))
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("S")
        await done(pilot)
        assert any("no network yet" in note.message for note in lab.app._notifications)
        assert find_runs(Path("runs")) == []


async def test_the_palette_offers_each_of_them(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        commands = {command.title: command for command in lab.app.get_system_commands(lab.screen)}
        for offer in lab.screen.offers():
            assert f"Export: {offer.title}" in commands
        commands["Export: Screen, as text"].callback()
        await done(pilot)
        assert Path("dlterm-lab.txt").is_file()
