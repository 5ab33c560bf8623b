"""The Textual app: one file a screen, one a widget."""

import os

# Textual repaints 60 times a second by default, so that a key waits up to 17 ms to be seen. It reads this once.
os.environ.setdefault("TEXTUAL_FPS", "120")
