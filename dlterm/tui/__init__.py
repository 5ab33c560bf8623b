"""The Textual app: one file a screen, one a widget."""
