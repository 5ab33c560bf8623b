"""What may happen to a learner beside training. Each change does the same whenever it is done again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlterm.training.surgery import NOTHING, Surgery, Weight

if TYPE_CHECKING:
    from dlterm.training.learner import Moment
    from dlterm.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Begin:
    """A new learner; `moment` is where it stands, if not at its beginning."""

    recipe: Recipe
    surgery: Surgery = NOTHING
    moment: Moment | None = None


@dataclass(frozen=True, slots=True)
class Become:
    """Another recipe, other surgery, or both; what fits of the network is kept."""

    recipe: Recipe
    surgery: Surgery


@dataclass(frozen=True, slots=True)
class Edit:
    """Another value of one weight."""

    weight: Weight
    value: float


Change = Begin | Become | Edit
