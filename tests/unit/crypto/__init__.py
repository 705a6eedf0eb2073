"""Unit tests of the room `crypto`."""
