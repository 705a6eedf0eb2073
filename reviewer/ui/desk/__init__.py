"""The review desk: what each key does to an open batch, one part for each topic."""
