"""Draw the screens of docs/screens anew: `uv run poe screens`."""
