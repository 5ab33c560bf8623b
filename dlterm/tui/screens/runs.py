"""The runs below the current directory: a list, and the report of the one under the cursor."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from dlterm.text import safe
from dlterm.tui.actions import page_bindings
from dlterm.tui.page import Page
from dlterm.tui.widgets.entries import Entries
from dlterm.tui.widgets.scroll import Scroll

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from dlterm.training.run_info import RunInfo

_ROOT = Path("runs")
_LONGEST = 100_000  # characters of a report


class RunsScreen(Page):
    """Read anew whenever it is come to."""

    PLACE = "runs"
    CSS_PATH = "runs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = "Entries"

    entries = getters.query_one(Entries)
    report = getters.query_one("#card", Static)

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[str, RunInfo] = {}

    def body(self) -> ComposeResult:
        """The list and the report."""
        with Horizontal():
            yield Entries(markup=False)
            with Scroll(id="page"):
                yield Static(id="card")

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
            keys = self.app.keys
            lab = f"So does {keys.first('lab.save')} in the lab ({keys.first('app.lab')})."
            self.report.update(
                f"No runs in runs/ yet. In a shell:\n\n    dlterm train spirals\n\nmakes one. {lab}"
            )

    def on_option_list_option_highlighted(self, message: OptionList.OptionHighlighted) -> None:
        """Show its report."""
        run = self._found.get(message.option_id or "")
        if run is not None:
            self.report.update(_card(run))

    def action_watch(self) -> None:
        """Watch the run under the cursor."""
        run = self._chosen
        if run is not None and run.recipe is not None:
            self.app.watch_run(run)
        elif run is not None:
            self.notify(safe(run.problem), title="it cannot be read", severity="warning", markup=False)

    def action_lab(self) -> None:
        """Open the recipe of the run under the cursor in the lab."""
        run = self._chosen
        if run is not None and run.recipe is not None:
            self.app.open_in_lab(str(run.recipe))

    @property
    def _chosen(self) -> RunInfo | None:
        at = self.entries.highlighted
        option = None if at is None else self.entries.get_option_at_index(at)
        return self._found.get(option.id or "") if option else None


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
