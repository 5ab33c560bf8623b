"""The line of the recipe, to be written by hand."""

from __future__ import annotations

from dlterm.course.content import presets
from dlterm.training.recipe import Recipe
from dlterm.training.session import check_drawable
from dlterm.tui.screens.line import LineScreen


def recipe_of(text: str) -> Recipe:
    """The recipe of a line, or of the preset of that name, that the lab can show. Raises DltermError (usage)."""
    named = {preset.id: preset.recipe for preset in presets()}
    recipe = Recipe.parse(named.get(text, text))
    check_drawable(recipe)
    return recipe


class RecipeScreen(LineScreen[Recipe]):
    """Ends with a recipe that can be trained, or with none."""

    HINT = "a set, a file or a preset, then ? and settings: moons?noise=0.2&hidden=8,8"

    def __init__(self, recipe: Recipe) -> None:
        super().__init__("Recipe", str(recipe))

    def meaning(self, text: str) -> Recipe:
        """The recipe of a line."""
        return recipe_of(text)
