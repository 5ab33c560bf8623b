"""Which machine runs a plan: the compiled one, or where kernels cannot be compiled the NumPy reference."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dlterm.engine import native
from dlterm.engine.machine import Machine
from dlterm.engine.reference import ReferenceMachine

if TYPE_CHECKING:
    from dlterm.engine.plan import Plan
    from dlterm.engine.workers import Progress

AnyMachine = Machine | ReferenceMachine


def machine_for(plan: Plan, *, seed: int = 0, progress: Progress | None = None) -> tuple[AnyMachine, str]:
    """A machine for the plan, and one line for the user where something about it is not as it should be.

    DLTERM_ENGINE=reference asks for the reference.
    """
    if os.environ.get("DLTERM_ENGINE") == "reference":
        return ReferenceMachine(plan, seed=seed), "training in NumPy, as DLTERM_ENGINE=reference asks"
    try:
        return Machine(plan, seed=seed, progress=progress), native.notice()
    except native.KernelError as error:
        return ReferenceMachine(plan, seed=seed), f"training in NumPy, some hundred times slower: {error}"
