"""What the user has set (config.toml), and what the app remembers between sessions (state.json)."""
