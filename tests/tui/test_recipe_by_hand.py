from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Input

from dlterm.course.content import presets
from dlterm.training.recipe import Recipe
from dlterm.tui.screens.lab import LabScreen
from dlterm.tui.screens.recipe import RecipeScreen
from tests.tui.support import settled

SIZE = (120, 40)


async def write(pilot, text):
    await settled(pilot)
    await pilot.press("colon")
    await pilot.pause()
    assert isinstance(pilot.app.screen, RecipeScreen)
    pilot.app.screen.query_one(Input).value = text
    await pilot.pause()


@pytest.mark.parametrize(
    ("text", "recipe"),
    [
        ("moons?noise=0.2&hidden=8,8", Recipe(data="moons", noise=0.2)),
        (" xor ", Recipe(data="xor")),
        (presets()[0].id, Recipe.parse(presets()[0].recipe)),
    ],
)
async def test_a_recipe_that_is_written_is_trained(lab, text, recipe):
    async with lab.app.run_test(size=SIZE) as pilot:
        await write(pilot, text)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(lab.screen, LabScreen)
        assert lab.screen.player.recipe == recipe
        assert lab.told == [("begin", recipe)]


@pytest.mark.parametrize(
    ("text", "said"), [("moons?hiden=3", "hidden"), ("xor?lr=fast", "lr"), ("digits?model=cnn", "cnn")]
)
async def test_what_is_wrong_is_said_as_it_is_typed_and_is_not_trained(lab, text, said):
    async with lab.app.run_test(size=SIZE) as pilot:
        await write(pilot, text)
        assert said in str(lab.screen.wrong.content)
        await pilot.press("enter")
        assert isinstance(lab.screen, RecipeScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert lab.screen.player.recipe == Recipe()


async def test_a_recipe_is_pasted_and_nonsense_is_not(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for text in ("rings?classes=3\n", "a letter?to=you"):
            lab.screen.post_message(events.Paste(text))
            await pilot.pause()
        assert lab.screen.player.recipe == Recipe(data="rings", classes=3)
        assert any(note.title == "not a recipe" for note in lab.app._notifications)
