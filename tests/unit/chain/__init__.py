"""Unit tests of the room `chain`."""
