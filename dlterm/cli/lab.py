"""`dlterm lab [DATA]`: the interactive session; what `dlterm` alone opens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.complete import complete_data
from dlterm.cli.options import no_color_option
from dlterm.cli.screens import open_app, require_terminal
from dlterm.tui.opening import Opening

if TYPE_CHECKING:
    from dlterm.training.recipe import Recipe


@click.command(epilog=examples(*COMMANDS["lab"].examples))
@click.argument("data", required=False, shell_complete=complete_data)
@click.option(
    "--presets",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Step through the presets of one's own in FILE; see dlterm help presets.",
)
@no_color_option
def command(data: str | None, presets: Path | None) -> int:
    """Open the lab on DATA: a set, a file, a preset, or a recipe, as dlterm train takes them.

    Without DATA, on what it was left with; with --presets, on the first of them.
    """
    require_terminal()
    if presets is not None:
        from dlterm.tui.preparing import prepared

        if data is not None:
            raise click.UsageError("DATA and --presets exclude each other")
        return open_app(Opening("lab", presets=prepared(presets)))
    if data is None:
        return open_app(Opening("lab"))
    from dlterm.cli.recipe_options import resolve
    from dlterm.training.session import check_drawable

    recipe = resolve(data, {})
    check_drawable(recipe)
    if recipe.model == "linear":
        # The same network, by settings that the lab can turn.
        recipe = recipe.with_hidden(()).with_(model="mlp")
    _require_data(recipe)
    return open_app(Opening("lab", recipe))


def _require_data(recipe: Recipe) -> None:
    """Raise DltermError where there is no such set or file, before a screen is opened only to say so."""
    from dlterm.tui.turning import SETS

    if recipe.data not in SETS and not Path(recipe.data).exists():
        from dlterm.training.learner import load

        load(recipe)
