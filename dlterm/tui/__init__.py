"""The Textual app: one file a screen, one a widget."""

import os

# Textual repaints what a key has changed up to 17 ms later by default; here, 4 ms. It reads this when imported.
os.environ.setdefault("TEXTUAL_FPS", "240")
