"""Which experiments fit: what a card is about, and what the lab shows. It knows no Textual.

Both go by the glossary's terms, each of which names the experiments that show what it means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.course.shelf import shelf
from dlterm.experiments.registry import entries, entry
from dlterm.tui.settings import SETTINGS, is_default, term
from dlterm.tui.turning import SETS, SURFACES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dlterm.experiments.registry import Entry
    from dlterm.training.recipe import Recipe

_DEEP = 5  # hidden layers

_SIGHTS: tuple[tuple[str, Callable[[Recipe], bool]], ...] = (  # terms for what is to be seen of a recipe
    ("xor", lambda recipe: recipe.data == "xor"),
    ("depth", lambda recipe: recipe.data == "spirals"),
    ("activation", lambda recipe: recipe.data == "circle"),
    ("linear-separability", lambda recipe: recipe.data == "gaussians"),
    ("universal-approximation", lambda recipe: recipe.data in SURFACES),
    ("handwriting", lambda recipe: recipe.data == "digits"),
    ("cross-validation", lambda recipe: recipe.data not in (*SETS, "digits")),
    ("perceptron", lambda recipe: not recipe.hidden),
    ("vanishing-gradient", lambda recipe: len(recipe.hidden) >= _DEEP),
    ("cnn", lambda recipe: recipe.model == "cnn"),
)
_CHARTS = {
    "confusion": "confusion-matrix",
    "calibration": "calibration",
    "histograms": "initialisation",
    "gradients": "vanishing-gradient",
    "example": "forward-pass",
    "landscape": "loss-landscape",
}
_ANYWAY = ("decision-boundary",)  # the lab shows one whatever it trains on


def experiments_at(place: str) -> list[Entry]:
    """Those that fit a place of the course, `kind:id`: a term's, in its order, or a lesson's."""
    kind, _, name = place.partition(":")
    if kind == "term" and name in shelf().terms:
        return [entry(each) for each in shelf().terms[name].experiments]
    return [each for each in entries() if each.lesson == name] if kind in ("lesson", "reading") else []


def lab_terms(recipe: Recipe, chart: str) -> Iterator[str]:
    """The terms for what the lab shows: the data, the network, what is set otherwise than by default, the chart."""
    yield from (name for name, is_seen in _SIGHTS if is_seen(recipe))
    for setting in SETTINGS:
        if setting.listed(recipe) and not is_default(setting, recipe):
            yield term(setting, recipe)
    if chart in _CHARTS:
        yield _CHARTS[chart]
    yield from _ANYWAY


def experiments_on(terms: Iterable[str]) -> list[Entry]:
    """Those that fit some terms, each once, the nearest to the first term first."""
    found = {each.id: each for name in terms for each in experiments_at(f"term:{name}")}
    return list(found.values())
