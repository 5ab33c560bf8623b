"""Ops under examination: one file a family, each with its `CASES`.

A case goes through every examination there is: its gradient rule against finite differences in float64, its kernel
against the NumPy reference at awkward batch sizes, and, where it names a peer, both against PyTorch. A new op is one
line in a family's table.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dlterm.engine.graph import Tensor
    from tests.engine.support import Argument


@dataclass(frozen=True)
class Case:
    """An op applied to arguments. Its name in a table begins with the op's, up to a space or a comma.

    `peer(torch, *tensors)` is the same in PyTorch, with the batch as the first axis of what is batched; None where
    tests/peers examines it in a way of its own.
    """

    op: Callable[..., Tensor]
    arguments: tuple[Argument, ...]
    peer: Callable[..., Any] | None = None
    hyper: Mapping[str, float] = field(default_factory=dict)
    kinked: bool = False  # no finite differences: its slope jumps, or it has none


def all_cases() -> dict[str, Case]:
    """The cases of every family."""
    found: dict[str, Case] = {}
    for module in pkgutil.iter_modules(__path__):
        cases: dict[str, Case] = importlib.import_module(f"{__name__}.{module.name}").CASES
        twice = found.keys() & cases.keys()
        assert not twice, f"cases of one name: {twice}"
        found |= cases
    return found


def op_name(case: str) -> str:
    """The op that a case's name begins with."""
    return case.partition(" ")[0].rstrip(",")
