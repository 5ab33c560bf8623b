from __future__ import annotations

import os

# The packs that one who runs the tests has put beside the course are none of the tests' business.
os.environ["DLTERM_PACKS"] = os.devnull
