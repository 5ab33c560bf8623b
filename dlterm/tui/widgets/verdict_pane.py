"""What the learner expects of an experiment; when it has ended, the verdict, held against that, and why."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from dlterm.text import safe
from dlterm.tui.widgets.scroll import Scroll

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from dlterm.experiments.driving import Result
    from dlterm.experiments.experiment import Experiment, Measure, Prediction

HOLDS, FAILS, OPEN = "✔", "✖", "·"
_GAUGE = 18  # cells


class VerdictPane(Scroll, can_focus=True):
    """Words, scrolled where there is no room for all."""

    topic = "verdict"
    DEFAULT_CSS = """
    VerdictPane {
        height: 1fr; width: 1fr; padding: 0 1; background: $surface; scrollbar-size-vertical: 1;
        scrollbar-color: $border; scrollbar-background: $surface; scrollbar-gutter: stable;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.border_title = "Prediction"
        self._shown: tuple[Experiment, str, Result | None] | None = None

    def compose(self) -> ComposeResult:
        """The text."""
        yield Static(markup=False)

    def show(self, experiment: Experiment, expected: str, result: Result | None) -> None:
        """Show the prediction of that id ("": none), and what came out, once it is known."""
        if (experiment, expected, result) != self._shown:
            news = self._shown is None or self._shown[2] is not result
            self._shown = experiment, expected, result
            self.border_title = "Verdict" if result else "Prediction"
            self._write()
            if news:
                self.scroll_home(animate=False)

    def on_resize(self) -> None:
        """Wrap the words anew."""
        self._write()

    def _write(self) -> None:
        width = self.scrollable_content_region.width
        if self._shown is None or width < 8:
            return
        experiment, expected, result = self._shown
        if result is None:
            lines = [*_waiting(experiment, expected, width)]
        else:
            lines = [*_verdict(experiment, expected, result, width)]
        self.query_one(Static).update(Content("\n").join(lines))


def _waiting(experiment: Experiment, expected: str, width: int) -> Iterator[Content]:
    """What is expected, and what will be measured: not yet what it must be."""
    chosen = _prediction(experiment.predictions, expected)
    if chosen is None:
        yield Content.styled("You made no prediction: see what comes.", "$text-muted")
    else:
        yield Content.styled("You expect", "$text-muted")
        yield from _set_in("▸ ", "bold $accent", chosen.text, "bold $foreground", width)
    yield Content("")
    yield Content.styled("What is measured", "$text-muted")
    for measure in experiment.measures:
        yield from _set_in(f"{OPEN} ", "$text-muted", measure.text, "$text-muted", width)


def _verdict(experiment: Experiment, expected: str, result: Result, width: int) -> Iterator[Content]:
    """Whether the claim holds, whether it was expected, why, and every measure."""
    holds = result.holds
    mark, colour = (HOLDS, "$success") if holds else (FAILS, "$error")
    said = "The claim holds" if holds else "The claim does not hold this time"
    yield Content.styled(f"{mark} {said}", f"bold {colour}")
    yield from _set_in("  ", "", experiment.claim, "$foreground", width)
    yield Content("")
    yield from _compared(experiment, expected, holds=holds, width=width)
    for line in textwrap.wrap(safe(result.why, limit=2000), width):
        yield Content.styled(line, "$foreground")
    yield Content("")
    for measure in experiment.measures:
        yield from _measured(measure, result.measures[measure.name], width)
    yield Content("")
    turned = "".join(f" · {name} {safe(str(value), limit=24)}" for name, value in result.changed.items())
    for line in textwrap.wrap(f"seed {result.seed} · {result.seconds:.1f} s{turned}", width):
        yield Content.styled(line, "$text-muted")


def _compared(experiment: Experiment, expected: str, *, holds: bool, width: int) -> Iterator[Content]:
    """The prediction against what came out; where the claim fails, nothing is right or wrong."""
    chosen = _prediction(experiment.predictions, expected)
    confirmed = _prediction(experiment.predictions, experiment.confirmed)
    if chosen is not None:
        if not holds:
            yield Content.styled("You expected", "$text-muted")
        elif chosen is confirmed:
            yield Content.styled(f"{HOLDS} As you expected", "bold $success")
        else:
            yield Content.styled(f"{FAILS} You expected otherwise", "bold $accent")
        yield from _set_in("  ", "", chosen.text, "$foreground", width)
    if holds and confirmed is not None and chosen is not confirmed:
        yield Content.styled("What came out", "$text-muted")
        yield from _set_in("▸ ", "bold $success", confirmed.text, "bold $foreground", width)
    if chosen is not None or holds:
        yield Content("")


def _measured(measure: Measure, value: float, width: int) -> Iterator[Content]:
    """A measure: whether it is what it must be, the number, its bar; then what it is."""
    mark, colour = OPEN, "$text-muted"
    if measure.judged:
        mark, colour = (HOLDS, "$success") if measure.holds(value) else (FAILS, "$error")
    number, bar = safe(measure.shown(value)), safe(measure.bar)
    parts: list[str | tuple[str, str]] = [
        (f"{mark} ", f"bold {colour}"),
        (f"{number:>7}", "bold $foreground"),
    ]
    used = 2 + max(7, cell_len(number)) + 2
    if measure.unit == "share" and 0 <= value <= 1 and width >= used + _GAUGE:
        parts += ["  ", *_gauge(measure, value, colour if measure.judged else "$primary")]
        used += _GAUGE + 2
    about = measure.text
    if used + cell_len(bar) <= width:
        parts.append((f"  {bar}", "$text-muted"))
    else:
        about = f"{bar}: {about}"
    yield Content.assemble(*parts).truncate(width, ellipsis=True)
    yield from _set_in("  ", "", about, "$text-muted", width)


def _gauge(measure: Measure, value: float, colour: str) -> Iterator[tuple[str, str]]:
    """A share as a bar, with a mark where it is judged."""
    full = round(value * _GAUGE)
    bounds = (measure.at_least, measure.at_most)
    marks = {min(round(bound * _GAUGE), _GAUGE - 1) for bound in bounds if bound is not None}
    for cell in range(_GAUGE):
        if cell in marks:
            yield "┃", "bold $foreground"
        elif cell < full:
            yield "━", colour
        else:
            yield "─", "$border"


def _prediction(predictions: Sequence[Prediction], name: str) -> Prediction | None:
    return next((each for each in predictions if each.id == name), None)


def _set_in(sign: str, colour: str, text: str, style: str, width: int) -> Iterator[Content]:
    """A text behind a sign, its lines all as far in as the first."""
    cells = cell_len(sign)
    for number, line in enumerate(textwrap.wrap(safe(text, limit=600), max(8, width - cells))):
        yield Content.assemble((" " * cells if number else sign, colour), (line, style))
