from __future__ import annotations

import gc
import os

import pytest

# The packs that one who runs the tests has put beside the course are none of the tests' business.
os.environ["DLTERM_PACKS"] = os.devnull


@pytest.fixture(autouse=True, scope="module")
def heap():
    """What modules of tests leave behind is not looked at as garbage again: collections would take ever longer."""
    gc.collect()
    gc.freeze()
