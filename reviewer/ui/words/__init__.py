"""Words that the window shows, by topic."""
