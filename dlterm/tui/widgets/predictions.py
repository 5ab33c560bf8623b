"""What may come out of an experiment, to choose from before it is run."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from textual import getters
from textual.content import Content
from textual.widgets.option_list import Option

from dlterm.text import safe
from dlterm.tui.app import DltermApp
from dlterm.tui.widgets.entries import Entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.experiments.experiment import Prediction

_SET_IN = 3  # columns before the words
_SKIP = "Just run it: I do not want to guess"


class Predictions(Entries):
    """Entries whose ids are the numbers of the predictions; the last one stands for none of them."""

    topic = "prediction"
    app = getters.app(DltermApp)

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._choices: Sequence[Prediction] = ()
        self._first = 0

    def list_choices(self, choices: Sequence[Prediction], expected: str = "") -> None:
        """List what may be expected, the cursor on what was `expected` before."""
        self._choices = choices
        ids = [choice.id for choice in choices]
        self._first = ids.index(expected) if expected in ids else 0
        self._write(self._first)

    def on_resize(self) -> None:
        """Wrap the words anew."""
        self._write(self.number)

    @property
    def number(self) -> int:
        """Which is under the cursor: beyond the last, none of them."""
        option = self.highlighted_option
        return int(option.id or 0) if option else self._first

    def _write(self, number: int) -> None:
        width = self.scrollable_content_region.width
        if not self._choices or width <= _SET_IN:
            return
        keys = self.app.keys
        lines = [
            _entry(keys.first(f"experiment.expect{number}"), choice.text, width, "$foreground")
            for number, choice in enumerate(self._choices, start=1)
        ]
        lines.append(_entry(keys.first("experiment.skip"), _SKIP, width, "$text-muted"))
        self.clear_options()
        for place, line in enumerate(lines):
            self.add_option(Option(line, id=str(place)))
            if not self.screen.has_class("-tight") and place < len(lines) - 1:
                self.add_option(Option("", disabled=True))
        self.highlighted = self.get_option_index(str(number))


def _entry(key: str, text: str, width: int, colour: str) -> Content:
    """A choice and its key, and an empty line below it; what is long is set in."""
    lines = textwrap.wrap(safe(text, limit=400), max(8, width - _SET_IN)) or [""]
    words = f"\n{'':{_SET_IN}}".join(lines)
    return Content.assemble((f"{key:{_SET_IN}}", "bold $accent"), (words, colour))
