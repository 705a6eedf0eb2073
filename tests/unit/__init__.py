"""Unit tests, one folder a room."""
