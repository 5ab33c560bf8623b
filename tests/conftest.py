from __future__ import annotations

import gc
import os

import pytest

# The packs that one who runs the tests has put beside the course are none of the tests' business.
os.environ["DLTERM_PACKS"] = os.devnull
# Programs that are started have their bytecode, as installed ones do: to compile dlterm took each of them 0.2 s.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(autouse=True, scope="module")
def heap():
    """What modules of tests leave behind is not looked at as garbage again: collections would take ever longer."""
    gc.collect()
    gc.freeze()
