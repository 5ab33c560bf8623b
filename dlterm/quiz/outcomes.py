"""What came out of running a prediction's experiment or a challenge's networks: values, that JSON holds, too."""

from __future__ import annotations

import msgspec


class Predicted(msgspec.Struct, frozen=True):
    """`values[option]` are the measures, one a seed; infinite where training diverged. `chosen` is an option's id."""

    chosen: str
    measure: str
    values: dict[str, tuple[float, ...]]
    winners: tuple[str, ...]  # the option that each seed alone would choose
    margins: tuple[float, ...]  # by which each seed's best leads the next

    def lines(self) -> list[str]:
        """A line an option: what was measured."""
        shown = {name: ", ".join(f"{value:.3g}" for value in found) for name, found in self.values.items()}
        return [f"{name}: {self.measure} {values}" for name, values in shown.items()]


class Attempt(msgspec.Struct, frozen=True):
    """A network trained with one seed: what was measured, and which requirements it missed."""

    seed: int
    measures: dict[str, float]
    missed: tuple[str, ...]
    stars: tuple[bool, ...]


class Challenged(msgspec.Struct, frozen=True):
    """`passed` with enough seeds; `stars` counts the goals beyond that as many seeds reach."""

    recipe: str
    attempts: tuple[Attempt, ...]
    passed: bool
    stars: int
    of_stars: int

    def lines(self) -> list[str]:
        """A line a seed."""
        return [
            f"seed {attempt.seed}: "
            + ", ".join(f"{name} {value:.4g}" for name, value in attempt.measures.items())
            + (f"; missed: {', '.join(attempt.missed)}" if attempt.missed else "; all met")
            for attempt in self.attempts
        ]


Outcome = Predicted | Challenged
