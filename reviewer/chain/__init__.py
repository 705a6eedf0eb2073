"""The hash-chained journal: RFC 6962 trees, checkpoints, append, verify. Pure."""
