"""Sign, verify, seal, open, hash, wrap; thin, typed, keyword-only."""
