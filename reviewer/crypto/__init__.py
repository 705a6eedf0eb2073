"""Sign, verify, seal, open, hash: thin, typed, keyword-only, no cipher of our own."""
