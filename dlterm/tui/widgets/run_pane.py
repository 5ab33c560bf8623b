"""The pane of a run that is watched: how far it is, how fast, how old what is shown is, and its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from dlterm.clock import local
from dlterm.text import safe
from dlterm.tui.settings import Heading, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from dlterm.training.recipe import Recipe
    from dlterm.training.run_info import RunInfo
    from dlterm.training.watching import Watched

_FACT, _SETTING = 8, 16  # columns of what a fact is called, and a setting
_WIDEST_BAR = 40

STATUS = {
    "running": ("▶ running", "$success"),
    "finished": ("✔ finished", "$success"),
    "stopped early": ("✔ stopped early", "$success"),
    "diverged": ("✖ diverged", "$error"),
    "interrupted": ("‖ interrupted", "$accent"),
    "deleted": ("✖ deleted", "$error"),
    "unreadable": ("✖ unreadable", "$error"),
}


class RunPane(VerticalScroll, can_focus=True):
    """Facts, one a row; scrolled where there is no room for all."""

    BORDER_TITLE = "Run"
    DEFAULT_CSS = """
    RunPane {
        scrollbar-size-vertical: 1; padding: 0 1;
        Static { width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """
    topic = "watch"

    def __init__(self, run: RunInfo) -> None:
        super().__init__()
        self._run = run
        self._facts = Content("")

    def compose(self) -> ComposeResult:
        """The text."""
        yield Static(markup=False)

    def show(self, watched: Watched, now: float) -> None:
        """Tell what is known at a time (as time.time() gives it)."""
        facts = Content("\n").join(self._lines(watched, now))
        if facts != self._facts:
            self._facts = facts
            self.query_one(Static).update(facts)

    def _lines(self, watched: Watched, now: float) -> Iterator[Content]:
        recipe, run = watched.snapshot.recipe, self._run
        yield self._bar(watched, recipe)
        yield _fact("epoch", f"{watched.epoch:,} of {recipe.epochs:,}")
        yield _fact("trained", _trained(watched))
        yield _fact("shown", _shown(watched))
        if watched.saved is not None and watched.status == "running":
            yield _fact("saved", f"{_duration(max(0.0, now - watched.saved))} ago")
        yield _fact("run", safe(str(run.path)))
        if run.created is not None:
            yield _fact("begun", f"{local(run.created):%Y-%m-%d %H:%M:%S}")
        for row in rows(recipe):
            if isinstance(row, Heading):
                yield Content.styled(f"\n{row.id}", "italic $text-muted")
            else:
                yield _fact(row.title, safe(row.value(recipe)), _SETTING)

    def _bar(self, watched: Watched, recipe: Recipe) -> Content:
        cells = max(1, min(_WIDEST_BAR, self.size.width - 8))
        share = min(1.0, watched.epoch / recipe.epochs) if recipe.epochs else 1.0
        done = int(share * cells)
        _, colour = STATUS[watched.status]
        return Content.assemble(("━" * done, colour), ("─" * (cells - done), "$border"), f" {share:4.0%}")


def _fact(title: str, value: str, columns: int = _FACT) -> Content:
    return Content.assemble((f"{title:<{columns}}", "$text-muted"), value)


def _trained(watched: Watched) -> str:
    left = "" if watched.seconds_left is None else f", {_duration(watched.seconds_left)} to go"
    return _duration(watched.seconds) + left


def _shown(watched: Watched) -> str:
    """Of which moment the network and its boundary are."""
    if watched.saved is not None:
        return f"epoch {watched.snapshot.epoch:,}"
    return "the first weights" if watched.snapshot.field is not None else "the curves alone"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, hours = int(seconds // 60), int(seconds // 3600)
    return f"{minutes} min" if hours < 1 else f"{hours} h {minutes % 60} min"
