"""Tests of `reviewer.pipe`."""
