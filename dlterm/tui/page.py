"""A page: what all modes' screens have, whatever they show."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.geometry import Size

from dlterm.errors import DltermError
from dlterm.tui.app import DltermApp
from dlterm.tui.arrangement import LEAST
from dlterm.tui.exporting import Exporting
from dlterm.tui.modes import MODE_IDS
from dlterm.tui.widgets.card_pane import CardPane
from dlterm.tui.widgets.footer import Footer
from dlterm.tui.widgets.mode_bar import ModeBar
from dlterm.tui.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Sequence

    from textual import events
    from textual.app import ComposeResult, SystemCommand
    from textual.dom import DOMNode
    from textual.widget import Widget

    from dlterm.experiments.registry import Entry
    from dlterm.tui.actions import Action
    from dlterm.tui.widgets.card import Card
    from dlterm.tui.widgets.card_pane import Edge

_FIRST_CARD = "term:deep-learning"
_WHOLE = 2.0  # seconds after which a page has all its widgets


class Page(Exporting[None]):
    """A line at the top, what the mode shows, a card beside it, the keys below; too small a terminal gets a message.

    A subclass names its `PLACE` among those of `dlterm.tui.actions`, binds its keys, and composes its `body`.
    """

    PLACE: ClassVar[str]
    STAYS: ClassVar[bool] = False  # whether it stays over its mode's first page while one is in another mode
    DEFAULT_CSS = """
    Page {
        background: $background;
        layers: default above;
        TooSmall { display: none; height: 1fr; content-align: center middle; text-align: center; color: $accent; }
        &.-too-small > * { display: none; }
        &.-too-small > TooSmall { display: block; }
    }
    """

    app = getters.app(DltermApp)
    card = getters.query_one(CardPane)

    def compose(self) -> ComposeResult:
        """The parts of every page."""
        yield self.head()
        yield TooSmall()
        yield CardPane(self.app.beside)
        yield from self.body()
        yield Footer()

    def on_mount(self) -> None:
        """A page stays as long as the app."""
        self.set_timer(_WHOLE, self.app.settle)

    @work(thread=True)
    def read_ahead(self) -> None:
        """Read what would be waited for: a search 0.15 s, the course 0.1 s, a lesson's end 0.15 s, pages 5 to 15 ms."""
        from dlterm.course import search
        from dlterm.experiments.registry import entries
        from dlterm.quiz.bank import bank

        for name in (*MODE_IDS, "commands"):
            import_module(f"dlterm.tui.screens.{name}")
        entries()
        with suppress(DltermError):  # whoever asks will say it
            search.index()
            bank()

    def head(self) -> Widget:
        """The line at the top."""
        return ModeBar(self.PLACE)

    def body(self) -> ComposeResult:
        """What the mode shows."""
        raise NotImplementedError

    def lay_out(self, size: Size) -> None:
        """Share out what the card leaves; nothing to do where the style sheet does it."""

    def subject(self) -> str:
        """The place of the course, `kind:id`, that explains what is chosen; "" where nothing does."""
        return ""

    def commands(self) -> Iterable[SystemCommand]:
        """What the palette offers here beside the actions."""
        return ()

    # --- room ---------------------------------------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        """Share out the new size."""
        self.share_out(event.size)

    def on_screen_resume(self) -> None:
        """Show beside it what stood beside the page before."""
        self.share_out(self.app.size)

    def share_out(self, size: Size) -> None:
        """Give the card its columns, and the page the others."""
        self.set_class(size.width < LEAST[0] or size.height < LEAST[1], "-too-small")
        self.lay_out(Size(size.width - self.card.share(size, LEAST[0]), size.height))

    # --- the card -----------------------------------------------------------------------------------------------------

    def explain(self) -> None:
        """Have an open card follow what is chosen."""
        subject = self.subject()
        if self.app.beside.is_open and subject:
            self.turn_card(subject)

    def close_card(self) -> None:
        """Give the page the card's room."""
        if self.app.beside.is_open:
            self.app.beside.is_open = False
            self.share_out(self.app.size)

    def turn_card(self, place: str) -> None:
        """Show a place on the card."""
        self.app.beside.show(place)
        self.share_out(self.app.size)

    def on_card_followed(self, message: Card.Followed) -> None:
        """Follow a link on the card; an experiment is opened."""
        if not self.opens(message.place):
            self.turn_card(message.place)

    def opens(self, place: str) -> bool:
        """Open what a link leads to, where that is no card but an experiment; whether it is."""
        kind, _, name = place.partition(":")
        if kind == "experiment":
            self.open_experiment(name)
        return kind == "experiment"

    def on_edge_dragged(self, message: Edge.Dragged) -> None:
        """Give the card the room up to there."""
        self.app.beside.widen(self.app.size.width - message.column)
        self.share_out(self.app.size)

    def action_card(self) -> None:
        """Explain what is chosen; the second time, close the card."""
        beside = self.app.beside
        subject = self.subject() or beside.place or _FIRST_CARD
        beside.is_open = not (beside.is_open and beside.place == subject)
        self.turn_card(subject)

    def action_card_back(self) -> None:
        """The card before."""
        self.app.beside.back()
        self.share_out(self.app.size)

    def action_wider(self) -> None:
        """More room for the card."""
        self.app.beside.widen_by(1)
        self.share_out(self.app.size)

    def action_narrower(self) -> None:
        """Less room for it."""
        self.app.beside.widen_by(-1)
        self.share_out(self.app.size)

    # --- experiments --------------------------------------------------------------------------------------------------

    def fitting(self) -> list[Entry]:
        """The experiments that fit what the card says, and then what is chosen here."""
        from dlterm.tui.fitting import experiments_at

        places = (self.app.beside.place if self.app.beside.is_open else "", self.subject())
        return list({each.id: each for place in places for each in experiments_at(place)}.values())

    def open_experiment(self, name: str) -> None:
        """Open an experiment by its id; it leads back here."""
        from dlterm.tui.experiment_player import Trial

        self.app.open_experiment(Trial(name))

    def action_fitting(self) -> None:
        """The experiments that fit, to choose from; where there is but one, that one."""
        from dlterm.tui.screens.fitting import FittingScreen

        found = self.fitting()
        if len(found) > 1:
            self.app.push_screen(FittingScreen(found), self._open_chosen)
        elif found:
            self.open_experiment(found[0].id)
        else:
            text = "No experiment is about this yet; see the list of all."
            self.notify(text, title="experiments", markup=False, timeout=4)

    def _open_chosen(self, entry: Entry | None) -> None:
        if entry is not None:
            self.open_experiment(entry.id)

    # --- over the page ------------------------------------------------------------------------------------------------

    def places(self) -> list[str]:
        """Where the focus is, from the pane outwards: places of the table of actions."""
        nodes = self.focused.ancestors_with_self if self.focused else [self]
        named = (getattr(node, name, "") for node in nodes for name in ("topic", "PLACE"))
        return [place for place in named if place]

    def action_help(self) -> None:
        """What the pane in focus shows, and every key."""
        from dlterm.tui.screens.help import HelpScreen

        nodes = list(self.focused.ancestors_with_self) if self.focused else [self]
        self.app.push_screen(HelpScreen(self.places(), partial(self._carry_out, nodes)))

    def _carry_out(self, nodes: Sequence[DOMNode], action: Action) -> Awaitable[bool]:
        """Do what a key does where the focus was on these."""
        here = action.is_page or action.place != "app"
        owner = next((node for node in nodes if getattr(node, "PLACE", "") == action.place), self)
        return self.app.run_action(action.textual, owner if here else self.app)

    def action_zoom(self) -> None:
        """The pane in focus alone, or all panes again."""
        if self.maximized is not None:
            self.minimize()
        elif self.focused is not None:
            self.maximize(self.focused)
        self.share_out(self.app.size)

    def action_jump(self) -> None:
        """A letter on every pane."""
        from dlterm.tui.screens.jump import JumpScreen

        panes = [widget for widget in self.focus_chain if widget.region]
        self.app.push_screen(JumpScreen(panes), self._jump)

    def _jump(self, pane: Widget | None) -> None:
        if pane is not None:
            pane.focus()
