"""Unit tests of `demo.draw`."""
