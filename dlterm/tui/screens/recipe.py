"""The line of the recipe, to be written by hand: what is wrong with it is said as it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from dlterm.course.content import presets
from dlterm.errors import DltermError
from dlterm.text import safe
from dlterm.training.recipe import Recipe
from dlterm.training.session import check_drawable
from dlterm.tui.over import Over

if TYPE_CHECKING:
    from textual.app import ComposeResult

_HINT = "a set, a file or a preset, then ? and settings: moons?noise=0.2&hidden=8,8"


def recipe_of(text: str) -> Recipe:
    """The recipe of a line, or of the preset of that name, that the lab can show. Raises DltermError (usage)."""
    named = {preset.id: preset.recipe for preset in presets()}
    recipe = Recipe.parse(named.get(text.strip(), text.strip()))
    check_drawable(recipe)
    return recipe


class RecipeScreen(Over[Recipe | None]):
    """Ends with a recipe that can be trained, or with none."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Leave it", show=False)]
    DEFAULT_CSS = """
    RecipeScreen {
        align: center top; background: $background 40%;
        Vertical {
            width: 90%; max-width: 110; height: auto; margin-top: 2; padding: 0 1;
            background: $surface; border: round $primary; border-title-color: $foreground;
        }
        Input { background: $surface; }
        #wrong { color: $text-muted; }
        #wrong.-wrong { color: $error; }
    }
    """

    line = getters.query_one(Input)
    wrong = getters.query_one("#wrong", Static)

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self._recipe = recipe

    def compose(self) -> ComposeResult:
        """The line, and what is wrong with it."""
        with Vertical() as box:
            box.border_title = "Recipe"
            yield Input(str(self._recipe), compact=True, max_length=2000, select_on_focus=False)
            yield Static(_HINT, id="wrong", markup=False)

    def on_input_changed(self) -> None:
        """Say whether it can be trained."""
        self._written()

    def on_input_submitted(self) -> None:
        """End with it, if it can be trained."""
        recipe = self._written()
        if recipe is not None:
            self.dismiss(recipe)

    def _written(self) -> Recipe | None:
        """The recipe as it is written; None, and said why, where it cannot be trained."""
        try:
            recipe = recipe_of(self.line.value)
        except DltermError as error:
            self._say(error.message + (f": {error.hint}" if error.hint else ""), wrong=True)
            return None
        self._say(_HINT, wrong=False)
        return recipe

    def _say(self, text: str, *, wrong: bool) -> None:
        self.wrong.set_class(wrong, "-wrong")
        self.wrong.update(safe(text))
