"""Which experiments a text may name. What they are is known further up; here only that each is named like its file."""

from __future__ import annotations

import functools
from importlib.resources import files


@functools.cache
def experiments() -> frozenset[str]:
    """The ids of all that there are."""
    names = (file.name for file in (files("dlterm") / "experiments" / "catalogue").iterdir())
    return frozenset(
        name.removesuffix(".py").replace("_", "-")
        for name in names
        if name.endswith(".py") and not name.startswith("_")
    )
