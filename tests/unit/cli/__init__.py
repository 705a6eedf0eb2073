"""Unit tests of the commands over fakes."""
