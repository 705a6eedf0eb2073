"""Unit tests of the room `formats`."""
