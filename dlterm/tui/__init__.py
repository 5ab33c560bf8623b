"""The Textual app: one file a screen, one a widget. It sends a session commands and draws its snapshots."""
