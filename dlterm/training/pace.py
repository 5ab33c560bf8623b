"""How fast a session trains: slow enough to watch each step, or as fast as the machine can."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """Steps and epochs a second, one of them; none for flat out."""

    name: str
    steps: float = 0.0
    epochs: float = 0.0


PACES = (
    Pace("1 step/s", steps=1),
    Pace("10 steps/s", steps=10),
    Pace("1 epoch/s", epochs=1),
    Pace("10 epochs/s", epochs=10),
    Pace("60 epochs/s", epochs=60),
    Pace("500 epochs/s", epochs=500),
    Pace("flat out"),
)
