"""Tests of `reviewer.sandbox`."""
