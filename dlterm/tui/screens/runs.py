"""The runs below the current directory: a list, and the report of the one under the cursor."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from dlterm.text import safe
from dlterm.tui.widgets.mode_bar import ModeBar

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from dlterm.training.run_info import RunInfo

_ROOT = Path("runs")
_LONGEST = 100_000  # characters of a report


class RunsScreen(Screen[None]):
    """Read anew whenever it is come to."""

    CSS_PATH = "runs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "read", "Read again", id="runs.read"),
        Binding("enter,o", "lab", "Open its recipe in the lab", key_display="⏎", id="runs.lab"),
    ]
    AUTO_FOCUS = "OptionList"

    entries = getters.query_one(OptionList)
    card = getters.query_one("#card", Static)

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[str, RunInfo] = {}

    def compose(self) -> ComposeResult:
        """The list and the report."""
        yield ModeBar("runs")
        with Horizontal():
            yield OptionList(markup=False)
            with VerticalScroll(id="page"):
                yield Static(id="card")
        yield Footer(show_command_palette=False, compact=True)

    def on_screen_resume(self) -> None:
        """Look what there is now."""
        self.action_read()

    @work(exclusive=True)
    async def action_read(self) -> None:
        """Read the runs, beside the event loop."""
        from dlterm.training.run_info import find_runs

        found = await asyncio.to_thread(find_runs, _ROOT)
        self._found = {run.path.name: run for run in reversed(found)}
        at = self.entries.highlighted or 0
        self.entries.clear_options()
        self.entries.add_options(Option(_line(run), id=name) for name, run in self._found.items())
        if self._found:
            self.entries.highlighted = min(at, len(self._found) - 1)
        else:
            self.card.update("No runs in runs/ yet. In a shell:\n\n    dlterm train spirals\n\nmakes one.")

    def on_option_list_option_highlighted(self, message: OptionList.OptionHighlighted) -> None:
        """Show its report."""
        run = self._found.get(message.option_id or "")
        if run is not None:
            self.card.update(_card(run))

    def on_option_list_option_selected(self) -> None:
        """Open its recipe in the lab."""
        self.action_lab()

    def action_lab(self) -> None:
        """Open the recipe of the run under the cursor in the lab."""
        at = self.entries.highlighted
        option = None if at is None else self.entries.get_option_at_index(at)
        run = self._found.get(option.id or "") if option else None
        if run is not None and run.recipe is not None:
            self.app.open_in_lab(str(run.recipe))  # type: ignore[attr-defined]


def _line(run: RunInfo) -> Content:
    last = run.last or {}
    quality = last.get("test_accuracy")
    score = f"{quality:.1%}" if isinstance(quality, float) else ""
    return Content.assemble((safe(run.path.name), "bold"), f"  {run.status}  ", (score, "$success"))


def _card(run: RunInfo) -> Content:
    head = Content.assemble((safe(str(run.recipe or run.problem)), "bold"), f"\n{run.status}\n\n")
    try:
        report = (run.path / "report.txt").read_text(encoding="utf-8", errors="replace")[:_LONGEST]
    except OSError:
        return head + Content("no report yet: it is written when the run ends")
    return head + Content("\n".join(safe(line) for line in report.splitlines()))
