"""Arrays become terminal cells: frames, decision boundaries, networks, charts. Knows Rich and never Textual."""
