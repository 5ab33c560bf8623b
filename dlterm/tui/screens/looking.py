"""What a page shows of a run: network, output and charts; and how: one neuron, one example, what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import getters
from textual.containers import Grid
from textual.content import Content
from textual.reactive import var

from dlterm.course.content import panes
from dlterm.tui import describe
from dlterm.tui.arrangement import arranged
from dlterm.tui.screens.playing import Played, Playing
from dlterm.tui.screens.titled import Titled
from dlterm.tui.widgets.chart_pane import ChartPane
from dlterm.tui.widgets.network_pane import NetworkPane
from dlterm.tui.widgets.output_pane import OutputPane
from dlterm.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual.geometry import Size
    from textual.widget import Widget

    from dlterm.training.recipe import Recipe
    from dlterm.training.snapshot import Points, Snapshot
    from dlterm.tui.describe import Neuron


_GAP = Content("  ")
_EDGES = 2  # rows: the title, and the keys


class Shown(Played, Protocol):
    """What is looked at: a player, or a run that is watched."""

    def start(self) -> None:
        """Have something to look at."""

    @property
    def newest(self) -> Snapshot | None:
        """What is to be drawn; None before there is anything."""

    @property
    def recipe(self) -> Recipe:
        """What is trained."""

    def look(self, width: int, height: int) -> None:
        """Set how fine the next fields are, in pixels."""

    def inspect(self, on: bool, example: int | None) -> None:
        """Have the next snapshots seen through the lens, with one example by its number, or no more."""


class Looking(Playing, Titled):
    """Draws snapshots; chooses the neuron, the chart and the example.

    Who makes the snapshots looks through the lens only while something shown needs it.
    """

    player: Shown

    test_points = var(True)
    discretised = var(False)
    log_axis = var(True)
    neuron: var[Neuron | None] = var(None)
    chart = var("loss")
    operated: var[Neuron | None] = var(None)
    example: var[int | None] = var(None)
    wrong_marked = var(False)
    side = var("network")  # the pane beside the output, where there is room for two

    SIDES: ClassVar[dict[str, str]] = {
        "network": "Network",
        "charts": "Charts",
    }  # attributes, and their names

    network = getters.query_one(NetworkPane)
    output = getters.query_one(OutputPane)
    charts = getters.query_one(ChartPane)

    def __init__(self) -> None:
        super().__init__()
        self._chosen_place: list[float] = []
        self._focused: Widget | None = None  # as long as the page is seen, or was

    def on_mount(self) -> None:
        """Begin as the user has set."""
        self._place_sides()
        if self.has_class("-few"):
            self.network.focus()
        self._follow_setting("test_points")
        self.app.config_changed.subscribe(self, self._follow_setting)
        self.once_painted(self._begin)

    def _follow_setting(self, changed: str) -> None:
        if changed == "test_points":
            self.test_points = self.app.config.test_points

    def _begin(self) -> None:
        self.player.start()
        self.run_worker(self.open_pictures())

    def panes(self) -> tuple[Pane, ...]:
        """What is looked at first comes first."""
        return self.output, self.network, self.charts

    def grid(self, *others: Widget) -> Grid:
        """The panes, and others beside them; pictures come after the first paint."""
        grid = Grid(NetworkPane("Network"), OutputPane("Output"), ChartPane("Loss"), *others, id="lab")
        self.share_panes(grid, self.app.size)  # once, before the first layout
        return grid

    def lay_out(self, size: Size) -> None:
        """Share out what the card leaves."""
        self.share_panes(self.query_one("#lab"), size)

    def share_panes(self, grid: Widget, size: Size) -> None:
        """Share out the page among the panes; with very large type, only two are seen."""
        arrangement = arranged(size.width, size.height - _EDGES)
        self.set_class(arrangement.framed, "-framed")
        self.set_class(arrangement.few, "-few")
        grid.styles.grid_columns = f"1fr {arrangement.right}"
        grid.styles.grid_rows = "1fr" if arrangement.few else f"{arrangement.top} 1fr"
        if self.is_mounted:
            self._place_sides()

    @property
    def is_beside_the_network(self) -> bool:
        """Whether another pane has taken the network's place."""
        return self.has_class("-few") and self.side != "network"

    def watch_side(self) -> None:
        """Show the pane, and go to it."""
        self.remove_class(*(f"-{name}" for name in self.SIDES))
        self.add_class(f"-{self.side}")
        if self.is_mounted and self.has_class("-few"):
            getattr(self, self.side).focus()

    def _place_sides(self) -> None:
        """The output right of whatever is seen; in the upper edge of that, links to those that are not."""
        few = self.has_class("-few")
        grid, output = self.output.parent, self.output
        assert isinstance(grid, Grid)
        wanted = len(grid.children) - 1 if few else 1
        if grid.children.index(output) != wanted:
            grid.move_child(output, after=grid.children[-1] if few else self.network)
        for name in self.SIDES:
            names = [self._side_link(other, here=other == name) for other in self.SIDES if few]
            pane = getattr(self, name)
            at = list(self.SIDES).index(name)
            if isinstance(pane, Pane):
                pane.stand_between(_GAP.join(names[:at]), _GAP.join(names[at + 1 :]))
            else:
                pane.border_title = _GAP.join(names) if few else Content(self.SIDES[name])

    def _side_link(self, name: str, *, here: bool) -> Content:
        style = "bold" if here else f"$accent not bold @click=screen.side('{name}')"
        return Content.styled(self.SIDES[name], style)

    def show(self, snapshot: Snapshot) -> None:
        """Draw a snapshot that has a picture in all panes."""
        if self.neuron is not None and not describe.exists(snapshot, self.neuron):
            self.neuron = None
        self.look(snapshot)
        self.network.show(snapshot, self.neuron)
        self.output.show(
            snapshot,
            self.enlarged,
            test_points=self.test_points,
            discretised=self.discretised,
            wrong=self.wrong_marked,
            example=self.example,
        )
        self.charts.show(snapshot, self.chart, self.neuron, log=self.log_axis)

    @property
    def enlarged(self) -> Neuron | None:
        """The neuron whose map stands in the output's place; of one that is operated on the whole answer is seen."""
        return None if self.neuron == self.operated else self.neuron

    def watch_neuron(self) -> None:
        """See the map of a neuron that is chosen anew, whatever was done to it."""
        self.operated = None

    def subject(self) -> str:
        """The term that the pane in focus is about."""
        about = panes().get(next(iter(self.places()), ""))
        return f"term:{about.see[0]}" if about and about.see else ""

    def on_descendant_focus(self) -> None:
        """Have an open card explain the pane that was gone to from another; not where one comes back to the page."""
        before, self._focused = self._focused, self.focused
        if before not in (None, self.focused):
            self.explain()

    def look(self, snapshot: Snapshot) -> None:
        """Let go of an example that is not there any more; ask for what the things shown need."""
        if self.example is not None and self._place(snapshot.points, self.example) != self._chosen_place:
            self.example = None
        needed = self.charts.needs_lens or self.wrong_marked or self.example is not None
        self.player.inspect(needed, self.example)

    def _place(self, points: Points | None, example: int) -> list[float]:
        """Where an example is, by which it is known again in other data."""
        if points is None or example >= len(points.inputs):
            return []
        return [*points.inputs[example].tolist(), float(points.targets[example])]

    def on_output_pane_sized(self, message: OutputPane.Sized) -> None:
        """Have the field computed in the size it is drawn in."""
        self.player.look(message.width, message.height)

    def on_network_pane_chosen(self, message: NetworkPane.Chosen) -> None:
        """Show the neuron's map in place of the output."""
        self.neuron = message.neuron

    def on_chart_pane_chosen(self, message: ChartPane.Chosen) -> None:
        """Show the chart whose name was clicked."""
        self.chart = message.chart

    def on_output_pane_chosen(self, message: OutputPane.Chosen) -> None:
        """See the example on its way through the network; on a click beside all of them, go back."""
        snapshot = self.player.newest
        if message.example is None:
            self.action_output()
        elif snapshot is not None:
            self.example = message.example
            self._chosen_place = self._place(snapshot.points, message.example)

    def action_output(self) -> None:
        """Back from a neuron's map; then let go of the example; then close the card, and back to the network."""
        if self.neuron is not None:
            self.neuron = None
        elif self.example is not None:
            self.example = None
        else:
            self.close_card()
            self.side = "network"

    def action_side(self, name: str) -> None:
        """Show a pane beside the output, where there is room for two."""
        self.side = name

    def action_copy(self) -> None:
        """The recipe to the clipboard."""
        self.copy(str(self.player.recipe))

    def action_test_points(self) -> None:
        """Show or hide what is held out."""
        self.test_points = not self.test_points

    def action_discretise(self) -> None:
        """The answer alone, or how sure the network is."""
        self.discretised = not self.discretised

    def action_log(self) -> None:
        """A logarithmic or a linear scale."""
        self.log_axis = not self.log_axis

    def action_next_neuron(self) -> None:
        """Enlarge the next neuron's map."""
        self.neuron = self.network.neuron_after(self.neuron, 1)

    def action_previous_neuron(self) -> None:
        """Enlarge the map of the neuron before."""
        self.neuron = self.network.neuron_after(self.neuron, -1)

    def action_next_chart(self) -> None:
        """The next chart; where no chart is seen, this one."""
        if self._charts_come():
            return
        self.chart = self.charts.neighbour(self.chart, 1)

    def action_previous_chart(self) -> None:
        """The chart before; where no chart is seen, this one."""
        if self._charts_come():
            return
        self.chart = self.charts.neighbour(self.chart, -1)

    def _charts_come(self) -> bool:
        if not self.has_class("-few") or self.side == "charts":
            return False
        self.side = "charts"
        return True

    def action_wrong(self) -> None:
        """Mark what is misclassified, or no more."""
        self.wrong_marked = not self.wrong_marked
