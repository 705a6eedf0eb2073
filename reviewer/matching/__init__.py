"""Which items are copies of each other: pure, by fingerprints and hashes alone."""
