"""Parent side of decoding: supervise, limit, check, cache in memory."""
