"""Formulas over sixteen lanes by name, so that one kernel text serves every element-wise op and every fusion.

A kernel made for `name` says `formula(name, x)`; the compiler puts the formula in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

FORMULAS: dict[str, Callable[..., Any]] = {}


def define(name: str, function: Callable[..., Any]) -> str:
    """Register a formula of one or two vectors; returns its name."""
    if name in FORMULAS:
        raise ValueError(f"formula {name} is defined twice")
    FORMULAS[name] = function
    return name
